"""Before a verdict that nobody need be told: what it hangs on and nobody answered, in one message, to be
agreed to or changed."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.core.cards import Block, Bullets, Button, Card, Form, Text, Weight
from bot.core.check.answers import yes_or_no
from bot.core.check.check import Check, sources_of
from bot.core.check.stating import without
from bot.core.draft import Agreed, Source
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.draft_words import about
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import one_line, sentence

FORM, AGREE, CHANGE = "check.agree", "check.agree", "check.change"
ASK = "Is this right?"
RIGHT = frozenset(
    {"agree", "agreed", "ok", "it is", "yes it is"}
    | {
        f"{yes}{it}{right}"
        for yes in ("", "yes ", "yes, ")
        for it in ("", "all ", "all of it is ", "that is ", "that's ", "it is ", "it's ", "looks ")
        for right in ("right", "correct")
    }
)
# More buttons than this make no card that one reads; what is left is changed by its number or in the form.
MOST_BUTTONS = 4
LONGEST = 700  # characters of an account: it is looked over here, and not read anew


def agreement(turn: Turn, check: Check, *, problem: str = "") -> Card:
    """As a message: with a button for each where there are any."""
    card = Card(ASK, tuple(_blocks(check, problem, numbered=not turn.face.buttons)))
    if not turn.face.buttons:
        ways = "yes (all of it is right) · the number of what is not · edit · quit"
        return card.with_blocks(Text(ways, Weight.SUBTLE))
    names, draft = check.to_agree, check.draft
    changes = [Button(f"Change: {title(name).lower()}", CHANGE, f"{draft.id}:{name}") for name in names]
    if len(names) > MOST_BUTTONS:
        changes = [Button("Change an answer", "check.edit", draft.id)]
    return card.with_buttons(Button("Yes, all of it", AGREE, f"{draft.id}:{draft.mark}", "primary"), *changes)


def agreement_form(check: Check) -> Form:
    """In the place of the form that led to it."""
    draft = check.draft
    change = Button("Change an answer", "check.edit", draft.id)
    blocks = tuple(_blocks(check, "", numbered=False))
    return Form(FORM, f"{draft.id}:{draft.mark}", ASK, blocks, "Yes, all of it", (change,))


def _blocks(check: Check, problem: str, *, numbered: bool) -> list[Block]:
    lines = [_line(check, name) for name in check.to_agree]
    if numbered:
        lines = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    said = [Text(sentence(problem), Weight.WARNING)] if problem else []
    rests = Text("What follows rests on this, and nobody has answered it:")
    return [*about(check.draft), *said, rests, Bullets(tuple(lines)), *_as_written(check)]


def _as_written(check: Check) -> list[Block]:
    """What was read is seen with all that stands beside it, which may say otherwise."""
    account, sources = check.draft.details.get("account", ""), sources_of(check.draft)
    read = any(name in sources and sources[name].how == "read" for name in check.to_agree)
    written = Text(f"It was written: “{one_line(account, LONGEST)}”", Weight.SUBTLE)
    return [written] if read and account else []


def _line(check: Check, name: str) -> str:
    source = sources_of(check.draft).get(name, Source(how="carried"))
    rests = {
        "read": f"“{source.words}”" if source.words else "what was written",
        "assumed": source.words or "assumed",
        "carried": "the source it was brought in from",
    }.get(source.how, "what was said")
    return f"{rests} → {title(name)}: {value_words(name, check.facts)}"


def agreed(turn: Turn, check: Check) -> Check:
    """Everything that stands in the message is agreed to."""
    draft = check.draft
    by = Agreed(turn.person.id, turn.person.name, turn.request.now.isoformat(timespec="seconds"))
    known = sources_of(draft)
    given = {name: replace(known.get(name, Source(how="carried")), agreed=by) for name in check.to_agree}
    return check.with_(sources={**draft.sources, **given}, stage="asking", listed=())


def _numbered(plain: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The facts that one or more numbers of the list stand for; none where anything else was typed."""
    pieces = re.split(r"[\s,;&+]+|(?<=\d)\s*and\s*(?=\d)", plain)
    if not all(piece.isdecimal() and 1 <= int(piece[:4]) <= len(names) for piece in pieces):
        return ()
    return tuple(dict.fromkeys(names[int(piece[:4]) - 1] for piece in pieces))


# "All but 2", "2 is wrong": of what is not right, the number alone.
_WRONG = re.compile(
    r"(?:(?:yes|y|right|ok|no|all)(?: to all)?\W+)?(?:but|except|apart from|not|check)\W+"
    r"(?P<of>\d[\d\s,;&+]*)$"
    r"|(?P<one>\d+) (?:is|was) (?:wrong|not right|not correct|incorrect)$"
)


def told(turn: Turn, check: Check, plain: str) -> Check:
    """The check after a word about what is to be agreed to. Raises Refused."""
    names = check.to_agree
    if plain in RIGHT or yes_or_no(plain):
        return agreed(turn, check)
    if yes_or_no(plain) is False and len(names) == 1:
        return check.asked_aside(names)
    wrong = _WRONG.sub(r"\g<of>\g<one>", plain)
    if chosen := _numbered(wrong, names):  # of several the first is asked now, and the others after it
        return without(check, chosen[1:]).asked_aside(chosen[:1])
    raise Refused(f"type yes if all of it is right, or a number from 1 to {len(names)} to change that")
