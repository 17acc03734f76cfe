"""The irmer command."""

from importlib.metadata import version


def main() -> int:
    print(f"irmer-bot {version('irmer-bot')}")
    return 0
