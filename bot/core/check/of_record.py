"""A check that begins with what a record holds: to correct it, or to decide its case anew."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.cases.decide_anew import discovery
from bot.core.check import beginning
from bot.core.check.assessment import OF_ESTIMATE
from bot.core.check.check import Check
from bot.core.check.going_on import go_on
from bot.core.check.later_words import corrected_by
from bot.core.check.record_fields import BY_NAME, FIELDS
from bot.core.check.stating import state
from bot.core.draft import Draft, new, source_of
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.fact_words import title
from bot.core.words.phrases import day
from rules.facts import FACTS
from storage.case_states import ACTIVE
from storage.model import Case, Record


def correct(turn: Turn, number: str) -> list[Reply]:
    """A check that ends in the record's next revision."""
    record = turn.store.record(turn.tenant, number)
    held = _held(turn, number, record)
    return beginning.take_up(turn, held) if held else go_on(turn, Check(_draft(turn, record), turn.today))


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
    anew = _of_case(_draft(turn, record), case)
    check = Check(_without_estimate(held, anew) if held else anew, turn.today)
    if details:
        sources = {**check.draft.sources, **dict.fromkeys(details, turn.source())}
        check = check.with_(details={**check.draft.details, **details}, sources=sources)
    if facts:
        check = state(check, facts, source=turn.source(), keep=False)
    beside = tuple(f"{title(name)}: {BY_NAME[name].words(value)}" for name, value in (details or {}).items())
    if not text:
        return go_on(turn, check, notes=beside)
    read = corrected_by(turn, check, text)
    if read is None:
        raise Refused("what is new could not be read: write it as in: total dose 12 mSv")
    stays = _discovery_stays(turn, case, read.check.draft)
    return go_on(turn, read.check, notes=(*read.notes, *beside), problem=stays)


def _held(turn: Turn, subject: str, record: Record) -> Draft | None:
    """What was begun about it and not ended, unless the record has changed since."""
    held = turn.drafts.about(subject)
    if held is None:
        return None
    if held.number == record.number and held.revision == record.revision:
        return held.with_(paused=False, typed=True)
    turn.drafts.drop(held)
    return None


def _draft(turn: Turn, record: Record) -> Draft:
    kept = record.assessment
    details = {
        f.name: getattr(kept, f.name, "") or kept.facts.get(f.name, "") for f in FIELDS if f.name not in FACTS
    }
    return new(
        turn.request,
        typed=True,
        facts={name: value for name, value in kept.facts.items() if name in FACTS},
        sources={name: source_of(given) for name, given in kept.sources.items()},
        details={n: ", ".join(v) if isinstance(v, list) else str(v) for n, v in details.items() if v},
        number=record.number,
        revision=record.revision,
        stage="verdict",
    )


def _of_case(draft: Draft, case: Case) -> Draft:
    found = discovery(case, draft.facts.get("discovered_on"))
    return draft.with_(facts={**draft.facts, "discovered_on": found}, case=case.ref)


def _without_estimate(held: Draft, anew: Draft) -> Draft:
    """What was said of an estimate is of that dose, and not of the one that is said now."""
    kept = {name: value for name, value in held.details.items() if name not in OF_ESTIMATE}
    own = {name: value for name, value in anew.details.items() if name in OF_ESTIMATE}
    return held.with_(details={**kept, **own})


def _discovery_stays(turn: Turn, case: Case, draft: Draft) -> str:
    typed = str(draft.facts.get("discovered_on") or "")[:10]
    if not typed or typed == case.discovered_on.isoformat():
        return ""
    how = turn.command(f"discovered {case.ref} {typed}")
    return f"the day of discovery stays {day(case.discovered_on)}: {how} <why> corrects it"
