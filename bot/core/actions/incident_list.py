"""`incidents`: every record in one list, whatever its outcome, by what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.actions.pages import PAGE, ListPage, numbered, split_page, subject_buttons
from bot.core.cards import Card, Table, Text, Weight
from bot.core.register.filters import description, read_filter
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.agreed_words import outcome_in_a_list
from bot.core.words.case_words import case_title
from bot.core.words.fact_words import title
from bot.core.words.outcomes import OUTCOMES
from bot.core.words.phrases import day, listed
from rules.facts import FACTS
from storage.register_model import Incident
from storage.register_rows import known_of

WORD = "incidents"
NEAREST = "The first are those of a wrong patient, and then those that lack the fewest facts: any may notify."
MOST_NAMED = 2


def incidents_card(turn: Turn, text: str) -> Card:
    """Raises Refused where the words mean nothing that incidents are found by, or there is no such page."""
    permissions.require_reading_everything(turn, WORD)
    words, at = split_page(text)
    chosen = read_filter(words, turn.request.written, turn.request.user.id)
    which = replace(chosen.which, nearest=chosen.which.outcomes == ("undecided",))
    count = turn.store.count_incidents(turn.tenant, which)
    page = ListPage(f"{WORD} {chosen.words}".strip(), at, count)
    parts = ", ".join(description(chosen))
    heading = f"Incidents{': ' if parts else ''}{parts}"
    if not count:
        every = turn.store.count_incidents(turn.tenant)
        hint = f"{every} in all: {turn.command(WORD)} lists them." if every else "Nothing is kept yet."
        return Card(f"{heading}: none", (Text(hint, Weight.SUBTLE),))
    found = turn.store.incidents(turn.tenant, which, offset=page.begin, limit=PAGE)
    rows = tuple((f"{n}.", *_row(turn, one)) for n, one in enumerate(found, page.begin + 1))
    table = Table(("No.", "Record", "What happened", "Day", "Verdict"), rows)
    lines = _told(turn, chosen.words) if not which.nearest else [NEAREST]
    told = tuple(Text(line, Weight.SUBTLE) for line in lines)
    numbers = [one.number for one in found]
    return Card(
        f"{heading}: {page.title}", (table, *page.ways(turn), *told), subject_buttons(turn, numbers, page),
        picks=numbered(numbers, page),
    )  # fmt: skip


def _row(turn: Turn, one: Incident) -> tuple[str, ...]:
    record = turn.store.record(turn.tenant, one.number)
    number = f"{one.number} ({one.local_number.upper()})" if one.local_number else one.number
    state = "" if one.confirmed else ", not confirmed"
    case = f" · {', '.join(record.cases)}" if record.cases else ""
    missing = record.assessment.verdict.get("missing") or ()
    lacks = _lacks(missing) if one.outcome == "undecided" else ""
    verdict = f"{outcome_in_a_list(record, turn.today)}{lacks}{state}{case}"
    return (number, case_title(known_of(record)), day(one.day), verdict)


def _lacks(missing: Sequence[str]) -> str:
    names = [title(name).lower() for name in missing if name in FACTS]
    more = [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    return f", lacks {listed([*names[:MOST_NAMED], *more])}" if names else ""


def _told(turn: Turn, words: str) -> list[str]:
    if words:
        return []
    by = turn.store.tally(turn.tenant, "outcome")
    shares = ", ".join(f"{OUTCOMES.get(name, name)} {number}" for name, number in by.items())
    fewer = turn.command("incidents notify ct last year")
    return [f"By verdict: {shares}. To see fewer: {fewer}, say."]
