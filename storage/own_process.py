"""How a process of the same program is begun, for a share of the work."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def begun_as(module: str, *words: str) -> tuple[list[str], dict[str, str]]:
    """The command and the environment. From where this package is: not what lies in whatever directory
    somebody stands in."""
    places = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return [sys.executable, "-P", "-m", module, *words], {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
