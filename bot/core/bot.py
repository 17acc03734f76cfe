"""The conversation's one entry: a request in, replies out. It computes and stores; it never waits on a
network."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.core import merged, patient_numbers, router, unlinked, visitors
from bot.core.cards import Card, Severity, Text
from bot.core.check.free_text import REMOVED, alone
from bot.core.choosing import Choosing, named
from bot.core.gate import Gate
from bot.core.home import home_card
from bot.core.messages import (
    Capabilities,
    Changed,
    Command,
    Edited,
    Home,
    HomeOpened,
    Open,
    Pressed,
    Refresh,
    Replace,
    Reply,
    Request,
    Said,
    Show,
    Submitted,
    mark_of,
    too_long,
)
from bot.core.refused import LONGEST_TEXT
from bot.core.router import guarded
from bot.core.shown import LastShown
from bot.core.turn import Defaults, Turn
from bot.core.whose import Resolver
from bot.core.words.phrases import sentence
from storage.errors import StoreError
from storage.store import Store

ANOTHERS = "That was made in another organisation's name, and nothing was done: look it up here by its number"


class Bot:
    """Answers people, on any face.

    `nation` is taken where a tenant's settings name none; `where` is what a person is told of where records
    go; `admins` are the administrators that the environment names, `shared` directories of several
    organisations. `whose` says which organisation something is.
    """

    def __init__(
        self, store: Store, *, nation: str = "", where: str = "", admins: tuple[str, ...] = (),
        shared: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._store, self.whose, self._choosing = store, Resolver(store, shared), Choosing()
        self._defaults, self.admins = Defaults(nation, where, admins), admins
        self._shown, self._gate = LastShown(), Gate()

    def handle(self, request: Request, face: Capabilities) -> list[Reply]:
        """Never raises for what a person did or for a store that is full or locked: they are told in one
        line."""
        begun = Turn(self._store, request, face, self._defaults)
        turn, told = self._settled(begun) if request.several else (begun, [])
        replies = told if turn is None else [*told, *self._answered(turn)]
        request = request if turn is None else turn.request
        self._shown.note(request, face, replies)
        return [named(_marked(reply, mark_of(request.tenant)), request) for reply in replies]

    def _settled(self, turn: Turn) -> tuple[Turn | None, list[Reply]]:
        try:
            return self._choosing.settled(turn)
        except StoreError as error:
            return None, [turn.refuse(sentence(str(error)))]

    def _answered(self, turn: Turn) -> list[Reply]:
        if visitors.is_not_ours(turn):
            return guarded(turn, lambda: visitors.turned_away(turn))
        if too_long(turn.request.what):
            return guarded(turn, lambda: _refuse_length(turn))
        if _of_another(turn):
            return [turn.refuse(ANOTHERS, Severity.WAITING)]
        if turn.unlinked:
            return guarded(turn, lambda: unlinked.answered(turn, self._through_the_gate))
        return guarded(turn, lambda: self._of_ours(turn))

    def _of_ours(self, turn: Turn) -> list[Reply]:
        looked_at = merged.looked_at(turn, self._through_the_gate)
        replies = self._through_the_gate(turn) if looked_at is None else looked_at
        return [*_word_of_asides(turn, replies), *replies]

    def _through_the_gate(self, turn: Turn) -> list[Reply]:
        replies = guarded(turn, lambda: self._gate.through(turn, self._answer))
        return _with_word_of_numbers(turn, replies)

    def _answer(self, turn: Turn) -> list[Reply]:
        match turn.request.what:
            case Command() | Said() as what:
                return router.words(turn, what, self._shown.list_for(turn.request, turn.face))
            case Edited() as what:
                return router.edited(turn, what)
            case Pressed() as what:
                return router.press(turn, what)
            case Submitted() as what:
                return router.submit(turn, what)
            case Changed() as what:
                return router.change(turn, what)
            case HomeOpened():
                return [Home(home_card(turn))]

    def asking(self, request: Request, face: Capabilities) -> bool:
        """Was this person asked here about what they wrote, and is nothing of it kept until they answer?"""
        return self._gate.asking(Turn(self._store, request, face, self._defaults))

    def unfinished(self, request: Request, face: Capabilities) -> bool:
        """Is there a check that this person, or this thread, has begun and not ended?"""
        drafts = Turn(self._store, request, face, self._defaults).drafts
        return any(draft.holds or not draft.paused for draft in drafts.all())


def _of_another(turn: Turn) -> bool:
    """Is it about another tenant's card? A reference on that is not one of ours."""
    what = turn.request.what
    mark = what.tenant if isinstance(what, Pressed | Submitted | Changed) else ""
    return mark not in ("", mark_of(turn.tenant))


def _marked(reply: Reply, mark: str) -> Reply:
    """What it shows brings back whose it is."""
    if isinstance(reply, Open):
        return replace(reply, form=replace(reply.form, tenant=mark))
    if isinstance(reply, Show | Replace | Refresh | Home) and reply.card.tenant != mark:
        return replace(reply, card=replace(reply.card, tenant=mark))
    return reply


def _refuse_length(turn: Turn) -> list[Reply]:
    """It stays where it was written: a message as it was sent, a form as it was filled in. What people say
    among themselves is let be, unless it might be an answer."""
    what = turn.request.what
    to_us = not isinstance(what, Said) or what.mentioned or turn.request.place.personal
    if not to_us and turn.drafts.standing() is None:
        return []
    wanted = f"write it in at most {LONGEST_TEXT:,} characters"
    return [turn.refuse(f"That is too long, and nothing of it was taken: {wanted}.", Severity.WAITING)]


def _word_of_asides(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """Whoever quotes somebody, or strikes words out, is told that these were not taken; their own are. Where
    these are all there is, that is the answer."""
    what = turn.request.what
    if not isinstance(what, Command | Said) or not what.aside:
        return []
    alone = turn.request.place.personal and not what.text.strip()
    if not (replies or alone):
        return []
    title = f"Not used: what is {' and what is '.join(what.aside)}"
    again = {*what.aside} - {"struck out"}
    how = (Text("Where it belongs here, write it in your own words."),) if again else ()
    return [turn.show_openly(Card(title, how, severity=Severity.WAITING))]


def _with_word_of_numbers(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """Whoever writes a patient's number is told so, and nobody else, unless the replies say it already."""
    what = turn.request.what
    if not isinstance(what, Command | Said) or not turn.holds_number(what.text):
        return replies
    if not replies and turn.drafts.standing() is None:
        return replies
    own = str(
        [reply for reply in replies if isinstance(reply, Open) or (isinstance(reply, Show) and reply.private)]
    )
    said = REMOVED in own or patient_numbers.NOT_KEPT[1:] in own
    return replies if said else [*alone(turn, (REMOVED,)), *replies]
