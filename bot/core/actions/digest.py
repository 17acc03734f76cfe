"""`digest`: where a trust stands, in one message for those who lead; weekly in the governance channel too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.core.cards import Block, Bullets, Card, Heading, Severity, Text, Weight
from bot.core.words.case_words import STATES, case_title, label, who
from bot.core.words.phrases import day
from bot.core.words.references import REF
from bot.core.words.theme_words import theme_line
from storage.case_states import ACTIVE
from storage.errors import NotFound
from storage.model import Deadline
from storage.store import Store
from storage.theme_model import LIVING

MOST = 8  # lines of each part; the rest is counted


def digest_card(store: Store, tenant: str, today: date) -> Card:
    """What is open, what is overdue, what nobody has confirmed, and of what nothing was learnt yet."""
    late = store.deadlines(tenant, limit=MOST)
    late = tuple(one for one in late if one.due_on < today)
    lates = store.count_deadlines(tenant, until=today - timedelta(days=1))
    cases = store.cases(tenant, states=ACTIVE, soonest=True, limit=MOST)
    opens = store.count_cases(tenant, states=ACTIVE)
    unsure = store.records(tenant, status="provisional", limit=MOST)
    unsures = store.count_records(tenant, status="provisional")
    bare = store.records(tenant, outcome="do_not_notify", lacking="learning", limit=MOST)
    bares = store.count_records(tenant, outcome="do_not_notify", lacking="learning")
    themes = store.themes(tenant, states=LIVING, limit=MOST)
    living = store.count_themes(tenant, states=LIVING)
    blocks = [
        *_part("Overdue", lates, [_late(store, tenant, one) for one in late]),
        *_part("Open cases", opens, [f"{c.ref} {c.title}: {STATES[c.state]}, {who(c.owner)}" for c in cases]),
        *_part(
            "Verdicts that nobody has confirmed", unsures,
            [f"{r.number} {case_title(r.assessment.facts)}" for r in unsure],
        ),
        *_part(
            "Not notifiable, without learning", bares,
            [f"{r.number} {case_title(r.assessment.facts)}" for r in bare],
        ),
        *_part("Themes that are open", living, [theme_line(theme) for theme in themes]),
    ]  # fmt: skip
    counts = f"{opens} open, {lates} overdue, {unsures} unconfirmed, {bares} without learning"
    calm = Severity.WAITING if opens or unsures or bares else Severity.SETTLED
    return Card(
        f"Digest of {day(today)}: {counts}", tuple(blocks), severity=Severity.ALARM if lates else calm
    )


def _part(name: str, count: int, lines: list[str]) -> Iterator[Block]:
    if not count:
        return
    yield Heading(f"{name}: {count}")
    yield Bullets(tuple(lines))
    if count > len(lines):
        yield Text(f"{count - len(lines)} more", Weight.SUBTLE)


def _late(store: Store, tenant: str, deadline: Deadline) -> str:
    what = ""
    try:
        if REF.fullmatch(deadline.subject):
            what = store.case(tenant, deadline.subject).title
        else:
            what = case_title(store.record(tenant, deadline.subject).assessment.facts)
    except NotFound:
        pass
    named = f"{deadline.subject} {what}".strip()
    return f"{named}: {label(deadline.kind)}, since {day(deadline.due_on)}"
