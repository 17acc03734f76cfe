"""The pip that comes with this Python, run as it lies there: to put it into an environment first would take a
third of an install, and the bot needs none."""

import ensurepip
import runpy
import sys
from pathlib import Path

# With Python itself, or else where a Linux distribution keeps that of its own Python.
PLACES = (Path(ensurepip.__file__).parent / "_bundled", Path("/usr/share/python-wheels"))


def main() -> None:
    found = next((wheel for place in PLACES for wheel in place.glob("pip-*.whl")), None)
    if found:
        sys.path.insert(0, str(found))
    else:
        ensurepip.bootstrap()
    runpy.run_module("pip", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
