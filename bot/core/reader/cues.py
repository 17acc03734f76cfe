"""The words that tell what a quantity is, and the quantities of a text with what stands between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Tagged
from rules.quantities import Found


class Role(Enum):
    INTENDED = "intended"
    TOTAL = "total"
    RECEIVED = "received"
    MADE = "made"  # an examination was made; the quantity may be that examination's
    EXTRA = "extra"
    EACH = "each"
    ASIDE = "aside"  # a threshold, a typical value, another day's
    FOETAL = "foetal"
    INFANT = "infant"
    ORGAN = "organ"
    OTHER_PERSON = "other person"
    NONE = "none"


# The first that fits a token is its role.
_OF_TAG = tuple(
    (tagset(tags), role)
    for tags, role in (
        ("foetal uterus", Role.FOETAL), ("infant", Role.INFANT), ("each", Role.EACH),
        ("organ_dose product", Role.ORGAN), ("drawn", Role.EXTRA), ("instead meant booked", Role.INTENDED),
        ("typical past", Role.ASIDE), ("attending carer public relative", Role.OTHER_PERSON),
        ("extra repeat second first more_than less_than high", Role.EXTRA), ("total", Role.TOTAL),
        ("got injected", Role.RECEIVED), ("had made treated", Role.MADE),
    )
)  # fmt: skip
_QUANTITIES = tagset("quantities")


@dataclass(frozen=True)
class Placed:
    """A quantity, token `i`, with its role. `parted`: something stands between it and the role's cue."""

    i: int
    found: Found
    role: Role
    parted: bool = False
    distant: bool = False  # more than a mark and a few words lie between
    compared: bool = False  # it stands on the left of "instead of" or the like


@dataclass(frozen=True)
class Cue:
    role: Role
    i: int
    j: int


class CueRow:
    """The quantities of one kind, and the cues before, between and after them."""

    def __init__(self, t: Tagged, base: str) -> None:
        self.t, self.base = t, base
        self.at = [i for i, token in enumerate(t.tokens) if base in token.tags]
        self.any = [i for i, token in enumerate(t.tokens) if token.tags & _QUANTITIES]
        edges = [-1, *self.at, len(t.tokens)]
        infants = t.has("feeding")
        self.gaps = [self._cues(edges[k] + 1, edges[k + 1], infants) for k in range(len(edges) - 1)]

    def _cues(self, start: int, end: int, infants: bool) -> list[Cue]:
        cues, i = [], max(start, end - 60) if start == 0 else start
        while i < end:
            token = self.t.tokens[i]
            role = next((role for tags, role in _OF_TAG if tags & token.tags), None)
            j = i + 1
            if role is Role.EXTRA and token.tags & tagset("more_than less_than high"):
                # "more than was intended" is one cue, "more" alone another.
                after = self.t.starts("(of|be|it|what)* meant|booked", j) or self.t.starts(
                    "(of|be|it|what)* typical", j
                )
                if after and after.j <= end:
                    j, role = after.j, Role.ASIDE if "typical" in self.t.tokens[after.j - 1].tags else role
                elif "extra" not in token.tags and (
                    "high" not in token.tags or token.word in ("over", "above")
                ):
                    role = None
            if role is Role.INFANT and not infants:
                role = None
            if role is Role.INTENDED and (self._ratio_before(i) or self.t.before("not | wrong", i, 4)):
                role = None
            if role is not None:
                cues.append(Cue(role, i, j))
            i = j
        return cues

    def _ratio_before(self, i: int) -> bool:
        """ "1.3 times the intended dose" is a ratio, and intends nothing that follows."""
        return bool(self.t.before("times|pct|double of?", i, 4))
