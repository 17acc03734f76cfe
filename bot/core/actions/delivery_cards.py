"""What the deliveries of one face say, and which reminders follow one that was sent."""

from __future__ import annotations

from datetime import datetime

from bot.core.actions import handover
from bot.core.actions.case_card import case_card, view
from bot.core.actions.digest import digest_card
from bot.core.actions.reminder_card import answered_card, ping_card, reminders
from bot.core.cards import Bullets, Card, Severity, Text, Weight
from bot.core.messages import Capabilities
from bot.core.organisation import NOT_OURS
from bot.core.reminders.moving import is_direct
from bot.core.reminders.placing import ANSWERED, updates
from bot.core.reminders.schedule import Channels, Planner
from bot.core.reminders.weekly import DIGEST
from bot.core.reminders.wording import REPEAT, UNSURE
from bot.core.settings.definitions import Chosen
from bot.core.settings.holders import standing_in
from bot.core.words.case_words import who
from bot.core.words.phrases import listed
from bot.core.words.references import REF
from rules.deadlines import uk_date
from storage.model import Destination
from storage.plans import Batch, Outgoing, PingPlan, PostPlan
from storage.store import Store


class CaseWording:
    """`bot.core.reminders.delivery.Wording` over a store, in the ways of one face."""

    def __init__(self, store: Store, face: Capabilities) -> None:
        self._store, self._face = store, face

    def card(self, batch: Batch, now: datetime, *, repeat: bool) -> Card:
        today, first = uk_date(now), batch.items[0]
        orphaned, told = self._stands_in(batch)
        if left := self._owners_who_left(batch):
            orphaned, told = True, [*told, left]
        warnings = [REPEAT, *told] if repeat else told
        if first.kind == "ping":
            return ping_card(
                reminders(self._store, batch), today, self._face, self._chosen(batch.tenant),
                warnings=warnings, orphaned=orphaned,
            )  # fmt: skip
        if first.body.get("shows") == ANSWERED:
            chosen = self._chosen(batch.tenant)
            return answered_card(
                self._store, batch.tenant, first.subject, first.body, today, self._face, chosen
            )
        if first.body.get("shows") == DIGEST:
            return digest_card(self._store, batch.tenant, today)
        if first.body.get("shows") == "case":
            case = self._store.case(batch.tenant, first.subject)
            return case_card(view(self._store, case, today, self._face), warning=" ".join(warnings))
        if first.body.get("shows") == handover.SHOWS:
            return handover.offer_card(self._store, first, self._face, (REPEAT,) if repeat else ())
        words = str(first.body.get("text") or f"Something is to be seen in {first.subject or 'the list'}.")
        lines = tuple(Text(line, Weight.WARNING) for line in warnings)
        told_of = tuple(map(str, first.body.get("lines", ())))
        beside = (Bullets(told_of),) if told_of else ()
        return Card(words, (*lines, *beside), severity=Severity.WAITING)

    def _owners_who_left(self, batch: Batch) -> str:
        """Whom it is no use to call: those who lead are called in their place."""
        if batch.items[0].kind != "ping":
            return ""
        owners = {one.owner.id: one.owner for one in reminders(self._store, batch) if one.owner}
        told = {
            who(owner): NOT_OURS[standing]
            for user, owner in owners.items()
            if (standing := standing_in(self._store, batch.tenant, user)) in NOT_OURS
        }
        lines = [f"{name} is {what}" for name, what in told.items()]
        return f"Its owner is not here any more ({listed(lines)}): see who takes it over." if lines else ""

    def _stands_in(self, batch: Batch) -> tuple[bool, list[str]]:
        """Of what could not be delivered where it belongs: whether that is its owner's direct messages, and
        what is said of it."""
        first = next((item for item in batch.items if item.fallback_for), None)
        if first is None:
            return False, []
        known = self._store.outgoing(first.tenant, first.subject)
        belongs = next((one for one in known if one.key == first.fallback_for), first)
        why = belongs.error.removeprefix(UNSURE).strip()
        owners = [one.owner for one in reminders(self._store, batch)] or [None]
        orphaned = any(is_direct(self._face, belongs.place, owner) for owner in owners)
        told = ["This could not be delivered where it belongs"]
        if orphaned:
            told = ["This could not be delivered to its owner"]
        told[0] += f" ({why}): " if why else ": "
        told[0] += "see who takes it over." if orphaned else "tell its owner, and see to the channel."
        if belongs.error.startswith(UNSURE):
            told.append("It may have arrived there as well.")
        return orphaned, told

    def instead(self, batch: Batch) -> tuple[Destination, ...]:
        """The channels that are set, then the direct messages of whoever owns it, and of those who lead."""
        if batch.items[0].body.get("shows") == handover.SHOWS:
            return handover.instead(batch.items[0])
        chosen = self._chosen(batch.tenant)
        channels = [chosen.place(f"{kind}_channel") for kind in ("fallback", "escalation", "incidents")]
        owners = [one.owner.id for one in reminders(self._store, batch) if one.owner is not None]
        people = (*owners, *chosen.people("role_governance"))
        places = [place for place in channels if place]
        places += [Destination(batch.place.platform, person) for person in people]
        return tuple(dict.fromkeys(places))

    def beside(self, item: Outgoing) -> tuple[PostPlan, ...]:
        """The case's own card, which is not to say less than the reminder below it."""
        if REF.fullmatch(item.subject):
            refs: tuple[str, ...] = (item.subject,)
        else:
            refs = self._store.record(item.tenant, item.subject).cases
        for ref in refs:  # one that cannot be shown any more stays as it is
            case = self._store.case(item.tenant, ref)
            case_card(view(self._store, case, uk_date(item.planned_at), self._face))
        return tuple(post for ref in refs for post in updates(self._store, item.tenant, ref))

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
