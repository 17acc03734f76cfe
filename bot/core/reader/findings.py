"""What was found in a message, and what of it is certain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from bot.core.reader.lexicon import GROUPS, paragraphs
from bot.core.reader.page import Page
from bot.core.reader.patterns import tagset
from rules.facts import DETAILS, FACTS

Value = str | int | bool | tuple[str, ...]

ORDER = dict.fromkeys((*GROUPS["asked_first"], *FACTS, *DETAILS))


@dataclass(frozen=True)
class Finding:
    """One fact that the words from `start` to `end` give. Without a `doubt`, in words or by its name, it is
    certain; `value` None is unknown.

    Of findings that disagree the ones of the highest `weight` count: "total dose" outweighs "received".
    """

    fact: str
    value: Value | None
    start: int
    end: int
    doubt: str = ""
    weight: int = 0

    @property
    def given(self) -> Any:
        """The value as the contract writes it: several as a list."""
        return list(self.value) if isinstance(self.value, tuple) else self.value


class ReadValue(NamedTuple):
    """One value that the text gives a fact, the words that it was taken from, and whether it is certain."""

    fact: str
    value: Any
    words: str
    sure: bool


@dataclass(frozen=True)
class FactsRead:
    """What the bot understands of one message.

    `facts` holds what is certain, as the contract writes it: quantities as `2 mSv` or `10-12 mSv`, ratios
    as decimal strings, counts and ages as whole numbers, dates as `2026-05-13`, or `2026-05-13T14:00` (UK
    time, no offset) where a clock time was given. `to_confirm` names what was found but is uncertain, best
    first, and never what is in `facts`; `candidates` has the values that such a fact may have (perhaps
    none), `doubts` one line on why it is asked, `phrases` the words that gave each fact. `masked` is the
    text as it may be stored. `withdrawn` names facts of a former message that a correction takes back.
    `sex` is `male` or `female` where the text says so of the person.

    `words` has every value, certain or not, with its words, best first. `unused` are the phrases that hold a
    number, a unit or a word of the field and gave no fact. `measured` is the dose as measured, as it stands
    in the text (`DLP 1200 mGycm, CTDI 40`): for the record, and never decided on.
    """

    facts: dict[str, Any]
    to_confirm: list[str]
    candidates: dict[str, list[Any]]
    doubts: dict[str, str]
    phrases: dict[str, str]
    masked: str
    warnings: list[str]
    is_incident: bool
    withdrawn: list[str] = field(default_factory=list)
    sex: str = ""
    words: tuple[ReadValue, ...] = ()
    unused: tuple[str, ...] = ()
    measured: str = ""


@dataclass
class Findings:
    """Gathers what the parts of the reader find, and settles it."""

    page: Page
    all: list[Finding] = field(default_factory=list)

    def named(self, fact: str) -> list[Finding]:
        return [finding for finding in self.all if finding.fact == fact]

    def values(self, fact: str) -> set[Value | None]:
        return {finding.value for finding in self.named(fact)}

    def suggest(self, fact: str, value: Value, where: Finding, doubt: str) -> None:
        """What is asked because of the words of another finding."""
        self.all.append(Finding(fact, value, where.start, where.end, doubt))

    def says(self, facts: str) -> bool:
        """Of one of them at least."""
        names = tagset(facts)
        return any(finding.fact in names for finding in self.all)

    def doubt(self, facts: str, why: str) -> None:
        """What was certain of facts, or of sets of them by their names, is so no more."""
        names = tagset(facts)
        self.all = [replace(f, doubt=f.doubt or why) if f.fact in names else f for f in self.all]

    def drop(self, facts: str) -> None:
        names = tagset(facts)
        self.all = [finding for finding in self.all if finding.fact not in names]

    def certain(self) -> dict[str, Finding]:
        """The facts of which there is one value without doubt."""
        return {name: sure for name in {f.fact: 0 for f in self.all} if (sure := _sure(self.named(name)))}

    def words(self, finding: Finding) -> str:
        return self.page.words(finding.start, finding.end)


def _sure(found: list[Finding]) -> Finding | None:
    """The first of the certain findings, where the weightiest of them agree, and nothing in doubt against."""
    sure = [f for f in found if not f.doubt and f.value is not None]
    top = max((f.weight for f in sure), default=0)
    heard = [f for f in found if f.weight >= top and (f.doubt or f.value is not None)]
    agree = len({(type(f.value), f.value) for f in heard}) == 1
    return next((f for f in sure if f.weight == top), None) if agree else None


_DOUBTS = dict(paragraphs(Path(__file__).with_name("doubts.txt")))


def why(doubt: str) -> str:
    """In words; `?given` is the name of one in `doubts.txt`."""
    return _DOUBTS[doubt[1:]].strip() if doubt.startswith("?") else doubt
