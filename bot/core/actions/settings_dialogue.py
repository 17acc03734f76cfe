"""`settings`: what a hospital has set, one setting changed, or all in a form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from bot.core import patient_numbers
from bot.core.actions import ping_test
from bot.core.cards import Button, Card, Form, Input, InputKind, Option, Pairs, Text, Weight
from bot.core.messages import Done, Open, Reply
from bot.core.refused import Refused
from bot.core.reminders.late_and_lost import is_past_its_day
from bot.core.reminders.moving import to_channel
from bot.core.reminders.placing import here
from bot.core.reminders.replan import plans_of
from bot.core.settings import permissions
from bot.core.settings.administrators import administrators_words
from bot.core.settings.chosen import Chosen
from bot.core.settings.definitions import OF_PEOPLE, SETTINGS, read_setting
from bot.core.settings.setting_kinds import Asker, SettingWords
from bot.core.turn import Turn
from bot.core.words.case_words import label
from bot.core.words.deadline_kinds import is_weekly
from bot.core.words.phrases import capitalised, listed, moment, sentence
from rules.deadlines import uk_date
from storage.errors import Conflict
from storage.model import Destination
from storage.plans import DeadlinePlan, PostPlan

FORM = "case.settings"
LATE = "Something else was set since this form was opened. Nothing is saved yet: look, and save it again."
TEST_PING = "test_ping"
# What moves the reminders of deadlines that are there already.
SCHEDULE = (
    "ping_days", "ping_hour", "ping_spread", "quiet_days", "incidents_channel", "escalation_channel",
)  # fmt: skip
# By which what is opened from now on gets its deadlines.
_OF_NEW = ("local_deadlines", "mpe_days", "confirm_days", "learning_days")
_TRIES = 3
# In the form the one setting that is a word or people has an input for each.
READERS, PICKED = "may_read", "may_read_people"
EVERYBODY, NAMED = "everybody", "named"
_WHO_READS = (
    Option(EVERYBODY, "Everybody of the organisation"),
    Option(NAMED, "Named: owners, whoever gave facts, roles, and whom you pick"),
)


def command(turn: Turn, rest: str) -> list[Reply]:
    """Raises Refused."""
    permissions.require_ours(turn)
    name, _, value = rest.strip().partition(" ")
    if not name:
        return [turn.show(settings_card(turn))]
    if name.lower().replace("-", "_") == TEST_PING:
        permissions.require_settings(turn)
        return [turn.show(ping_test.card(turn, value))]
    key = _named(name)
    if not value.strip():
        said = f"{SETTINGS[key].label}: {_words(turn, Chosen(turn.settings), key)}"
        return turn.say(f"{said}. {turn.command(f'settings {key}')} <{SETTINGS[key].hint}>")
    permissions.require_settings(turn)
    return turn.say(change(turn, {key: value.strip()}))


def _named(name: str) -> str:
    """The setting of that name, or label. Raises Refused."""
    plain = name.lower().replace("-", "_").rstrip(":")
    if plain in SETTINGS:
        return plain
    near = get_close_matches(plain, SETTINGS, 1)
    meant = f"Did you mean {near[0]}? " if near else ""
    raise Refused(f"there is no such setting. {meant}There are: {', '.join(SETTINGS)}")


def settings_card(turn: Turn) -> Card:
    """Raises NotAllowed."""
    chosen = Chosen({"nation": turn.nation, **turn.settings})
    pairs = tuple((f"{words.label} ({key})", _words(turn, chosen, key)) for key, words in SETTINGS.items())
    how = Text(
        f"{turn.command('settings <name> <value>')} changes one; "
        f"{turn.command('settings test_ping')} tries the way that reminders go.",
        Weight.SUBTLE,
    )
    problems = (*chosen.problems, *permissions.misplaced(turn), *_first_steps(turn))
    wrong = (Text(f"{sentence(problem)}", Weight.WARNING) for problem in problems)
    card = Card("Settings", (*wrong, Pairs(pairs), how))
    if turn.face.buttons and permissions.may_change_settings(turn):
        return card.with_buttons(Button("Change", "case.settings", style="primary"))
    return card


def _words(turn: Turn, chosen: Chosen, key: str) -> str:
    """As people read it: by their names whoever is named; what was typed and is nobody stays as it was."""
    named = chosen.people(key) if key in OF_PEOPLE else ()
    return SETTINGS[key].shown([turn.name_of(one) or one for one in named]) if named else chosen.shown(key)


def _first_steps(turn: Turn) -> Iterator[str]:
    if permissions.nobody_has_a_role(turn):
        yield (
            "nobody is named as MPE, RPS or governance lead yet, and until then nobody confirms a verdict: "
            f"{turn.command('settings role_mpe <person>')}, by {administrators_words(turn)}"
        )


def change(turn: Turn, typed: Mapping[str, str]) -> str:
    """All of them or none; what is told of it. Raises Refused."""
    values = {key: read(turn, key, text) for key, text in typed.items()}
    after = Chosen({**turn.settings, **values})
    said = sentence("; ".join(f"{SETTINGS[key].label}: {_words(turn, after, key)}" for key in values))
    if _keep(turn, values, after):
        said += " Deadlines that are there already keep their dates; their reminders follow."
    if any(key in values for key in _OF_NEW) and turn.store.count_deadlines(turn.tenant):
        said += " What is open already keeps the deadlines and the dates that it has."
    return " ".join([said, *(sentence(f"careful: {line}") for line in _of_channels(turn, values, after))])


def _of_channels(turn: Turn, values: Mapping[str, Any], after: Chosen) -> Iterator[str]:
    """Who else reads what is posted in a channel that was set just now."""
    for key in values:
        place = after.place(key) if key.endswith("_channel") else None
        facts = turn.request.channels.get(place.conversation) if place else None
        if facts is None:
            continue
        what = SETTINGS[key].label.lower()
        if facts.joined is False:
            yield f"the bot is not in the {what}, and posts nothing there until it is invited"
        if facts.public:
            yield f"the {what} is public: everybody here may join it and read every case that is posted there"
        if facts.shared:
            yield f"the {what} is shared with another organisation, whose people read every case posted there"
        if permissions.readers(turn) is not None:
            yield f"may_read is named, but whoever is in the {what} reads what is posted there"


def _keep(turn: Turn, values: Mapping[str, Any], after: Chosen) -> int:
    """How many deadlines are reminded of otherwise from now on. Raises Conflict."""
    for tries in range(_TRIES):
        plans: tuple[DeadlinePlan, ...] | None = None
        posts: tuple[PostPlan, ...] = ()
        if any(key in values for key in SCHEDULE):
            moved, posts = to_channel(turn, Chosen(turn.settings), after)
            plans = plans_of(turn.store, turn.tenant, after, turn.today, here(turn), moved)
        try:
            return turn.store.change_settings(
                turn.tenant, values, plans=plans, posts=posts, by=turn.person, now=turn.request.now
            )
        except Conflict:  # somebody has set or ended a deadline meanwhile
            if tries == _TRIES - 1:
                raise
    raise AssertionError("the last try returns or raises")


def read(turn: Turn, key: str, text: str) -> Any:
    """The value to keep. Raises Refused."""
    patient_numbers.refuse_numbers(text)
    where = Destination(turn.face.name, turn.request.place.conversation)
    value = read_setting(key, text, Asker(turn.request.user.id, where, turn.nation))
    if isinstance(value, Mapping) and SETTINGS[key].kind is InputKind.CHANNEL:
        _require_channel(turn, key, value["conversation"])
    if key == "escalation_channel" and value is None:
        _refuse_silence(turn)
    if isinstance(value, list) and key in OF_PEOPLE:
        permissions.require_people(
            turn, value, "hold a role" if key.startswith("role_") else "be named there"
        )
        if value and tuple(value) == Chosen(turn.settings).people(key):
            shown = _words(turn, Chosen(turn.settings), key)
            raise Refused(f"{SETTINGS[key].label}: {shown} already, and nothing is changed")
    return value


def _refuse_silence(turn: Turn) -> None:
    """Raises Refused where nobody would be reminded any more of what was put off past its day."""
    every = [one for one in turn.store.put_off(turn.tenant) if is_past_its_day(one)]
    alone = [one for one in every if not is_weekly(one.rule) and uk_date(one.planned_at) > turn.today]
    if alone:
        what = listed([f"{one.subject} ({label(one.rule)}, to {moment(one.planned_at)})" for one in alone])
        raise Refused(
            f"what is put off past its day is reminded of there alone: {what}. Name another channel in its "
            "place"
        )


def _require_channel(turn: Turn, key: str, conversation: str) -> None:
    """A name, or somebody's own chat, is none that a case could be posted to. Raises Refused."""
    face, here = turn.face, turn.request.place.conversation
    shared = not face.direct or not re.match(face.direct, conversation)
    known = conversation == here or not face.channels or re.fullmatch(face.channels, conversation)
    if not shared or not known:
        raise Refused(SETTINGS[key].wanted)


