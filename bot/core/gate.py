"""The gate for everything that people write: what seems to tell who somebody is, is shown to whoever wrote it
and asked about before it is kept. It may be kept without, kept since it is nobody's, or written anew.

What waits for an answer is held in the process alone and never stored. A step whose day counts is not held
up: it is done at once without the words that are asked about, and they follow as a note once somebody said
that they may.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from bot.core import gate_cards
from bot.core.actions.act import Act, Instruction
from bot.core.actions.table import BY_ACTION, BY_WORD
from bot.core.actions.typed import without_particle
from bot.core.cards import Form, InputKind, Severity
from bot.core.check.free_text import alone
from bot.core.commands import changes_nothing, is_just_a_command, split
from bot.core.gate_cards import CHANGE, KEEP, NOBODYS, NOT_KEPT
from bot.core.identifying import Seeming, find, without
from bot.core.messages import Changed, Command, Done, Open, Place, Pressed, Reply, Said, Show, Submitted, What
from bot.core.messages import Replace as ReplaceMessage
from bot.core.reminders.placing import subject_here
from bot.core.turn import Turn
from bot.core.words.references import named
from rules.deadlines import uk_date
from rules.facts import FACTS
from storage import identifiers
from storage.errors import StoreError

Answer = Callable[[Turn], list[Reply]]
# Longer ago, and of more people, nothing is held; nor over midnight, when "yesterday" means another day.
FRESH = timedelta(hours=12)
MOST = 2_000
_MENTION = re.compile(r"<[@#!][^<>\n]{1,200}>")
# Typed after these is a person, and no text.
_PERSONS = frozenset({"assign", "take"})


@dataclass(frozen=True)
class Withheld:
    """What somebody wrote and was asked about: the request as it was, what seemed to be in it by input (`""`
    for words), and what follows where it is nobody's (`after`), if that is not the request itself."""

    id: str
    turn: Turn
    found: Mapping[str, tuple[Seeming, ...]]
    after: What | None = None

    @property
    def at(self) -> datetime:
        return self.turn.request.now

    @property
    def subject(self) -> str:
        return _subject(self.turn)


