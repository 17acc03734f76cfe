"""Taking out what somebody wrote, and what is said of it: where it stands still, and which copies hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.core.actions.act import Instruction, Outcome
from bot.core.cards import Form, Input, InputKind, Option, Text
from bot.core.check.record_fields import BY_NAME
from bot.core.refused import Refused
from bot.core.reminders.placing import updates
from bot.core.turn import Turn
from bot.core.words.phrases import capitalised, listed
from bot.core.words.phrases import moment as at_moment
from bot.core.words.references import REF, THEME
from storage.model import Redacted
from storage.redaction import OF_CASE, OF_RECORD, OF_THEME

_NAMES = sorted(
    (name.replace("_", " ") for name in {*OF_CASE, *OF_RECORD, *OF_THEME, *BY_NAME}), key=len, reverse=True
)
_WHAT = re.compile(rf"^(?:the )?((?:note|analysis|learning|measure) \d+|{'|'.join(_NAMES)})\b[\s,:]*", re.I)
_COPIES = {
    "backup made": "the backup of", "exported": "the export of",
    "register exported": "the register's export of", "paper made": "the paper of",
    "restored": "what was put aside by the restore of",
    "brought up to date": "the copy of before the upgrade of",
}  # fmt: skip
MOST_COPIES = 5


def as_redaction(text: str) -> Mapping[str, str]:
    """`account it names a patient`: which text, and why it goes."""
    text = text.strip().replace("_", " ") if "_" in text.partition(" ")[0] else text.strip()
    found = _WHAT.match(text)
    return {"what": found[1].lower(), "why": text[found.end() :]} if found else {"what": text, "why": ""}


def form(turn: Turn, asked: Instruction) -> Form:
    """Raises Refused where there is nothing to take out."""
    there = turn.store.texts(turn.tenant, asked.subject)
    if not there:
        raise Refused(f"{asked.subject} holds no text that could be taken out")
    options = tuple(Option(name, capitalised(name)) for name in there)
    blocks = (
        Text("The text goes for good, from every revision. That it was there, who took it out and why stay."),
        Input("what", "Which text is taken out?", InputKind.CHOICE, options, required=True),
        Input("why", "Why?", InputKind.LINES, hint="Without the name or number itself", required=True),
    )  # fmt: skip
    return Form(f"case.{asked.act}", asked.key, f"Take out, {asked.subject}", blocks, "Take out")


def redact(turn: Turn, asked: Instruction) -> Outcome:
    if not asked["why"].strip():
        names = "which text and why it goes" if not _WHAT.match(asked["what"]) else "why it goes"
        raise Refused(
            f"say {names}: {turn.command('redact 2026-0001 account it names a person')}", about="why"
        )
    made = turn.store.redact(
        turn.tenant, asked.subject, asked["what"], why=asked["why"], by=turn.person, now=turn.request.now
    )
    store, subject = turn.store, made.subject
    for ref in _cases_of(turn, subject):
        for post in updates(store, turn.tenant, ref):  # its own cards are shown anew
            store.post(turn.tenant, post, now=turn.request.now)
    return Outcome(" ".join(_told(made)))


def _cases_of(turn: Turn, subject: str) -> tuple[str, ...]:
    if REF.fullmatch(subject) or THEME.fullmatch(subject):
        return (subject,) if REF.fullmatch(subject) else ()
    return turn.store.record(turn.tenant, subject).cases


def _told(made: Redacted) -> Iterator[str]:
    times = f", in {made.texts} places" if made.texts > 1 else ""
    what = made.what.capitalize() if made.what[-1:].isdigit() else f"The {made.what}"
    yield f"{what} of {made.subject} is taken out{times}."
    if made.drafts:
        yield f"Unfinished checks that held it are gone as well: {made.drafts}."
    if made.elsewhere:
        yield f"The same words still stand in the {listed(made.elsewhere)}."
    if made.copies:
        said = [
            f"{_COPIES[how]} {at_moment(datetime.fromisoformat(at))}{f' ({file})' if file else ''}"
            for at, how, file in made.copies[-MOST_COPIES:]
        ]
        more = len(made.copies) - len(said)
        yield f"Still with it: {listed(said)}{f', and {more} older ones' if more else ''}."
    yield "What somebody wrote in a chat stands there until it is deleted there."
