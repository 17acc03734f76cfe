"""What can be done with a case."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.actions import paper_acts, record_acts
from bot.core.actions.act import Instruction, Outcome, case_of
from bot.core.actions.beside_the_verdict import not_in_the_verdict, refuse_other_facts
from bot.core.actions.denied import refuse_unsure
from bot.core.actions.record_reasons import WHY, reasons_of
from bot.core.actions.theme_card import theme_card
from bot.core.actions.told_on import in_its_note, told_on
from bot.core.actions.told_to import refuse_others
from bot.core.cases import opening, steps, taken_back
from bot.core.check import of_record
from bot.core.check.record_details import known_by
from bot.core.days.written import leading_day, refuse_about
from bot.core.refused import Refused
from bot.core.reminders.placing import home_of
from bot.core.reminders.schedule import STATUTORY
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.case_words import label, notified_words, reference_in, who
from bot.core.words.deadline_kinds import NOTIFY, REPORT
from bot.core.words.phrases import capitalised, day, listed
from bot.core.words.references import NUMBER, REF, THEME
from storage.case_states import ACTIVE
from storage.model import UNNAMED, Case, CaseStep, Destination

_QUOTES = " \"'`*“”‘’<>"


def show(turn: Turn, asked: Instruction) -> Outcome:
    if THEME.fullmatch(asked.subject):
        return Outcome(replies=(turn.show(theme_card(turn, turn.store.theme(turn.tenant, asked.subject))),))
    if asked["note"].strip().lower() in ("report", "the report"):
        return Outcome(replies=(turn.show(paper_acts.report_of(turn, asked.subject)),))
    if asked["note"].strip().lower() == WHY:
        number = record_acts.to_last_record(turn, asked).subject
        return Outcome(replies=(turn.show(reasons_of(turn, turn.store.record(turn.tenant, number))),))
    if REF.fullmatch(asked.subject):
        return Outcome(case=turn.store.case(turn.tenant, asked.subject), whole=True)
    return Outcome(record=turn.store.record(turn.tenant, asked.subject))


def open_(turn: Turn, asked: Instruction) -> Outcome:
    record = turn.store.record(turn.tenant, asked.subject)
    case = opening.open_from(turn, record)
    _, word = opening.discovery_of(turn, record.assessment)
    said = f"Opened as case {case.ref}, and it is yours. {word}".strip()
    here = Destination(turn.face.name, turn.request.place.conversation)
    about_to_be_posted_here = home_of(turn.store, turn.tenant, case.ref) == here
    return Outcome(said, None if about_to_be_posted_here else case)


# Another step alone, for which no other one is taken.
_ANOTHER = re.compile(
    r"\W*(?:(?:and|then)\s+)*(?:the\s+)?(notif|report|clos|investigat)\w*"
    r"(?:\s+(?:it|too|as well|already|now|done|sent|submitted|made))*\W*",
    re.I,
)
_VERBS = {"notif": "notified", "report": "reported", "clos": "close", "investigat": "investigate"}


def _refuse_two(turn: Turn, case: Case, note: str, verb: str) -> None:
    """Raises Refused of "notified C26-0001 and reported": the second would be a note."""
    second = _ANOTHER.fullmatch(note)
    if second and _VERBS[second[1].lower()] != verb:
        ways = [turn.command(f"{one} {case.ref}") for one in (verb, _VERBS[second[1].lower()])]
        raise Refused(f"one at a time: {listed(ways, 'or')}", about="note")


def investigate(turn: Turn, asked: Instruction) -> Outcome:
    _refuse_two(turn, case_of(turn, asked), asked["note"], "investigate")
    case = steps.investigate(turn, case_of(turn, asked), asked["note"])
    return Outcome(f"The preliminary investigation has begun.{_beside(turn, case, asked['note'])}", case)


def as_notified(text: str) -> Mapping[str, str]:
    reference, note = reference_in(text)
    return {"reference": reference, "note": note}


def notify(turn: Turn, asked: Instruction) -> Outcome:
    on, note, said = told_on(turn, asked)
    reference, before = asked["reference"].strip(_QUOTES), case_of(turn, asked)
    if not reference and note != asked["note"]:  # the number follows the day
        reference, note = reference_in(note)
    refuse_others(turn, before, f"{reference} {note}".strip(), "notified")
    _refuse_two(turn, before, note, "notified")
    if said:
        steps.as_told(turn, before, NOTIFY, on)
    case = steps.notify(turn, before, reference.strip(_QUOTES), note, on)
    counts = _counts_from(turn, case, note) if case.last.kind == "notify" else ""
    words = notified_words(case, _number_before(turn, case))
    return Outcome(f"{words}{counts}{_beside(turn, case, note)}", case)


def _number_before(turn: Turn, case: Case) -> CaseStep | None:
    """The step that gave the number which stood there until the last one, if one did."""
    *earlier, _ = turn.store.steps(turn.tenant, case.ref) if case.last.kind == "reference" else (case.last,)
    was = earlier[-1].authority_reference if earlier else ""
    return next((one for one in earlier if was and one.authority_reference == was), None)


def report(turn: Turn, asked: Instruction) -> Outcome:
    on, note, said = told_on(turn, asked)
    before = case_of(turn, asked)
    refuse_others(turn, before, note, "reported")
    _refuse_two(turn, before, note, "reported")
    if said:
        steps.as_told(turn, before, REPORT, on)
    case = steps.report(turn, before, note, on)
    more = f"{_counts_from(turn, case, note)}{_beside(turn, case, note)}"
    return Outcome(f"The report is submitted.{more}", case)


def _beside(turn: Turn, case: Case, note: str) -> str:
    """What the note of a step tells that the verdict does not know."""
    told = not_in_the_verdict(turn, case.ref, note)
    return f" {told}." if told else ""


def _counts_from(turn: Turn, case: Case, note: str) -> str:
    """The day on which it was done; else what is said of a day that stands in the note."""
    if case.last.done_on:
        return f" It counts from {day(case.last.done_on)}, as you say."
    return in_its_note(turn, note)


def close(turn: Turn, asked: Instruction) -> Outcome:
    before = case_of(turn, asked)
    case = steps.close(turn, before, asked["note"])
    return Outcome(f"Closed.{_left_undone(before, case)}{_beside(turn, case, asked['note'])}", case)


def _left_undone(before: Case, after: Case) -> str:
    """What is not done of what no law dates, and nobody is reminded of any more."""
    still = [label(one) for one in steps.open_kinds(before) if one not in STATUTORY]
    withdrawn = {label(one.kind) for one in after.deadlines if one.state == "withdrawn"}
    left = [one for one in still if one in withdrawn]
    return f" Withdrawn with it, and not reminded of any more: {listed(left)}." if left else ""


def stand_down(turn: Turn, asked: Instruction) -> Outcome:
    number, reason = record_and_rest(asked["note"])
    refuse_other_facts(turn, number or asked.subject, reason)
    before = case_of(turn, asked)
    case = steps.stand_down(turn, before, reason, number)
    return Outcome(f"Stood down.{_left_undone(before, case)}", case)


def record_and_rest(text: str) -> tuple[str, str]:
    """A record's number that the words begin with, and what follows it."""
    first, _, after = text.partition(" ")
    return (first, after) if NUMBER.fullmatch(first) else ("", text)


