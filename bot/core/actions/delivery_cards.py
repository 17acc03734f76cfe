"""What the deliveries of one face say, and which reminders follow one that was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.actions import handover
from bot.core.actions.case_card import case_card, view
from bot.core.actions.digest import digest_card
from bot.core.actions.reminder_card import answered_card, ping_card, reminders
from bot.core.actions.table import BY_NAME
from bot.core.cards import Bullets, Card, Severity, Text, Weight
from bot.core.messages import Capabilities
from bot.core.organisation import NOT_OURS
from bot.core.reminders.contents import REPEAT, UNSURE
from bot.core.reminders.moving import is_direct
from bot.core.reminders.owner_copies import COPY, copies_of, items_of
from bot.core.reminders.placing import ANSWERED, updates
from bot.core.reminders.schedule import Channels, Planner
from bot.core.reminders.weekly import DIGEST
from bot.core.settings.chosen import Chosen
from bot.core.settings.holders import standing_in
from bot.core.words.case_words import label, who
from bot.core.words.deadline_kinds import is_weekly
from bot.core.words.phrases import day, listed
from bot.core.words.references import REF
from rules.deadlines import uk_date
from storage.model import Destination
from storage.plans import Batch, Outgoing, PingPlan, PostPlan
from storage.store import Store

MOST_SHOWN = 3


class CaseContents:
    """`bot.core.reminders.delivery.Contents` over a store, in the ways of one face."""

    def __init__(self, store: Store, face: Capabilities) -> None:
        self._store, self._face = store, face

    def card(self, batch: Batch, now: datetime, *, repeat: bool) -> Card:
        card = self._said(batch, now, repeat=repeat)
        name = self._whose(batch)
        return card.headed(Text(name, Weight.SUBTLE)) if name else card

    def _whose(self, batch: Batch) -> str:
        """In somebody's own chat, where several organisations are on this platform: they may be in any."""
        if not is_direct(self._face, batch.place, None):
            return ""
        there = {tenant for tenant, outside in self._store.leads() if outside.platform == self._face.name}
        return self._store.organisation(batch.tenant).name if there - {batch.tenant} else ""

    def _said(self, batch: Batch, now: datetime, *, repeat: bool) -> Card:
        today, first = uk_date(now), batch.items[0]
        orphaned, told = self._stands_in(batch)
        if left := self._owners_who_left(batch):
            orphaned, told = True, [*told, left]
        warnings = [REPEAT, *told] if repeat else told
        if first.kind == "ping":
            return ping_card(
                self._store, reminders(self._store, batch), today, self._face, self._chosen(batch.tenant),
                warnings=warnings, orphaned=orphaned,
            )  # fmt: skip
        if first.body.get("shows") == ANSWERED:
            chosen = self._chosen(batch.tenant)
            return answered_card(
                self._store, batch.tenant, first.subject, first.body, today, self._face, chosen
            )
        if first.body.get("shows") == DIGEST:
            return digest_card(self._store, batch.tenant, today, self._face)
        if first.body.get("shows") == "case":
            case = self._store.case(batch.tenant, first.subject)
            return case_card(view(self._store, case, today, self._face), warning=" ".join(warnings))
        if first.body.get("shows") == handover.SHOWS:
            return handover.offer_card(self._store, first, self._face, (REPEAT,) if repeat else ())
        if first.body.get("shows") == COPY:
            return _copy_card(self._store, first, self._face, (REPEAT,) if repeat else ())
        words = str(first.body.get("text") or f"There is something to see in {first.subject or 'the list'}.")
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

    def unseen(self, batch: Batch) -> str:
        first = batch.items[0]
        if first.fallback_for or not is_direct(self._face, batch.place, None):
            return ""
        owners = [one.owner for one in reminders(self._store, batch)] if first.kind == "ping" else []
        if first.body.get("shows") == "case":
            owners = [self._store.case(batch.tenant, first.subject).owner]
        standings = [standing_in(self._store, batch.tenant, owner.id) for owner in owners if owner]
        left = bool(standings) and all(standing in NOT_OURS for standing in standings)
        return "who is not here any more" if left else ""

    def instead(self, batch: Batch) -> tuple[Destination, ...]:
        """The channels that are set, then the direct messages of whoever owns it, and of those who lead, as
        far as they are still here."""
        if batch.items[0].body.get("shows") == handover.SHOWS:
            return handover.instead(batch.items[0])
        if batch.items[0].body.get("shows") == COPY:
            return ()  # the reminder itself is where it belongs
        chosen = self._chosen(batch.tenant)
        channels = [chosen.place(f"{kind}_channel") for kind in ("fallback", "escalation", "incidents")]
        owners = [one.owner.id for one in reminders(self._store, batch) if one.owner is not None]
        named = (*owners, *chosen.people("role_governance"))
        people = [one for one in named if standing_in(self._store, batch.tenant, one) not in NOT_OURS]
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

    def copies(self, batch: Batch) -> tuple[PostPlan, ...]:
        if batch.items[0].kind != "ping" or not self._chosen(batch.tenant).get("owner_reminders"):
            return ()
        found = reminders(self._store, batch)
        owned = [
            (one.item, one.owner.id) for one in found
            if one.owner and not one.item.escalation and not one.item.fallback_for
            and not is_direct(self._face, one.item.place, one.owner)
            and standing_in(self._store, batch.tenant, one.owner.id) not in NOT_OURS
        ]  # fmt: skip
        return copies_of(self._store, batch, owned)

    def follow(self, item: Outgoing, now: datetime) -> tuple[PingPlan, ...]:
        """Once the deadline's day has come: the next ones. What came to a second place has none."""
        today = uk_date(now)
        if item.escalation or item.fallback_for or item.due_on is None or item.due_on > today:
            return ()
        chosen = self._chosen(item.tenant)
        own = Destination(item.place.platform, item.place.conversation)
        planner = Planner(chosen, Channels(own, chosen.place("escalation_channel")), today)
        # It comes only now that the day is over, after an outage: the second place hears of it today as well.
        late = item.due_on < today and item.offset[0] in "-0" and not is_weekly(item.rule)
        before = replace(planner, today=today - timedelta(days=1))
        beside = before.escalation(item.rule, item.due_on) if late else ()
        return (*(one for one in beside if one.on == today), *planner.overdue(item.rule, item.due_on))

    def _chosen(self, tenant: str) -> Chosen:
        return Chosen(self._store.settings(tenant))


def _copy_card(store: Store, row: Outgoing, face: Capabilities, warnings: tuple[str, ...]) -> Card:
    """Dates alone, and no buttons of steps: the reminder itself shows what became of it."""
    lines, subjects = [], []
    for subject, kind, due in items_of(row.body):
        every = store.deadlines(row.tenant, subject=subject, state="")
        still = any(one.kind == kind and one.state == "open" for one in every)
        lines.append(f"{subject}: {label(kind)}" + (f", by {day(due)}" if still else " is over by now"))
        subjects.append(subject)
    title = lines[0] if len(lines) == 1 else f"{len(lines)} deadlines of cases that are yours"
    told = tuple(Text(line, Weight.WARNING) for line in warnings)
    more = (Bullets(tuple(lines)),) if len(lines) > 1 else ()
    where = Text("The reminder itself stands in the case's channel, and is answered there.", Weight.SUBTLE)
    card = Card(f"Reminder: {title}", (*told, *more, where), severity=Severity.WAITING)
    shown = tuple(dict.fromkeys(subjects))[:MOST_SHOWN] if face.buttons else ()
    return card.with_buttons(*(BY_NAME["show"].press(one, f"Show {one}") for one in shown))
