"""`digest`: where a trust stands, in one message for those who lead; weekly in the governance channel too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from bot.core.actions.lists import UNLEARNT
from bot.core.actions.pages import LOOK
from bot.core.cards import Block, Bullets, Button, Card, Heading, Severity, Text, Weight
from bot.core.messages import Capabilities
from bot.core.words.agreed_words import in_a_list
from bot.core.words.case_words import STATES, by_weight, case_title, label, who
from bot.core.words.phrases import counted, day
from bot.core.words.references import REF
from bot.core.words.theme_words import theme_line
from storage.case_states import ACTIVE
from storage.errors import NotFound
from storage.model import Deadline, Record
from storage.store import Store
from storage.theme_model import LIVING

MOST = 8  # lines of each part; the rest is counted, and led to


class _Part(NamedTuple):
    """What is counted, the first of it, and the words that list it all."""

    name: str
    how_many: int
    lines: list[str]
    words: str
    button: str

    @property
    def is_cut(self) -> bool:
        return self.how_many > len(self.lines)

    def blocks(self, face: Capabilities) -> Iterator[Block]:
        if not self.how_many:
            return
        yield Heading(f"{self.name}: {self.how_many}")
        yield Bullets(tuple(self.lines))
        if self.is_cut:
            command = f"{face.command} {self.words}".strip()
            yield Text(f"{self.how_many - len(self.lines)} more: {command} shows them all", Weight.SUBTLE)


def digest_card(store: Store, tenant: str, today: date, face: Capabilities) -> Card:
    """What is open, what is overdue, what nobody has confirmed, and of what nothing was learnt yet."""
    lates = store.count_deadlines(tenant, until=today - timedelta(days=1))
    # What no law dates, which may have waited for months, hides none that one does.
    late = by_weight(store.deadlines(tenant, until=today - timedelta(days=1), limit=lates or 1))[:MOST]
    cases = store.cases(tenant, states=ACTIVE, soonest=True, limit=MOST)
    opens = store.count_cases(tenant, states=ACTIVE)
    unsure = store.records(tenant, status="provisional", limit=MOST)
    unsures = store.count_records(tenant, status="provisional")
    bare = store.records(tenant, outcome="do_not_notify", lacking="learning", limit=MOST)
    bares = store.count_records(tenant, outcome="do_not_notify", lacking="learning")
    themes = store.themes(tenant, states=LIVING, limit=MOST)
    living = store.count_themes(tenant, states=LIVING)
    parts = (
        _Part("Overdue deadlines", lates, [_late(store, tenant, one) for one in late], "due", "What is due"),
        _Part(
            "Open cases", opens, [f"{c.ref} {c.title}: {STATES[c.state]}, {who(c.owner)}" for c in cases],
            "cases", "Open cases",
        ),
        _Part(
            "Verdicts that nobody has confirmed", unsures, [_kept(one, today) for one in unsure],
            "cases unconfirmed", "Unconfirmed verdicts",
        ),
        _Part(
            UNLEARNT, bares, [_kept(one, today) for one in bare], "cases unlearnt", "Without learning",
        ),
        _Part("Themes that are open", living, [theme_line(theme) for theme in themes], "themes", "Themes"),
    )  # fmt: skip
    of_cases = f"{counted(opens, 'case')} open, {counted(lates, 'deadline')} overdue"
    counts = f"{of_cases}, {unsures} unconfirmed, {bares} without learning"
    calm = Severity.WAITING if opens or unsures or bares else Severity.SETTLED
    card = Card(
        f"Digest of {day(today)}: {counts}", tuple(block for part in parts for block in part.blocks(face)),
        severity=Severity.ALARM if lates else calm,
    )  # fmt: skip
    if not face.buttons:
        return card
    return card.with_buttons(*(Button(part.button, LOOK, part.words) for part in parts if part.is_cut))


def _kept(record: Record, today: date) -> str:
    caution = in_a_list(record, today)
    return f"{record.number} {case_title(record.assessment.facts)}{caution}"


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
