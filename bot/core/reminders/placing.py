"""Where a case's messages go, and what plans its deadlines."""

from __future__ import annotations

from bot.core.reminders.schedule import Channels, Planner
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from storage.measure_model import MEASURE, CorrectiveMeasure
from storage.model import Assessment, Case, Destination
from storage.plans import PostPlan
from storage.store import Store

SHOWS_CASE = {"shows": "case"}
CARD = "card"
ANSWERED = "answered"


def here(turn: Turn) -> Destination:
    """Where a case goes for which no channel is set: into the talk that it came from, or to the person alone
    where they asked in a place that others see."""
    place = turn.request.place
    seen = place.personal or place.thread
    return Destination(turn.face.name, (place.conversation if seen else "") or turn.request.user.id)


def planner(turn: Turn, own: Destination | None = None) -> Planner:
    chosen = Chosen(turn.settings)
    own = own or chosen.place("incidents_channel") or here(turn)
    return Planner(chosen, Channels(own, chosen.place("escalation_channel")), turn.today)


def planner_of(turn: Turn, ref: str) -> Planner:
    """For a case that is there: its pings stay in its thread, wherever the settings would put it now."""
    return planner(turn, home_of(turn.store, turn.tenant, ref))


def home_of(store: Store, tenant: str, ref: str) -> Destination | None:
    """Where its reminders go; where it has none, the conversation that its card was posted into last, or is
    about to be."""
    known = [one for one in store.outgoing(tenant, ref) if not one.fallback_for and not one.escalation]
    waiting = [one for one in known if one.kind == "ping" and one.state in ("due", "sending", "unknown")]
    found = waiting or [one for one in known if one.kind == "post"]
    return Destination(found[-1].place.platform, found[-1].place.conversation) if found else None


def outcome_of(store: Store, tenant: str, case: Case) -> str:
    """Of its records together: one to notify decides, then one undecided or that cannot be read."""
    outcomes = {store.record(tenant, number).outcome for number in case.records}
    if "notify" in outcomes:
        return "notify"
    if not outcomes or outcomes - {"do_not_notify", "not_irmer"}:
        return "undecided"
    return "do_not_notify" if "do_not_notify" in outcomes else "not_irmer"


def nation_of(turn: Turn, assessment: Assessment) -> str:
    return str(assessment.facts.get("nation") or turn.nation)


def answered(store: Store, tenant: str, subject: str, kind: str, said: str = "") -> tuple[PostPlan, ...]:
    """Every reminder of a deadline that was posted: it is to show by whom it was answered, and to lose its
    buttons. `said` is the answer, where the deadline itself does not tell it."""
    sent = {
        (one.place.platform, one.place.conversation, one.message)
        for one in store.outgoing(tenant, subject)
        if one.kind == "ping" and one.rule == kind and one.sent_at and one.message
    }
    return tuple(
        PostPlan(
            f"{ANSWERED}:{platform}:{conversation}:{message}",
            Destination(platform, conversation),
            {"shows": ANSWERED, "rule": kind, "message": message, "said": said},
            "update",
            subject=subject,
        )
        for platform, conversation, message in sorted(sent)
    )


def subject_here(turn: Turn) -> str:
    """The case whose thread this is, or ""."""
    place = turn.request.place
    if not place.thread:
        return ""
    # What goes to somebody's direct messages goes by their id, and not by that of the conversation.
    known = (place.conversation, turn.request.user.id) if place.personal else (place.conversation,)
    places = (Destination(turn.face.name, one, place.thread) for one in known)
    return next(filter(None, (turn.store.subject_at(turn.tenant, one) for one in places)), "")


def updates(store: Store, tenant: str, ref: str) -> tuple[PostPlan, ...]:
    """The posted cards, brought up to date; also one that is on its way out just now."""
    places = {(a.place.platform, a.place.conversation) for a in store.addresses(tenant, ref)}
    places |= {
        (one.place.platform, one.place.conversation)
        for one in store.outgoing(tenant, ref)
        if one.kind == "post" and one.state in ("sending", "unknown")
    }
    return tuple(
        PostPlan(
            f"{CARD}:{platform}:{conversation}",
            Destination(platform, conversation),
            SHOWS_CASE,
            "update",
            subject=ref,
        )
        for platform, conversation in sorted(places)
    )


def measure_due(store: Store, tenant: str, subject: str, kind: str) -> CorrectiveMeasure | None:
    """The measure whose deadline this is, if it is one's."""
    every = store.measures(tenant, subject) if kind.startswith(MEASURE) else ()
    return next((one for one in every if one.kind == kind), None)