# As a form


def opened(turn: Turn) -> list[Reply]:
    """Raises NotAllowed."""
    permissions.require_settings(turn)
    return [form(turn)]


def form(
    turn: Turn,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    since: Sequence[str] = (),
) -> Open:
    """`since`: settings of which somebody else made something else than stands in the form."""
    chosen, values = _now(turn), typed or {}
    inputs = (
        one
        for key, words in SETTINGS.items()
        for one in _inputs(key, words, values, _as_typed(chosen, key), (errors or {}).get(key, ""))
    )
    pairs = tuple((SETTINGS[key].label, _words(turn, chosen, key)) for key in since)
    head = (Text(LATE, Weight.WARNING), Pairs(pairs)) if since else ()
    marks = ".".join(_mark(_as_typed(chosen, key)) for key in SETTINGS)
    return Open(Form(FORM, marks, "Settings", (*head, *inputs), "Save"))


def _now(turn: Turn) -> Chosen:
    return Chosen({"nation": turn.nation, **turn.settings})


def _mark(text: str) -> str:
    """Of what stood in an input: a form says by these what its author was shown."""
    return hashlib.sha256((text or "none").encode()).hexdigest()[:6]


def _inputs(
    key: str, words: SettingWords, values: Mapping[str, str], kept: str, error: str
) -> Iterator[Input]:
    if key == READERS:
        which, _, people = kept.partition(",")
        people = ",".join(people.replace(",", " ").split())
        yield Input(
            key, words.label, InputKind.CHOICE, _WHO_READS, values.get(key, which), error=error, required=True
        )
        yield Input(
            PICKED, "Who else may read, where it is named", InputKind.USERS, value=values.get(PICKED, people)
        )
        return
    hint = "" if words.kind is InputKind.USERS else capitalised(words.hint)  # picked
    yield Input(key, words.label, words.kind, value=values.get(key, kept), hint=hint, error=error)


