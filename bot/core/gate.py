"""The gate for everything that people write: what seems to tell who somebody is, is shown to whoever wrote it
and asked about before it is kept. It may be kept without, kept since it is nobody's, or written anew.

What waits for an answer is held in the process alone and never stored. A step whose day counts is not held
up: it is done at once without the words that are asked about, and they follow as a note once somebody said
that they may.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from bot.core import gate_cards
from bot.core.actions.act import Instruction
from bot.core.actions.table import BY_ACTION
from bot.core.cards import Form, Severity, Text, Weight
from bot.core.check.free_text import alone
from bot.core.gate_cards import CHANGE, KEEP, NOBODYS, NOT_KEPT
from bot.core.gate_held import MOST, AllWithheld, Withheld
from bot.core.gate_texts import (
    Found,
    act_of,
    answers_at_most,
    cut,
    found_in,
    is_text,
    keeps_nothing,
    phrases,
    seen,
    subject_of,
    words_beside,
)
from bot.core.messages import Command, Done, Open, Place, Pressed, Reply, Said, Show, Submitted, What
from bot.core.messages import Replace as ReplaceMessage
from bot.core.turn import Turn
from storage.errors import StoreError

Answer = Callable[[Turn], list[Reply]]


class Gate:
    """Of one process: with what waits in it, and the forms that people have before them."""

    def __init__(self) -> None:
        self._held = AllWithheld()
        self._forms: OrderedDict[tuple[str, ...], Form] = OrderedDict()
        self._lock = Lock()

    def through(self, turn: Turn, answer: Answer) -> list[Reply]:
        """The replies, or the question that comes before them."""
        replies = self._through(turn, answer)
        self._note_forms(turn, replies)
        return replies

    def asking(self, turn: Turn) -> bool:
        """Does a question of the gate stand here, to which nothing was answered, and which holds something
        up?"""
        held = self._held.last(turn)
        return held is not None and held.after is None

    def _through(self, turn: Turn, answer: Answer) -> list[Reply]:
        what = turn.request.what
        if isinstance(what, Pressed) and what.action in gate_cards.ACTIONS:
            return self._pressed(turn, what, answer)
        if isinstance(what, Submitted):
            return self._submitted(turn, what, answer)
        if isinstance(what, Pressed):
            found = found_in(what.inputs)
            return self._ask(turn, found) if found else answer(turn)
        if isinstance(what, Command | Said):
            return self._words(turn, what, answer)
        return answer(turn)

    # Words

    def _words(self, turn: Turn, what: Command | Said, answer: Answer) -> list[Reply]:
        to_us = isinstance(what, Command) or what.mentioned or turn.request.place.personal
        dropped: list[Reply] = []
        if to_us and (held := self._held.last(turn)):
            if choice := gate_cards.choice(what.text):
                return self._chosen(turn, held, choice, answer)
            if not held.after and answers_at_most(turn, what):
                return [self._question(turn, held, Text(gate_cards.ONE_OF_THREE, Weight.WARNING))]
            self._held.drop(held)
            dropped = [] if held.after else [turn.refuse(NOT_KEPT, Severity.WAITING, private=True)]
        act = act_of(turn, what.text)
        if keeps_nothing(turn, what, act):
            return [*dropped, *answer(turn)]
        found = seen(what.text)
        if not found:
            return [*dropped, *answer(turn)]
        if not to_us:
            return _overheard(turn, what, {"": found}, answer)
        if act and act.at_once:
            return [*dropped, *self._at_once(turn, {"": found}, answer)]
        return [*dropped, *self._ask(turn, {"": found})]

    def _ask(self, turn: Turn, found: Found) -> list[Reply]:
        return [self._question(turn, self._held.hold(turn, found))]

    @staticmethod
    def _question(turn: Turn, held: Withheld, *more: Text) -> Reply:
        asked = gate_cards.question(turn, held.id, phrases(held.turn.request.what, held.found))
        return turn.show(asked.with_blocks(*more), private=True)

    def _at_once(self, turn: Turn, found: Found, answer: Answer) -> list[Reply]:
        """Done without the words; then they are asked about. Where it was refused, nothing of it is kept."""
        what, subject = turn.request.what, subject_of(turn)
        replies = answer(_turn(turn, cut(what, found)))
        refused = any(
            isinstance(reply, Open) or (isinstance(reply, Show) and reply.refused) for reply in replies
        )
        if refused or not subject:
            return replies
        note = Command(turn.command(f"note {subject} {words_beside(turn)}"))
        held = self._held.hold(turn, found, note)
        card = gate_cards.question(turn, held.id, phrases(what, found), done=subject)
        return [*replies, turn.show(card, private=True)]

    # The answer

    def _pressed(self, turn: Turn, what: Pressed, answer: Answer) -> list[Reply]:
        if self._held.answered(what.value):  # pressed twice
            return []
        held = self._held.of(what.value)
        if held is None or not held.fresh(turn) or not held.by(turn):
            return [ReplaceMessage(gate_cards.over())]
        return self._chosen(turn, held, gate_cards.ACTIONS[what.action], answer)

    def _chosen(self, turn: Turn, held: Withheld, choice: str, answer: Answer) -> list[Reply]:
        """Once, however often it is pressed; where the store is full or busy, it may be pressed again."""
        if not self._held.drop(held, answered=True):
            return []
        try:
            return self._done(turn, held, choice, answer)
        except StoreError:
            self._held.put_back(held)
            raise

    def _done(self, turn: Turn, held: Withheld, choice: str, answer: Answer) -> list[Reply]:
        pressed = isinstance(turn.request.what, Pressed)
        said = gate_cards.chosen(turn, choice, held.subject if held.after else "")
        head: list[Reply] = [ReplaceMessage(said)] if pressed else [turn.show(said, private=True)]
        if choice == CHANGE or (choice == KEEP and held.after):
            return head
        what = held.turn.request.what
        if choice == KEEP:
            what = cut(what, held.found)
        else:
            _vouch(turn, held.subject, held.found)
            what = held.after or what
        before = held.turn.request
        request = replace(
            turn.request, what=what, place=before.place, names=before.names, people=before.people,
            channels=before.channels, told_at=before.written,
        )  # fmt: skip
        face = replace(turn.face, command=held.turn.face.command)  # as one types where it was written
        replies = answer(replace(turn, request=request, face=face))
        if before.place != turn.request.place:  # asked in somebody's own chat about what they wrote elsewhere
            replies = [_at(before.place, reply) for reply in replies]
        return [*(head if pressed else ()), *replies]

    # Forms

    def _submitted(self, turn: Turn, what: Submitted, answer: Answer) -> list[Reply]:
        """The form once more as it was filled in, with the question beside the inputs, where they can be
        changed."""
        choice = what.inputs.get(gate_cards.INPUT, "")
        inputs = {name: text for name, text in what.inputs.items() if name != gate_cards.INPUT}
        turn = _turn(turn, replace(what, inputs=inputs))
        form = self._forms.get(self._form_key(turn, what.form, what.key))
        asked = form is not None and any(one.name == gate_cards.INPUT for one in form.inputs)
        kept = {one.name: one.value for one in form.inputs} if form and not asked else {}
        new = {name: text for name, text in inputs.items() if text != kept.get(name)}
        found = found_in({name: text for name, text in new.items() if is_text(name, form)})
        if not found or any(map(turn.holds_number, inputs.values())):  # which is refused where it was typed
            return answer(turn)
        act = BY_ACTION.get(what.form)
        if asked and choice == KEEP:
            return answer(_turn(turn, cut(turn.request.what, found)))
        if asked and choice == NOBODYS:
            _vouch(turn, Instruction.with_key("", what.key).subject, found)
            return answer(turn)
        if act and act.at_once:
            return self._at_once(turn, found, answer)
        if form is None:
            close: list[Reply] = [Done()] if turn.face.dialogs else []
            return [*close, *self._ask(turn, found)]
        return [Open(gate_cards.form_again(form, inputs, phrases(turn.request.what, found)))]

    def _note_forms(self, turn: Turn, replies: list[Reply]) -> None:
        with self._lock:
            for reply in replies:
                if isinstance(reply, Open):
                    self._forms[self._form_key(turn, reply.form.name, reply.form.key)] = reply.form
            while len(self._forms) > MOST:
                self._forms.popitem(last=False)

    @staticmethod
    def _form_key(turn: Turn, name: str, key: str) -> tuple[str, ...]:
        return (turn.tenant, turn.face.name, turn.request.user.id, name, key)


def _at(place: Place, reply: Reply) -> Reply:
    """Shown where the words stand, unless it is for their author alone."""
    if isinstance(reply, Show) and not reply.private and reply.place is None:
        return replace(reply, place=place)
    return reply


def _overheard(turn: Turn, what: Command | Said, found: Found, answer: Answer) -> list[Reply]:
    """Said among people: what answers the question that stands is taken without the words, and its author
    hears that."""
    replies = answer(_turn(turn, cut(what, found)))
    return [*alone(turn, (gate_cards.LEFT_OUT_OF_WHAT_WAS_HEARD,)), *replies] if replies else []


def _vouch(turn: Turn, subject: str, found: Found) -> None:
    """The trail says that somebody said so, and what it seemed to be; it does not repeat it. Where nothing is
    kept there is nothing to say it of."""
    if turn.unlinked:
        return
    kinds = sorted({one.what for seen in found.values() for one in seen})
    turn.store.log(
        turn.tenant, "said to be nobody's", subject, {"seemed": kinds}, by=turn.person, now=turn.request.now
    )


def _turn(turn: Turn, what: What) -> Turn:
    return replace(turn, request=replace(turn.request, what=what))
