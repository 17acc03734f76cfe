"""`hand over to <person>`: all of one's open cases are offered to somebody, and are theirs once they accept.

An offer is the message that brings it: what it offers stands in the outbox, and its answer in what was done
under its name. The latest of a person holds, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.core.cards import Bullets, Button, Card, Form, Input, InputKind, Severity, Text, Weight
from bot.core.cases import steps
from bot.core.cases.measures import mine
from bot.core.messages import Capabilities, Done, Open, Pressed, Replace, Reply
from bot.core.refused import Refused
from bot.core.reminders.moving import to_owner
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.case_words import STATES, who
from bot.core.words.phrases import capitalised, counted, listed
from storage.case_states import ACTIVE
from storage.model import Case, Destination, Person, Step
from storage.plans import Also, Outgoing, PostPlan
from storage.store import Store

WORD, FORM = "hand", "case.hand_over"
ACCEPT, DECLINE = "handover.accept", "handover.decline"
SHOWS = "handover"
MOST = 30  # cases that a card lists; the rest is counted
_REST = re.compile(
    r"(?:over\b\s*)?(?:(?:all\s+)?(?:my\s+)?(?:open\s+)?cases\s*)?(?:to\b\s*)?(.*)", re.I | re.S
)
_MEANT = re.compile(r"(?:over\b(?:\s+(?:all|my|open|to|accept|decline)\b.*)?|(?:all|my|to)\s.*)", re.I | re.S)
_LONGEST = 8  # words; more tell a story
_PERSON = re.compile(r"<@([^|>]+)(?:\|([^>]*))?>|@?(\S+)")


def is_meant(rest: str) -> bool:
    """Is it this, and no story that begins with a hand? `rest` is what follows the first word."""
    return not rest or (len(rest.split()) <= _LONGEST and bool(_MEANT.fullmatch(rest.strip())))


def run(turn: Turn, rest: str) -> list[Reply]:
    """Raises Refused and storage.errors, as all that follow."""
    permissions.require_ours(turn)
    found = _REST.fullmatch(rest.strip())
    said = found[1].strip() if found else ""
    if said.lower() in ("accept", "decline"):
        return _answered(turn, _last_to(turn), accepted=said.lower() == "accept")
    if not said and turn.face.buttons:
        _own(turn)
        return [Open(_form())]
    named = _PERSON.fullmatch(said)
    if not named:
        raise Refused(
            f"name one person to hand over to: mention them, as in {turn.command('hand over to @')}"
        )
    return _offer(turn, named[1] or named[3], named[2] or "")


def submitted(turn: Turn, inputs: Mapping[str, str]) -> list[Reply]:
    closing: list[Reply] = [Done()] if turn.face.dialogs else []
    try:
        permissions.require_ours(turn)
        if not (user := inputs.get("user", "").strip()):
            raise Refused("pick one person to hand over to")
        return [*closing, *_offer(turn, user, "")]
    except permissions.NotAllowed:
        raise
    except Refused as refused:
        return [Open(_form(inputs.get("user", ""), str(refused)))]


def pressed(turn: Turn, what: Pressed) -> list[Reply]:
    offer = next((one for one in _offers(turn) if one.id == what.value), None)
    if offer is None:
        raise Refused("that offer is not known any more: ask for it anew")
    return _answered(turn, offer, accepted=what.action == ACCEPT)


def _form(user: str = "", error: str = "") -> Form:
    whom = Input(
        "user", "Who is asked to take all of your open cases?", InputKind.USER, value=user, error=error,
        hint="They are yours until it is accepted", required=True,
    )  # fmt: skip
    return Form(FORM, "", "Hand over your cases?", (whom,), "Ask them")


# Offering


@dataclass(frozen=True)
class Offer:
    """What somebody was offered, and when: `giver`'s cases. `platform` is what it went out on."""

    id: str
    giver: Person
    to: Person
    refs: tuple[str, ...]
    platform: str
    at: datetime

    @classmethod
    def of(cls, row: Outgoing) -> Offer:
        body = row.body
        giver, to = (Person(str(one["id"]), str(one["name"])) for one in (body["giver"], body["to"]))
        refs = tuple(map(str, body["refs"]))
        return cls(str(body["offer"]), giver, to, refs, row.place.platform, row.planned_at)

    @property
    def once(self) -> str:
        """Under which its answer is remembered."""
        return f"{SHOWS}:{self.id}"