def _readers(inputs: Mapping[str, str]) -> str:
    """As it is typed. Raises Refused."""
    which, people = inputs[READERS], inputs[PICKED]
    if which == EVERYBODY and people:
        raise Refused("people are picked, and everybody may read: choose named, or pick nobody")
    return ", ".join(filter(None, (which, *people.split(",")))) if which == NAMED else which


def _as_typed(chosen: Chosen, key: str) -> str:
    shown = chosen.shown(key)
    if shown in ("not set", "none"):
        return ""
    return ",".join(chosen.people(key)) if SETTINGS[key].kind is InputKind.USERS else shown


def submitted(turn: Turn, opened_with: str, inputs: Mapping[str, str]) -> list[Reply]:
    """Only what its author changed is set; what is wrong stands beside its input. What somebody else set
    since the form was opened stays, and what both changed is looked at once more. Raises Refused."""
    permissions.require_settings(turn)
    chosen = _now(turn)
    errors: dict[str, str] = {}
    given, typed = dict(inputs), patient_numbers.without_numbers(inputs)
    if PICKED in inputs:
        try:
            given[READERS] = _readers(inputs)
        except Refused as refused:
            errors[READERS] = str(refused)
    stood = dict(zip(SETTINGS, opened_with.split("."), strict=False))
    changed, since = {}, []
    for key, text in given.items():
        text, now = text.strip(), _as_typed(chosen, key) if key in SETTINGS else text
        if key not in SETTINGS or key in errors or (text or "none") == (now or "none"):
            continue
        if stood.get(key) not in (_mark(now), _mark(text)):
            since.append(key)
        elif stood[key] == _mark(text):  # it stands as it was shown, and is another by now
            for name in (key, PICKED) if key == READERS else (key,):
                typed.pop(name, None)
            continue
        changed[key] = text or "none"
    for key, text in changed.items():
        try:
            read(turn, key, text)
        except Refused as refused:
            errors[key] = str(refused)
    if errors or since:
        return [form(turn, typed, errors, since)]
    close: list[Reply] = [Done()] if turn.face.dialogs else []
    return [*close, *turn.say(change(turn, changed) if changed else "Nothing was changed.")]
