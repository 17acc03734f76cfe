"""These need processes that can be forked, paused and limited: Linux and macOS."""

import os

collect_ignore = [] if hasattr(os, "fork") else ["test_short.py"]
