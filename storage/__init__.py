"""What must not be lost: decision records, cases, deadlines, pings, the audit trail. It holds data, not
rules.

What the rest of the project needs of it, each name also here (`from storage import Store, open_store`):

- `Store`: every verb, the tenant first; a write is one transaction with its row in the audit trail.
- `open_store(path)`: a `Store` on one SQLite file, which is made where there is none; one of an earlier
  release is read as it is. Raises `storage.errors.CannotOpen`.
- `migrate(path, now=…)`: brings the file of an earlier release up to date, after a copy that is checked.
- `StoreError`: all that can go wrong, each in one line that may be shown.
- `Record`: one revision of a decision record (2026-0001), with its `Assessment`: facts and verdict as JSON.
- `Case`: a case (C26-0001) as its latest step left it: state, owner, discovery, records.
- `Deadline`: `due_on` is a UK calendar date, `due_at` the same at the local hour, in UTC.
- `Also`: what is to happen in the same transaction: deadlines, pings, posts, a draft's end.
- `PingPlan`: a reminder to come: the day and hour, where to, and the deadline that it is of.
- `Outgoing`: a message as it waits, is claimed under a lease, was sent, or was given up.

Beside these, `storage.masking.text(given)` gives a text without patients' numbers, as all is kept that people
write, and `storage.verify` says where a file does not agree with its own audit trail.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.errors import StoreError
    from storage.migrating import migrate
    from storage.model import Assessment, Case, Deadline, Record
    from storage.plans import Also, Outgoing, PingPlan
    from storage.sqlite import open_store
    from storage.store import Store

__all__ = [
    "Also",
    "Assessment",
    "Case",
    "Deadline",
    "Outgoing",
    "PingPlan",
    "Record",
    "Store",
    "StoreError",
    "migrate",
    "open_store",
]

_STANDS_IN = {
    "Also": "plans", "Assessment": "model", "Case": "model", "Deadline": "model", "Outgoing": "plans",
    "PingPlan": "plans", "Record": "model", "Store": "store", "StoreError": "errors", "open_store": "sqlite",
    "migrate": "migrating",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """One of these names, imported when it is asked for: a look-up goes without SQLite."""
    if name not in _STANDS_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_STANDS_IN[name]}"), name)