class Gate:
    """Of one process. What stood before a restart is not known any more, and has to be written again."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Withheld] = OrderedDict()
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._standing: dict[tuple[str, ...], str] = {}
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
        held = self._last(turn)
        return held is not None and held.after is None

    def _through(self, turn: Turn, answer: Answer) -> list[Reply]:
        what = turn.request.what
        if isinstance(what, Pressed) and what.action in gate_cards.ACTIONS:
            return self._pressed(turn, what, answer)
        if isinstance(what, Submitted):
            return self._submitted(turn, what, answer)
        if isinstance(what, Pressed):
            found = _found(what.inputs)
            return self._ask(turn, found) if found else answer(turn)
        if isinstance(what, Command | Said):
            return self._words(turn, what, answer)
        return answer(turn)

    # Words

    def _words(self, turn: Turn, what: Command | Said, answer: Answer) -> list[Reply]:
        to_us = isinstance(what, Command) or what.mentioned or turn.request.place.personal
        dropped: list[Reply] = []
        if to_us and (held := self._last(turn)):
            if choice := gate_cards.choice(what.text):
                return self._chosen(turn, held, choice, answer)
            self._drop(held)
            dropped = [] if held.after else [turn.refuse(NOT_KEPT, Severity.WAITING, private=True)]
        act = _act(turn, what.text)
        if _keeps_nothing(turn, what, act):
            return [*dropped, *answer(turn)]
        found = _seen(what.text)
        if not found:
            return [*dropped, *answer(turn)]
        if not to_us:
            return _overheard(turn, what, found, answer)
        if act and act.at_once:
            return [*dropped, *self._at_once(turn, {"": found}, answer)]
        return [*dropped, *self._ask(turn, {"": found})]

    def _ask(self, turn: Turn, found: Mapping[str, tuple[Seeming, ...]]) -> list[Reply]:
        held = self._hold(turn, found)
        return [
            turn.show(gate_cards.question(turn, held.id, _phrases(turn.request.what, found)), private=True)
        ]

    def _at_once(self, turn: Turn, found: Mapping[str, tuple[Seeming, ...]], answer: Answer) -> list[Reply]:
        """Done without the words; then they are asked about. Where it was refused, nothing of it is kept."""
        what, subject = turn.request.what, _subject(turn)
        replies = answer(_turn(turn, _without(what, found)))
        refused = any(
            isinstance(reply, Open) or (isinstance(reply, Show) and reply.refused) for reply in replies
        )
        if refused or not subject:
            return replies
        note = Command(turn.command(f"note {subject} {_all_words(turn)}"))
        held = self._hold(turn, found, note)
        card = gate_cards.question(turn, held.id, _phrases(what, found), done=subject)
        return [*replies, turn.show(card, private=True)]

    # The answer

    def _pressed(self, turn: Turn, what: Pressed, answer: Answer) -> list[Reply]:
        with self._lock:
            held, answered = self._held.get(what.value), what.value in self._answered
        if answered:  # pressed twice
            return []
        if held is None or not _fresh(turn, held) or not _same_person(turn, held):
            return [ReplaceMessage(gate_cards.over())]
        return self._chosen(turn, held, gate_cards.ACTIONS[what.action], answer)

    def _chosen(self, turn: Turn, held: Withheld, choice: str, answer: Answer) -> list[Reply]:
        """Once, however often it is pressed; where the store is full or busy, it may be pressed again."""
        if not self._drop(held, answered=True):
            return []
        try:
            return self._done(turn, held, choice, answer)
        except StoreError:
            self._put_back(held)
            raise

    def _done(self, turn: Turn, held: Withheld, choice: str, answer: Answer) -> list[Reply]:
        pressed = isinstance(turn.request.what, Pressed)
        said = gate_cards.chosen(turn, choice, held.subject if held.after else "")
        head: list[Reply] = [ReplaceMessage(said)] if pressed else [turn.show(said, private=True)]
        if choice == CHANGE or (choice == KEEP and held.after):
            return head
        what = held.turn.request.what
        if choice == KEEP:
            what = _without(what, held.found)
        else:
            _vouch(turn, held.subject, held.found)
            what = held.after or what
        before = held.turn.request
        request = replace(
            turn.request, what=what, place=before.place, names=before.names, people=before.people,
            channels=before.channels,
        )  # fmt: skip
        replies = answer(replace(turn, request=request))
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
        found = _found({name: text for name, text in new.items() if _is_text(name, form)})
        if not found or any(map(turn.holds_number, inputs.values())):  # which is refused where it was typed
            return answer(turn)
        act = BY_ACTION.get(what.form)
        if asked and choice == KEEP:
            return answer(_turn(turn, _without(turn.request.what, found)))
        if asked and choice == NOBODYS:
            _vouch(turn, Instruction.with_key("", what.key).subject, found)
            return answer(turn)
        if act and act.at_once:
            return self._at_once(turn, found, answer)
        if form is None:
            close: list[Reply] = [Done()] if turn.face.dialogs else []
            return [*close, *self._ask(turn, found)]
        return [Open(gate_cards.form_again(form, inputs, _phrases(turn.request.what, found)))]

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

    # What is held

    @staticmethod
    def _where(turn: Turn) -> tuple[str, ...]:
        place = turn.request.place
        return (turn.tenant, turn.face.name, place.conversation, place.thread, turn.request.user.id)

    def _hold(
        self, turn: Turn, found: Mapping[str, tuple[Seeming, ...]], after: What | None = None
    ) -> Withheld:
        held = Withheld(secrets.token_hex(8), turn, found, after)
        with self._lock:
            self._held[held.id] = held
            self._standing[self._where(turn)] = held.id
            while len(self._held) > MOST:
                _, oldest = self._held.popitem(last=False)
                self._standing.pop(self._where(oldest.turn), None)
        return held

    def _last(self, turn: Turn) -> Withheld | None:
        with self._lock:
            held = self._held.get(self._standing.get(self._where(turn), ""))
        if held and not _fresh(turn, held):
            self._drop(held)
            return None
        return held

    def _drop(self, held: Withheld, *, answered: bool = False) -> bool:
        """Was it there?"""
        with self._lock:
            if self._standing.get(self._where(held.turn)) == held.id:
                del self._standing[self._where(held.turn)]
            if answered:
                self._answered[held.id] = None
                while len(self._answered) > MOST:
                    self._answered.popitem(last=False)
            return self._held.pop(held.id, None) is not None

    def _put_back(self, held: Withheld) -> None:
        with self._lock:
            self._answered.pop(held.id, None)
            self._held[held.id] = held
            self._standing[self._where(held.turn)] = held.id


def _at(place: Place, reply: Reply) -> Reply:
    """Shown where the words stand, unless it is for their author alone."""
    if isinstance(reply, Show) and not reply.private and reply.place is None:
        return replace(reply, place=place)
    return reply


def _fresh(turn: Turn, held: Withheld) -> bool:
    return turn.request.now - held.at < FRESH and uk_date(held.at) == turn.today


def _same_person(turn: Turn, held: Withheld) -> bool:
    return (turn.tenant, turn.request.user.id) == (held.turn.tenant, held.turn.request.user.id)


def _seen(text: str) -> tuple[Seeming, ...]:
    """What seems to be in a text, but for patients' numbers and whom a platform names."""
    return find(_blanked(text))


