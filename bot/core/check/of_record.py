"""A check that begins with what a record holds: to correct it, or to decide its case anew."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.cases.decide_anew import active_case
from bot.core.check import beginning
from bot.core.check.check import Check
from bot.core.check.going_on import go_on
from bot.core.check.keeping import OF_ESTIMATE
from bot.core.check.later_words import corrected_by
from bot.core.check.of_its_case import on_its_day
from bot.core.check.record_fields import BY_NAME, FIELDS
from bot.core.check.stating import state
from bot.core.draft import Draft, new, source_of
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.fact_words import title
from rules.facts import FACTS
from storage.case_states import ACTIVE
from storage.model import Case, Record


def correct(turn: Turn, number: str, text: str = "") -> list[Reply]:
    """A check that ends in the record's next revision; where its case is not over, in that decided anew.
    `text` is what is new, as in `redecide`. Raises Refused."""
    if case := active_case(turn, number):
        return redecide(turn, case, text, number)
    record = turn.store.record(turn.tenant, number)
    held = _held(turn, number, record)
    if held and not text:
        return beginning.take_up(turn, held)
    last = turn.store.case(turn.tenant, record.cases[-1]) if record.cases else None
    return _with_what_is_new(turn, Check(held or _draft(turn, record, last), turn.today), text)


def redecide(
    turn: Turn,
    case: Case,
    text: str = "",
    number: str = "",
    *,
    facts: Mapping[str, object] | None = None,
    details: Mapping[str, str] | None = None,
) -> list[Reply]:
    """A check that begins with what is known, at its verdict, and ends in the case decided anew. `text` is
    what has been found out: "total dose 12 mSv"; `facts` are answered, `details` kept with it. Raises
    Refused."""
    if case.state not in ACTIVE:
        raise Refused(f"{case.ref} is over: reopen it first")
    if number and number not in case.records:
        raise Refused(f"record {number} does not belong to {case.ref}")
    record = turn.store.record(turn.tenant, number or case.records[-1])
    held = _held(turn, case.ref, record)
    if held and not text and not facts:
        return beginning.take_up(turn, held)
    anew = _draft(turn, record, case).with_(case=case.ref)
    check = Check(_without_estimate(held, anew) if held else anew, turn.today)
    if details:
        sources = {**check.draft.sources, **dict.fromkeys(details, turn.source())}
        check = check.with_(details={**check.draft.details, **details}, sources=sources)
    if facts:
        check = state(check, facts, source=turn.source(), keep=False)
    beside = tuple(f"{title(name)}: {BY_NAME[name].words(value)}" for name, value in (details or {}).items())
    return _with_what_is_new(turn, check, text, beside)


def _with_what_is_new(turn: Turn, check: Check, text: str, beside: tuple[str, ...] = ()) -> list[Reply]:
    if not text:
        return go_on(turn, check, notes=beside)
    read = corrected_by(turn, check, text)
    if read is None:
        raise Refused("what is new could not be read: write it as in: total dose 12 mSv")
    return go_on(turn, read.check, notes=(*read.notes, *beside))


def _held(turn: Turn, subject: str, record: Record) -> Draft | None:
    """What was begun about it and not ended, unless the record has changed since."""
    held = turn.drafts.about(subject)
    if held is None:
        return None
    if held.number == record.number and held.revision == record.revision:
        return held.with_(paused=False, typed=True)
    turn.drafts.drop(held)
    return None


def _draft(turn: Turn, record: Record, case: Case | None) -> Draft:
    """As the record stands; on the day of the case that it has or had."""
    kept = record.assessment
    details = {
        f.name: getattr(kept, f.name, "") or kept.facts.get(f.name, "") for f in FIELDS if f.name not in FACTS
    }
    draft = new(
        turn.request,
        typed=True,
        facts={name: value for name, value in kept.facts.items() if name in FACTS},
        sources={name: source_of(given) for name, given in kept.sources.items()},
        details={n: ", ".join(v) if isinstance(v, list) else str(v) for n, v in details.items() if v},
        number=record.number,
        revision=record.revision,
        stage="verdict",
    )
    return on_its_day(turn, draft, case, record) if case else draft


def _without_estimate(held: Draft, anew: Draft) -> Draft:
    """What was said of an estimate is of that dose, and not of the one that is said now."""
    kept = {name: value for name, value in held.details.items() if name not in OF_ESTIMATE}
    own = {name: value for name, value in anew.details.items() if name in OF_ESTIMATE}
    return held.with_(details={**kept, **own})
