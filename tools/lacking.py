"""Why something cannot be tried on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence


def lacking(programs: Sequence[str], root_for: str) -> str:
    """In words, empty where nothing is lacking. `root_for`: what it needs root for."""
    if os.geteuid() != 0:
        return f"it needs root, {root_for}"
    missing = [name for name in programs if not shutil.which(name)]
    return f"there is no {' and no '.join(missing)} here" if missing else ""
