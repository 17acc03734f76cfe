"""Pictures of the bot in Teams: those that `make teams-e2e` has left, of Microsoft's own test client.

`python -m tools.pictures.teams` puts them into docs/pictures.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE, PICTURES = ROOT / ".e2e" / "pictures", ROOT / "docs" / "pictures"
NAMES = {
    "what is wrong beside its input": "teams-errors",
    "second step": "teams-check",
    "verdict": "teams-verdict",
    "case": "teams-case",
    "ping in the thread": "teams-ping",
}


def main() -> int:
    for made, name in NAMES.items():
        found = sorted(MADE.glob(f"[0-9][0-9]-{made}.png"))
        if not found:
            print(f"There is no picture of {made}: make teams-e2e makes it.", file=sys.stderr)
            return 1
        shutil.copy(found[-1], PICTURES / f"{name}.png")
        print(PICTURES / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
