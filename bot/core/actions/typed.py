"""Typed words about cases, records and reminders, as instructions."""

from __future__ import annotations

import re

from bot.core import patient_numbers
from bot.core.actions.act import About, Act, Instruction
from bot.core.actions.carry_out import answered, carry_out
from bot.core.actions.denied import NOT_SO, denied
from bot.core.actions.done_and_snooze import pick
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.reminders.placing import subject_here
from bot.core.settings.permissions import May
from bot.core.turn import Turn
from bot.core.words.case_words import deadline_word, who
from bot.core.words.references import NUMBER, REF, named
from storage.case_rows import DID


def run(turn: Turn, act: Act, rest: str) -> list[Reply]:
    """`rest` is what follows the act's first word."""
    found = named(without_particle(act, rest))

    def work() -> list[Reply]:
        subject, after = _subject(turn, act, rest)
        # That somebody asks stands at the end of all of it: what it is about may be all that there is.
        asks = denied(act, "?" if rest.rstrip().endswith("?") else "")
        asked = None if asks else _instruction(turn, act, subject, after)
        if asked is None or denied(act, asked["note"] if asked.deadline else after, asked.deadline):
            which = deadline_word(asked.deadline) if asked else "<which>"
            more = which if act.about is About.DEADLINE else asked["reference"] if asked else ""
            how = turn.command(f"{act.verb} {subject} {more}".strip())
            raise Refused(f"{NOT_SO}. {_taken_back(turn, act, subject) or f'Once it is: {how}'}")
        _not_overtaken(turn, act, asked.subject)
        return carry_out(turn, asked)

    return answered(turn, found.subject or subject_here(turn), work)


def _not_overtaken(turn: Turn, act: Act, subject: str) -> None:
    """Raises Refused of words that come late, where what they are about was changed since they were written:
    as of a button on a card that is older."""
    told_at = turn.request.told_at
    if told_at is None or act.looks or act.name == "note":
        return
    if REF.fullmatch(subject):
        last = turn.store.case(turn.tenant, subject).last
        if told_at < last.at:
            did = f"{who(last.by)} {DID[last.kind]}"
            raise Refused(f"{subject} has changed meanwhile: {did}. Look at it again first")
    elif act.may is May.CONFIRM and NUMBER.fullmatch(subject):
        record = turn.store.record(turn.tenant, subject)
        if record.revision > 1 and told_at < record.at:
            by = f"was corrected meanwhile by {who(record.by)}"
            raise Refused(f"{subject} {by}: look at revision {record.revision} first")


def _taken_back(turn: Turn, act: Act, subject: str) -> str:
    """How a step is taken back, where the case stands as it does after it."""
    state = {"notify": "notified", "report": "reported"}.get(act.name)
    if not (state and REF.fullmatch(subject) and turn.store.case(turn.tenant, subject).state == state):
        return ""
    return f"If it is not {act.verb} after all: {turn.command(f'reopen {subject} <why>')}"


def without_particle(act: Act, rest: str) -> str:
    """`stand down C26-0001` and `take over C26-0001` are two words."""
    particle = act.verb.partition(" ")[2]
    return re.sub(rf"^{particle}\b\s*", "", rest.strip(), flags=re.I) if particle else rest.strip()


def _subject(turn: Turn, act: Act, rest: str) -> tuple[str, str]:
    """What the words name, or else the thread's own case, and what follows. Raises Refused."""
    found = named(without_particle(act, rest))
    if found.wrong:
        raise Refused(f"{found.wrong}. For example: {turn.command(act.example)}")
    if found.subject:
        return found.subject, found.rest
    if here := subject_here(turn):
        return here, found.rest
    what = {About.RECORD: "the record by its number", About.CASE: "the case by its reference"}
    wanted = what.get(act.about, "a case or a record by its number")
    raise Refused(f"name {wanted}, such as {turn.command(act.example)}")


def _instruction(turn: Turn, act: Act, subject: str, rest: str) -> Instruction:
    patient_numbers.refuse_numbers(rest)  # before it is taken apart, and a number with it
    if act.about is not About.DEADLINE:
        return Instruction(act.name, subject, given=act.read(rest))
    deadline, after = pick(turn, subject, rest, to_end=act.name == "done")
    return Instruction(act.name, deadline.subject, deadline=deadline.kind, given=act.read(after))