def _own(turn: Turn) -> tuple[Case, ...]:
    """The open cases of the person who asks."""
    store, owner = turn.store, turn.request.user.id
    count = store.count_cases(turn.tenant, states=ACTIVE, owner=owner)
    if not count:
        raise Refused("you own no open case, so there is nothing to hand over")
    return store.cases(turn.tenant, states=ACTIVE, owner=owner, soonest=True, limit=count)


def _offer(turn: Turn, user: str, name: str) -> list[Reply]:
    if user in (turn.request.user.id, "me"):
        raise Refused("they are yours already: name somebody else to hand over to")
    permissions.require_people(turn, (user,), "own a case")
    cases, to = _own(turn), Person(user, name or turn.name_of(user))
    mark = turn.request.delivery or turn.request.now.isoformat()
    id_ = sha256(repr((turn.request.user.id, user, mark)).encode()).hexdigest()[:16]
    id_ = "".join(chr(ord("a") + int(figure, 16)) for figure in id_)  # no figures: no number of anybody's
    body: dict[str, Any] = {
        "shows": SHOWS, "offer": id_, "refs": [case.ref for case in cases],
        "giver": {"id": turn.person.id, "name": turn.person.name}, "to": {"id": to.id, "name": to.name},
        "here": turn.request.place.conversation,
    }  # fmt: skip
    plan = PostPlan(f"{SHOWS}:{id_}", Destination(turn.face.name, user), body)
    turn.store.post(turn.tenant, plan, now=turn.request.now)
    lines = tuple(f"{case.ref} {case.title}" for case in cases)
    kept = Text(
        f"{_them(len(cases), 'They are', 'It is')} yours, and you are reminded, until it is accepted."
    )
    stay = mine(turn)
    measures = f"Your corrective measures stay yours until another owner is named: {listed(stay)}."
    also = (Text(measures, Weight.WARNING),) if stay else ()
    title = capitalised(f"{who(to)} is asked to take over {counted(len(cases), 'case')}")
    return [turn.show(Card(title, (kept, *_list(lines), *also), severity=Severity.WAITING))]


def offer_card(store: Store, row: Outgoing, face: Capabilities, warnings: tuple[str, ...]) -> Card:
    """What the one who is asked is shown; where it could not reach them alone, by references only."""
    offer, missed = Offer.of(row), bool(row.fallback_for)
    whom = who(offer.to) if missed else "you"
    told = [Text(line, Weight.WARNING) for line in warnings]
    if missed:
        told.append(Text(f"This could not reach {whom} by direct message.", Weight.WARNING))
    lines = offer.refs if missed else tuple(_line(store.case(row.tenant, ref)) for ref in offer.refs)
    how = Text(f"Until {whom} accept{'s' if missed else ''}, nothing changes.")
    title = capitalised(f"{who(offer.giver)} asks {whom} to take over {counted(len(offer.refs), 'case')}")
    card = Card(title, (*told, *_list(lines), how), severity=Severity.WAITING)
    if not face.buttons:
        typed = f"{face.command} hand over accept".strip()
        return card.with_blocks(Text(f"{typed} takes them, {typed.removesuffix('accept')}decline does not."))
    return card.with_buttons(
        Button("Accept", ACCEPT, offer.id, "primary"), Button("Decline", DECLINE, offer.id)
    )


def instead(row: Outgoing) -> tuple[Destination, ...]:
    """Where an offer goes that cannot reach whom it is for: where it was made, or else to who made it."""
    here, giver = str(row.body.get("here", "")), Offer.of(row).giver.id
    return tuple(Destination(row.place.platform, one) for one in dict.fromkeys((here, giver)) if one)


def _line(case: Case) -> str:
    due = next((one for one in case.deadlines if one.state == "open"), None)
    until = f", next deadline {due.due_on:%-d %B %Y}" if due else ""
    return f"{case.ref} {case.title}: {STATES[case.state]}{until}"


def _list(lines: tuple[str, ...]) -> Iterator[Bullets | Text]:
    yield Bullets(lines[:MOST])
    if len(lines) > MOST:
        yield Text(f"{len(lines) - MOST} more", Weight.SUBTLE)


def _them(count: int, many: str, one: str) -> str:
    return one if count == 1 else many


# Answering


def _offers(turn: Turn) -> list[Offer]:
    """In the order in which they were made, each once, wherever it went."""
    found = (one for one in turn.store.outgoing(turn.tenant, "") if one.body.get("shows") == SHOWS)
    return list({offer.id: offer for offer in map(Offer.of, found)}.values())


