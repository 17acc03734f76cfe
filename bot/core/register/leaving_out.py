"""What leaves the register goes without what seems to tell who somebody is."""

from __future__ import annotations

from bot.core.identifying import find, without


class LeavingOut:
    """`count`: texts of which something was left out. Where they are to `keep` it, none is looked at."""

    def __init__(self, *, keep: bool = False) -> None:
        self.count, self._keep = 0, keep

    def of(self, text: str) -> str:
        found = () if self._keep else find(text)
        self.count += bool(found)
        return without(text, found) if found else text
