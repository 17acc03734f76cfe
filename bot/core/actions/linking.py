"""`link`: a code that is asked for in one place and typed in another, which leads to the same organisation
from then on. Both places see who did it, and both trails hold it."""

from __future__ import annotations

import re

from bot.core.cards import Button, Card, Severity, Text, Weight
from bot.core.messages import Pressed, Replace, Reply, Request
from bot.core.refused import Refused
from bot.core.settings import permissions
from bot.core.turn import Turn
from storage.errors import Duplicate
from storage.model import Destination, Person
from storage.organisation_model import Kind, Outside
from storage.plans import PostPlan

WORD, PRIVATE = "link", "organisation.link"
_CODE = re.compile(r"[0-9A-Z]{4}[ -]?[0-9A-Z]{4}", re.I)
_CALLED: dict[Kind, str] = {
    "team": "this team", "workspace": "this workspace", "person": "what you ask in a chat with the bot alone",
    "conversation": "this conversation",
}  # fmt: skip


def is_code(rest: str) -> bool:
    return bool(_CODE.fullmatch(rest.strip()))


def run(turn: Turn, rest: str) -> list[Reply]:
    """Raises Refused and storage.errors."""
    permissions.require_ours(turn)
    if not rest.strip():
        return _asked(turn)
    if not is_code(rest):
        raise Refused(
            f"a code has 8 letters and figures: {turn.command('link ABCD2345')}, or link alone for one"
        )
    outside = _here(turn.request)
    if outside.kind == "team" and turn.face.buttons:
        # In the team itself: what is pressed elsewhere would be about another place.
        return [turn.show(_ask_whether_private(rest.strip()), private=False)]
    return [turn.show_openly(_linked(turn, rest, outside, ""))]


def pressed(turn: Turn, what: Pressed) -> list[Reply]:
    permissions.require_ours(turn)
    return [Replace(_linked(turn, what.value, _here(turn.request), ", said to be private"))]


def _asked(turn: Turn) -> list[Reply]:
    if turn.unlinked:
        raise Refused("this place belongs to no organisation yet: ask for a code in a place that does")
    permissions.require_settings(turn)
    place = turn.request.place
    where = Destination(turn.face.name, place.conversation, place.thread)
    code = turn.store.ask_link(turn.tenant, where, by=turn.person, now=turn.request.now)
    name = turn.store.organisation(turn.tenant).name
    card = Card(
        f"{code} leads another place to {name}",
        (
            Text(
                f"Type link {code} to the bot there within 15 minutes: after its mention in a channel of a "
                "team, after its command in the other workspace, alone in a chat with the bot. It works once."
            ),
            Text("Whoever types it lets everybody there see these cases.", Weight.WARNING),
        ),
    )
    return [turn.show(card, private=True)]


def _ask_whether_private(code: str) -> Card:
    return Card(
        "Is this team private?",
        (
            Text(
                "Everybody in the team will see this organisation's cases. Anybody in the directory can join "
                "a public team, so only a private one may be linked."
            ),
        ),
        (Button("It is private: link it", PRIVATE, code, "primary"),),
        Severity.WAITING,
    )


def _here(request: Request) -> Outside:
    """What a code binds where it is typed: the widest thing that the place is surely a part of."""
    whence = request.whence
    if whence is None:
        raise Refused("nothing can be linked here: this is one organisation's own place")
    found = {outside.kind: outside for outside in whence.outsides()}
    kinds: tuple[Kind, ...] = ("team", "workspace", "person" if request.place.personal else "conversation")
    chosen = next((found[kind] for kind in kinds if kind in found), None)
    if chosen is None:
        raise Refused("nothing can be linked here: the platform does not say what this place is")
    return chosen


def _linked(turn: Turn, code: str, outside: Outside, how: str) -> Card:
    request = turn.request
    if not turn.unlinked and (there := turn.store.bound([outside])):
        if there != turn.tenant:
            raise Refused("another organisation's binding stands in the way: irmer org unbind undoes it")
        raise Duplicate(
            f"{_CALLED[outside.kind]} leads to {turn.store.organisation(turn.tenant).name} already"
        )
    if not turn.unlinked:
        name = turn.store.organisation(turn.tenant).name
        raise Refused(
            f"this place leads to {name} already: irmer org merge, on the machine, makes one of two"
        )
    by = Person(request.user.id, request.user.name)
    asked, made = turn.store.link(code, outside, typed_in=request.place.conversation, by=by, now=request.now)
    name = turn.store.organisation(made.organisation).name
    words = f"{outside.called} leads to {name} from now on{how}: {turn.called(by.id)} typed the code"
    place = Destination(asked.platform, asked.conversation)
    key = f"linked:{outside.platform}:{outside.kind}:{outside.external}:{request.now:%Y%m%d%H%M%S}"
    turn.store.post(made.organisation, PostPlan(key, place, {"text": f"{words}."}), now=request.now)
    return Card(
        f"{_CALLED[outside.kind].capitalize()} leads to {name} from now on{how}",
        (Text(f"By a code that {asked.by.called} asked for, typed by {by.called}."),),
    )