def _last_to(turn: Turn) -> Offer:
    mine = [one for one in _offers(turn) if one.to.id == turn.request.user.id]
    open_ = [one for one in mine if not turn.store.came_of(turn.tenant, one.once)]
    if not open_:
        raise Refused("nobody has asked you to take over any case")
    if open_[-1].at > turn.request.written:  # words that come late are of the one before
        raise Refused(_made_anew(open_[-1]))
    return open_[-1]


def _answered(turn: Turn, offer: Offer, *, accepted: bool) -> list[Reply]:
    if offer.to.id != turn.request.user.id:
        raise Refused(f"only {who(offer.to)} can answer this, who was asked to take them over")
    if came := turn.store.came_of(turn.tenant, offer.once):
        raise Refused(f"you {came} that already: {turn.command('cases mine')} lists what is yours")
    later = [one for one in _offers(turn) if one.giver.id == offer.giver.id]
    if later[-1].id != offer.id:
        raise Refused(_made_anew(offer))
    return _accept(turn, offer) if accepted else _decline(turn, offer)


def _made_anew(offer: Offer) -> str:
    return f"{who(offer.giver)} has made a new offer since: this one no longer holds"


def _decline(turn: Turn, offer: Offer) -> list[Reply]:
    if turn.store.first_time(turn.tenant, offer.once, now=turn.request.now, result="declined"):
        text = capitalised(f"{who(turn.person)} did not take over your cases: they are yours as before.")
        turn.store.post(turn.tenant, _told(offer, text, offer.refs), now=turn.request.now)
    return _shown(turn, Card(f"Declined: the cases stay with {who(offer.giver)}, who is told."))


def _accept(turn: Turn, offer: Offer) -> list[Reply]:
    cases = [turn.store.case(turn.tenant, ref) for ref in offer.refs]
    theirs = [one for one in cases if one.state in ACTIVE and _is_of(one, offer.giver)]
    left = tuple(_left_out(one) for one in cases if one not in theirs)
    if not theirs:
        raise Refused(f"none of them is left to take over: {'; '.join(left)}")
    lines = tuple(f"{one.ref} {one.title}" for one in theirs)
    count = counted(len(theirs), "case")
    told = _told(offer, capitalised(f"{who(turn.person)} has taken over {count} of yours."), lines, left)
    turn.store.hand_over(
        turn.tenant, [(one, turn.person, _moved(turn, one)) for one in theirs],
        note=f"handed over by {who(offer.giver)}", by=turn.person, now=turn.request.now,
        also=Also(offer.once, posts=(told,)), result="accepted",
    )  # fmt: skip
    said = Text(
        f"{who(offer.giver)} is told. Reminders that went to their direct messages come to yours, and "
        "those of a channel or a thread stay there."
    )
    title = f"{_them(len(theirs), 'They are', 'It is')} yours now: {count}"
    return _shown(turn, Card(title, (*_list(lines), *_left(left), said), severity=Severity.SETTLED))


def _moved(turn: Turn, case: Case) -> Also:
    plans, posts = to_owner(turn, case, turn.person.id)
    step = Step("assign", owner=turn.person)
    return replace(steps.beside(turn, case, step, plans, posts=posts), delivery="")


def _is_of(case: Case, giver: Person) -> bool:
    return case.owner is not None and case.owner.id == giver.id


def _left_out(case: Case) -> str:
    if case.state not in ACTIVE:
        return f"{case.ref} is {STATES[case.state]}"
    return f"{case.ref} is {who(case.owner)}'s by now"


def _left(left: tuple[str, ...]) -> Iterator[Text]:
    if left:
        yield Text(f"Left out: {'; '.join(left)}.", Weight.WARNING)


def _told(offer: Offer, text: str, lines: tuple[str, ...], left: tuple[str, ...] = ()) -> PostPlan:
    more = [f"{len(lines) - MOST} more"] if len(lines) > MOST else []
    told = [*lines[:MOST], *more, *(f"left out: {one}" for one in left)]
    there = Destination(offer.platform, offer.giver.id)
    return PostPlan(f"{offer.once}:answer", there, {"text": text, "lines": told})


def _shown(turn: Turn, card: Card) -> list[Reply]:
    """In the place of the offer where its button was pressed."""
    what = turn.request.what
    on_it = isinstance(what, Pressed) and bool(what.message)
    return [Replace(card) if on_it else turn.show(card)]
