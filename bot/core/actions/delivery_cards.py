"""What the deliveries of one face say, and which reminders follow one that was sent."""

from __future__ import annotations

from datetime import datetime

from bot.core.actions.case_card import case_card, view
from bot.core.actions.reminder_card import ping_card, reminders
from bot.core.cards import Card, Severity, Text, Weight
from bot.core.messages import Capabilities
from bot.core.reminders.schedule import Channels, Planner
from bot.core.reminders.wording import REPEAT
from bot.core.settings.definitions import Chosen
from rules.deadlines import uk_date
from storage.model import Destination
from storage.plans import Batch, Outgoing, PingPlan
from storage.store import Store


class CaseWording:
    """`bot.core.reminders.delivery.Wording` over a store, in the ways of one face."""

    def __init__(self, store: Store, face: Capabilities) -> None:
        self._store, self._face = store, face

    def card(self, batch: Batch, now: datetime, *, repeat: bool) -> Card:
        today, first = uk_date(now), batch.items[0]
        stands_in = any(item.fallback_for for item in batch.items)
        if first.kind == "ping":
            return ping_card(
                reminders(self._store, batch), today, self._face, self._chosen(batch.tenant),
                repeat=repeat, stands_in=stands_in,
            )  # fmt: skip
        if first.body.get("shows") == "case":
            case = self._store.case(batch.tenant, first.subject)
            return case_card(view(self._store, case, today, self._face), warning=REPEAT if repeat else "")
        words = str(first.body.get("text") or f"Something is to be seen in {first.subject or 'the list'}.")
        warning = (Text(REPEAT, Weight.WARNING),) if repeat else ()
        return Card(words, warning, severity=Severity.WAITING)

    def fallback(self, batch: Batch) -> Destination | None:
        """The fallback channel, else the escalation channel; not the one that has just failed."""
        chosen = self._chosen(batch.tenant)
        for key in ("fallback_channel", "escalation_channel", "incidents_channel"):
            place = chosen.place(key)
            if place is not None and place.conversation != batch.place.conversation:
                return place
        return None

    def follow(self, item: Outgoing, now: datetime) -> tuple[PingPlan, ...]:
        """Once the deadline's day has come: the next ones. What came to a second place has none."""
        today = uk_date(now)
        if item.escalation or item.fallback_for or item.due_on is None or item.due_on > today:
            return ()
        chosen = self._chosen(item.tenant)
        own = Destination(item.place.platform, item.place.conversation)
        planner = Planner(chosen, Channels(own, chosen.place("escalation_channel")), today)
        return planner.overdue(item.rule, item.due_on)

    def _chosen(self, tenant: str) -> Chosen:
        return Chosen(self._store.settings(tenant))