def reopen(turn: Turn, asked: Instruction) -> Outcome:
    before = case_of(turn, asked)
    own, why = taken_back.named_in(turn, before, asked["note"])
    with_case = own is not None and own.subject == before.ref and before.state not in ACTIVE
    if own and not with_case:
        taken_back.not_done(turn, before, own, why)
        said = f"{capitalised(label(own.kind))} counts as not done: its deadline runs again."
        return Outcome(said, turn.store.case(turn.tenant, before.ref))
    case = taken_back.reopen(turn, before, why, own)
    said = f"It counts as not {before.state}: its deadline runs again."
    if before.state not in ACTIVE:
        said = "Reopened: its dates run again."
    if own:
        said += f" {capitalised(label(own.kind))} counts as not done."
    return Outcome(f"{said}{_beside(turn, case, why)}", case)


def redecide(turn: Turn, asked: Instruction) -> Outcome:
    """What has been found out may follow in words. Whatever was seen of the case, it is decided as it is
    now."""
    number, text = record_and_rest(asked["note"])
    case = turn.store.case(turn.tenant, asked.subject)
    return Outcome(replies=tuple(of_record.redecide(turn, case, text, number)))


def correct(turn: Turn, asked: Instruction) -> Outcome:
    return Outcome(replies=tuple(of_record.correct(turn, asked.subject, asked["note"])))


def as_person(text: str) -> Mapping[str, str]:
    return {"user": text}


def assign(turn: Turn, asked: Instruction) -> Outcome:
    """The person is named as a platform sends a mention, `<@U123|name>`, or by id."""
    named = re.fullmatch(r"(?:to\s+)?(?:<@([^|>]+)(?:\|([^>]*))?>|@?(\S+))", asked["user"].strip())
    user = (named[1] or named[3]) if named else ""
    if not named or not user or len(user) > 200:
        raise Refused("name one person as the new owner: mention them, or give their id", about="user")
    if user.lower() == "me":
        return take(turn, asked)
    try:
        permissions.require_people(turn, (user,), "own a case")
    except Refused as refused:
        raise Refused(str(refused), about="user") from None
    case = steps.assign(turn, case_of(turn, asked), user, named[2] or "", asked["note"])
    return Outcome(_whose(case), case)


def take(turn: Turn, asked: Instruction) -> Outcome:
    case = steps.assign(turn, case_of(turn, asked), turn.person.id, turn.person.name)
    return Outcome(_whose(case), case)


def _whose(case: Case) -> str:
    if case.owner is None or case.owner.called == UNNAMED:
        return "It is theirs now. Their name is not known here yet."
    return f"It is {who(case.owner)}'s now."


def as_day(text: str) -> Mapping[str, str]:
    return {"day": text}


def discovered(turn: Turn, asked: Instruction) -> Outcome:
    before = case_of(turn, asked)
    try:
        stated, rest = leading_day(asked["day"], turn.request.written)
        refuse_about(asked["day"].removesuffix(rest))
    except Refused as refused:
        raise Refused(str(refused), about="day") from None
    refuse_unsure(asked["why"] or rest, "why")
    if stated[:10] > before.discovered_on.isoformat():
        for number in before.records:
            known_by(turn.store.record(turn.tenant, number), stated[:10])
    case = steps.correct_discovery(turn, before, stated, asked["why"] or rest)
    moved = "; ".join(steps.moved_words(before, case)) or "no open date has moved"
    said = f"The day of discovery is corrected. {moved}. What the dates were stays in the record."
    return Outcome(f"{said}{_beside(turn, case, asked['why'] or rest)}", case)
