"""Who is of the organisation, and what whoever is not is called."""

from __future__ import annotations

from storage.model import Standing

OURS: tuple[Standing, ...] = ("member", "admin")
# Of whom it is known that they are not.
NOT_OURS: dict[Standing, str] = {
    "guest": "a guest account",
    "outsider": "of another organisation",
    "gone": "deactivated",
    "bot": "a bot",
    "nobody": "nobody that is known here",
}