def _blanked(text: str) -> str:
    text = _MENTION.sub(lambda found: "·" * len(found[0]), text)
    for number in reversed(identifiers.find(text)):
        text = text[: number.start] + "·" * (number.end - number.start) + text[number.end :]
    return text


def _found(inputs: Mapping[str, str]) -> dict[str, tuple[Seeming, ...]]:
    return {name: seen for name, text in inputs.items() if (seen := _seen(text))}


def _is_text(name: str, form: Form | None) -> bool:
    """Is it words of one's own, and no choice, day, fact or person?"""
    if name in FACTS or name == "user":
        return False
    kinds = {one.name: one.kind for one in form.inputs} if form else {}
    return kinds.get(name, InputKind.TEXT) in (InputKind.TEXT, InputKind.LINES)


def _phrases(what: What, found: Mapping[str, tuple[Seeming, ...]]) -> dict[str, list[tuple[str, str]]]:
    """By input: each phrase with what it seems to be."""
    texts = _texts(what)
    return {
        name: [(_blanked(texts[name])[one.start : one.end], one.what) for one in seen]
        for name, seen in found.items()
    }


def _texts(what: What) -> Mapping[str, str]:
    if isinstance(what, Command | Said):
        return {"": what.text}
    return what.inputs if isinstance(what, Pressed | Submitted | Changed) else {}


def _without(what: What, found: Mapping[str, tuple[Seeming, ...]]) -> What:
    """The same with the phrases taken out."""
    if isinstance(what, Command | Said):
        return replace(what, text=without(what.text, found[""]))
    if isinstance(what, Pressed | Submitted):
        cut = {name: without(text, found.get(name, ())) for name, text in what.inputs.items()}
        return replace(what, inputs=cut)
    return what


def _turn(turn: Turn, what: What) -> Turn:
    return replace(turn, request=replace(turn.request, what=what))


def _act(turn: Turn, text: str) -> Act | None:
    first, rest = split(text, turn.face)
    act = BY_WORD.get(first)
    return act if act and (named(without_particle(act, rest)).subject or subject_here(turn)) else None


def _keeps_nothing(turn: Turn, what: Command | Said, act: Act | None) -> bool:
    """Is nothing kept of it whatever it says: a look, a person that is named as one, or words that nobody
    said to the bot?"""
    if act:
        number = turn.holds_number(what.text)  # which is refused
        return act.looks or act.name in _PERSONS or (number and act.name != "redecide")
    first, rest = split(what.text, turn.face)
    standing = turn.drafts.standing() if isinstance(what, Said) else None
    if changes_nothing(what.text, turn.face):
        return standing is None or is_just_a_command(first, rest)
    to_us = isinstance(what, Command) or what.mentioned or turn.request.place.personal
    return not to_us and standing is None


def _overheard(turn: Turn, what: Command | Said, found: tuple[Seeming, ...], answer: Answer) -> list[Reply]:
    """Said among people: what answers the question that stands is taken without the words, and its author
    hears that."""
    replies = answer(_turn(turn, _without(what, {"": found})))
    return [*alone(turn, (gate_cards.LEFT_OUT_OF_WHAT_WAS_HEARD,)), *replies] if replies else []


def _subject(turn: Turn) -> str:
    what = turn.request.what
    if isinstance(what, Submitted):
        return Instruction.with_key("", what.key).subject
    if isinstance(what, Command | Said) and (act := _act(turn, what.text)):
        return named(without_particle(act, split(what.text, turn.face)[1])).subject or subject_here(turn)
    return ""


def _all_words(turn: Turn) -> str:
    """What was written beside a step, in one line."""
    what = turn.request.what
    if isinstance(what, Command | Said):
        act = _act(turn, what.text)
        rest = split(what.text, turn.face)[1]
        return named(without_particle(act, rest)).rest if act else rest
    return ". ".join(
        text.strip() for name, text in _texts(what).items() if text.strip() and _is_text(name, None)
    )


def _vouch(turn: Turn, subject: str, found: Mapping[str, tuple[Seeming, ...]]) -> None:
    """The trail says that somebody said so, and what it seemed to be; it does not repeat it."""
    kinds = sorted({one.what for seen in found.values() for one in seen})
    turn.store.log(
        turn.tenant, "said to be nobody's", subject, {"seemed": kinds}, by=turn.person, now=turn.request.now
    )
