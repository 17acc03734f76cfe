"""These need processes that can be forked, paused and limited, and an SQLite that several may use at once."""

import os

from storage.file import wal_safe

collect_ignore = [] if hasattr(os, "fork") and wal_safe() else ["test_faults.py"]
