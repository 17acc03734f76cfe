"""What was kept, decided once more by today's rules or by one edition: what would come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.core.words.case_words import case_title
from bot.core.words.fact_words import in_words
from rules.deciding import outcome_and_codes
from rules.edition_model import Edition
from rules.editions import EDITIONS, NoEdition
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse
from storage.model import Record
from storage.register_model import Which
from storage.register_rows import known_of
from storage.store import Store

AT_ONCE = 500


@dataclass(frozen=True)
class Differing:
    """`now`: the outcome that would come out; empty where the facts are taken no longer: `why` says so."""

    number: str
    title: str
    before: str
    codes_before: tuple[str, ...]
    now: str
    codes_now: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class FactsByEdition(Facts):
    """The same incident as one edition judges it, whichever was in force."""

    by: Edition = EDITIONS[-1]

    @property
    def edition(self) -> Edition:
        return self.by


def judged_again(
    store: Store, tenant: str, which: Which, today: date, by: Edition | None
) -> Iterator[Differing | None]:
    """Of each incident what differs, or None. Changes nothing."""
    for offset in range(0, store.count_incidents(tenant, which), AT_ONCE):
        for one in store.incidents(tenant, which, offset=offset, limit=AT_ONCE):
            yield _of(store.record(tenant, one.number), today, by)


def _of(record: Record, today: date, by: Edition | None) -> Differing | None:
    before = record.outcome
    codes_before = tuple(map(str, record.assessment.verdict.get("codes") or ()))
    title = case_title(known_of(record))
    try:
        facts = parse(record.assessment.facts, today)
        if by is not None:
            facts = FactsByEdition(facts.stated, facts.known, facts.discovered_on, facts.occurred_on, by)
        now, codes_now = outcome_and_codes(facts)
    except InvalidFacts as invalid:
        return Differing(record.number, title, before, codes_before, "", (), in_words(invalid))
    except NoEdition as none:
        return Differing(record.number, title, before, codes_before, "", (), str(none))
    if (now, codes_now) == (before, codes_before):
        return None
    return Differing(record.number, title, before, codes_before, now, codes_now)
