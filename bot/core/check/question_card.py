"""A question of the check as a card: with buttons where the face has them, with numbers to type where it has
not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.cards import Block, Bullets, Button, Card, Input, InputKind, Option, Text, Weight
from bot.core.check.interview import Question
from bot.core.draft import Draft
from bot.core.messages import Capabilities
from bot.core.words.draft_words import about
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import sentence
from rules.facts import FACTS, Kind
from rules.incident import Facts

# With more answers than this, or longer ones, a list to choose from is easier than a row of buttons.
MOST_BUTTONS, LONGEST_BUTTON = 4, 75
ALL_I_KNOW = "That is all I know"
WAYS = "don't know · that is all I know · why · back · quit"


def question_card(
    asked: Question,
    draft: Draft,
    face: Capabilities,
    *,
    personal: bool,
    notes: Sequence[str] = (),
    problem: str = "",
) -> Card:
    """`notes` say what was understood, `problem` why the last answer was not. `personal`: nobody else is
    there, so that all that is said is meant for the bot."""
    blocks: list[Block] = [*about(draft), *(Text(note, Weight.SUBTLE) for note in notes)]
    if problem:
        blocks.append(Text(sentence(problem), Weight.WARNING))
    if beside := FACTS[asked.name].beside if asked.name in FACTS else "":
        blocks.append(Text(beside, Weight.SUBTLE))
    if asked.example and not asked.options:
        blocks.append(Text(f"For example: {asked.example}", Weight.SUBTLE))
    if not face.buttons:
        return Card(asked.ask, (*blocks, *_to_type(asked)))
    if not (face.hears_everything or personal):
        blocks.append(Text(f"Answer here, or in words that begin with {face.command}.", Weight.SUBTLE))
    inputs = tuple(_inputs(asked))
    return Card(
        asked.ask, (*blocks, *_person_hint(asked), *inputs), tuple(_buttons(asked, draft, bool(inputs)))
    )


def _to_type(asked: Question) -> list[Block]:
    numbered = tuple(f"{number}. {option.label}" for number, option in enumerate(asked.options, 1))
    blocks: list[Block] = [Bullets(numbered)] if numbered else []
    words = "the numbers that apply (“1, 2 only” where the others do not), none, " if asked.several else ""
    words = "the numbers that apply, nobody, " if _of_whom(asked) else words
    return [*blocks, *_person_hint(asked), Text(f"{words}{WAYS}", Weight.SUBTLE)]


def _of_whom(asked: Question) -> bool:
    """Is it answered by any number of them?"""
    return not asked.several and asked.name in FACTS and FACTS[asked.name].many


def _person_hint(asked: Question) -> tuple[Block, ...]:
    if not asked.offers_person:
        return ()
    return (
        Text(
            "If the person is male or a young child, say so: pregnancy and breast-feeding are then left out.",
            Weight.SUBTLE,
        ),
    )


def _inputs(asked: Question) -> list[Input]:
    kind = FACTS[asked.name].kind if asked.name in FACTS else Kind.CHOICE
    if asked.several:
        others = Option("none", "None of the others")
        return [Input("answer", "Those that apply", InputKind.CHOICES, (*asked.options, others))]
    if len(asked.options) > MOST_BUTTONS or any(len(o.label) > LONGEST_BUTTON for o in asked.options):
        return [Input("answer", "Answer", InputKind.CHOICE, asked.options)]
    if kind is Kind.DATE:
        return [Input("answer", "Date and time", InputKind.DATETIME)]
    return [] if asked.options else [Input("answer", "Answer", hint=asked.example)]


def _buttons(asked: Question, draft: Draft, has_input: bool) -> list[Button]:
    """The press brings back which check, which question, and the answer: an old card's button is known as
    such."""
    ref = f"{draft.id}:{'+'.join(asked.names)}"
    buttons = [Button("Answer", "check.answer", ref, "primary")] if has_input else []
    if asked.several:
        buttons.append(Button("None of these", "check.answer", f"{ref}:none"))
    elif not has_input:
        buttons += [Button(option.label, "check.answer", f"{ref}:{option.value}") for option in asked.options]
        buttons += [Button("Nobody", "check.answer", f"{ref}:nobody")] if _of_whom(asked) else []
    if asked.offers_person:
        buttons += [
            Button("Male", "check.answer", f"{ref}:male"),
            Button("Young child", "check.answer", f"{ref}:young child"),
        ]
    buttons.append(Button("Don't know", "check.answer", f"{ref}:?"))
    of_a_kind = asked.name in FACTS and FACTS[asked.name].categories and not asked.several
    if of_a_kind and "category" in draft.skipped:
        buttons.append(Button("Nothing of this kind", "check.answer", f"{ref}:nothing of this kind"))
    buttons.append(Button(ALL_I_KNOW, "check.enough", draft.id))
    if not asked.offers_person:
        buttons.append(Button("Why?", "check.why", draft.id))
    return [*buttons, Button("Back", "check.back", draft.id)] if draft.path or draft.aside else buttons


def understood(before: Mapping[str, object], after: Facts, *, ticked: Sequence[str] = ()) -> tuple[str, ...]:
    """What an answer was taken to mean, one line a fact, where that is worth repeating. What was ticked in a
    list is not."""
    changed = [n for n, value in after.stated.items() if before.get(n) != value and n in FACTS]
    worth = [
        n for n in changed if FACTS[n].kind in (Kind.DATE, Kind.QUANTITY, Kind.COUNT) and n not in ticked
    ]
    gone = [n for n in before if n not in after.stated and not (n[:4] == "age_" and "age_" in str(changed))]
    return (
        *(f"{title(name)}: {value_words(name, after)}" for name in worth),
        *(f"{title(name)} no longer fits what was said, and was taken out." for name in gone),
    )


def options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in pairs)
