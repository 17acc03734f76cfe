"""The gate that every text passes on its way into the store: patients' numbers are masked, whatever was
done before.

Text by people is masked wherever a number stands in it. Identifiers by machines (user, channel and message
ids) may hold long digits by right, so they are masked only where they are such a number and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from storage.errors import Invalid
from storage.identifiers import SHORTEST, mask, worth_a_look
from storage.quick_json import as_strict_json

# Keys in JSON whose values are machines' identifiers.
MACHINE_KEYS = frozenset({
    "id", "user", "platform", "conversation", "thread", "message", "service_url", "app",
})  # fmt: skip
_MACHINE = re.compile(r"[!-~]{1,2000}")
# 2026-11-05T10:00:00+00:00: many digits, and nobody's number.
_MOMENT = re.compile(
    r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
    r"(?:\.\d{6})?(?:[+-]\d\d:\d\d)?"
)
_TEN_DIGITS = re.compile(r"(?:[^a-zA-Z0-9]*[0-9]){10}[^a-zA-Z0-9]*")


def text(given: str) -> str:
    """Masked, and fit for UTF-8 text in SQLite."""
    if len(given) < SHORTEST and given.isascii() and "\0" not in given:
        return given
    clean = given.replace("\0", "")
    if not clean.isascii():
        clean = clean.encode("utf-8", "replace").decode("utf-8")
    elif not worth_a_look(clean) or _MOMENT.fullmatch(clean):
        return clean
    return mask(clean)


def machine(given: str) -> str:
    """An identifier as it is, unless all of it is a patient's number, or it is no identifier but a text."""
    if _MACHINE.fullmatch(given) and not _TEN_DIGITS.fullmatch(given):
        return given
    return text(given)


def dump(value: Any) -> str:
    """JSON text of a masked copy. Raises Invalid for what JSON cannot say."""
    return dump_with(value)[0]


def dump_with(value: Any) -> tuple[str, Any]:
    """The same, and the copy."""
    try:
        masked = _masked(value)
        return as_strict_json(masked), masked
    except (TypeError, ValueError, RecursionError):
        raise Invalid(
            "only what JSON can say can be stored: texts, numbers, lists, mappings by text"
        ) from None


MOST_WHOLES, MOST_TEXTS = 256, 8192  # verdicts of some 5 kB; and texts
LONGEST_AGAIN = 200  # characters: what somebody wrote at length comes once


class Dumps:
    """Masked JSON of mappings whose parts come many times over within one piece of work, such as the reasons
    of a verdict that many rows have: a part is remembered for as long as that lasts, and by what it is."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, str, bool]] = {}
        self._texts: dict[tuple[bool, str], tuple[str, str]] = {}
        self._made: dict[tuple[bool, int], tuple[str, Any, object]] = {}
        self._wholes: dict[int, tuple[tuple[str, Any], object]] = {}

    def of(self, value: Mapping[str, Any]) -> tuple[str, Any]:
        """As `dump_with`. Nobody changes a list or a mapping within it meanwhile."""
        pieces: list[str] = []
        masked: dict[str, Any] = {}
        keys, texts = self._keys, self._texts
        try:
            for key, part in value.items():
                name, before, machine = keys.get(key) or self._key(key)
                seen = texts.get((machine, part)) if isinstance(part, str) else None
                said = seen or self._said(machine, key, part)
                masked[name] = said[1]
                pieces.append(before + said[0])
        except (TypeError, ValueError, RecursionError):
            return dump_with(value)  # which says what is wrong
        if len(masked) < len(pieces):  # two names that are one, masked
            return dump_with(value)
        return f"{{{', '.join(pieces)}}}", masked

    def of_whole(self, value: Mapping[str, Any]) -> tuple[str, Any]:
        """As `of`, for what comes many times over as a whole, and which nobody changes either."""
        found = self._wholes.get(id(value))
        if found is None:
            if len(self._wholes) >= MOST_WHOLES:
                self._wholes.clear()
            found = self._wholes[id(value)] = self.of(value), value
        return found[0]

    def _key(self, key: str) -> tuple[str, str, bool]:
        """Masked, as it stands before what it names, and whether that is a machine's identifier."""
        name = _name(key)
        self._keys[key] = name, f"{as_strict_json(name)}: ", key in MACHINE_KEYS
        return self._keys[key]

    def _said(self, machine: bool, key: str, part: Any) -> tuple[Any, ...]:
        """Its JSON, and masked; of a text that was not seen."""
        if isinstance(part, str):
            masked = _masked(part, key)
            found = as_strict_json(masked), masked
            if len(part) <= LONGEST_AGAIN:
                if len(self._texts) >= MOST_TEXTS:
                    self._texts.clear()
                self._texts[machine, part] = found
            return found
        if isinstance(part, bool):
            return "true" if part else "false", part
        if part is None or isinstance(part, int | float):
            masked = _masked(part, key)
            return as_strict_json(masked), masked
        which = (machine, id(part))
        if which not in self._made:  # and it stays there, so that no other has its place in memory
            if len(self._made) >= MOST_TEXTS:
                self._made.clear()
            masked = _masked(part, key)
            self._made[which] = as_strict_json(masked), masked, part
        return self._made[which]


def _masked(value: Any, key: str = "") -> Any:
    if isinstance(value, str):
        return machine(value) if key in MACHINE_KEYS else text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        return [_masked(item, key) for item in value]
    if isinstance(value, Mapping):
        return {_name(k): _masked(v, k) for k, v in value.items()}
    if isinstance(value, (int, float)) and value == value // 1:
        masked = text(str(int(value)))
        return value if masked == str(int(value)) else masked
    return value


@lru_cache(2048)
def _name(key: Any) -> str:
    """Of a fact, a detail, a part of a verdict: there are few."""
    if not isinstance(key, str):
        raise TypeError
    return key if key.isascii() and key.isalpha() else text(key)
