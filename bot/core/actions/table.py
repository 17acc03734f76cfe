"""Everything that can be done with a case, a record or a reminder: one row an act.

Help, typed words, buttons, forms, cards and permissions read this table, and keep no list of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.core.actions import (
    case_acts,
    detail_acts,
    detail_cards,
    estimate_act,
    measure_act,
    paper_acts,
    record_acts,
    redact_act,
    step_forms,
    theme_acts,
)
from bot.core.actions.act import About, Act, Instruction
from bot.core.actions.done_and_snooze import as_until, current, done, snooze
from bot.core.settings.permissions import May
from bot.core.turn import Turn
from bot.core.words.deadline_kinds import CONFIRM, LEARNING, MPE, NOTIFY, REPORT

# What meets a deadline, where that takes more than saying that it is done.
MEETS: Mapping[str, str] = {
    NOTIFY: "notify", REPORT: "report", MPE: "estimate", CONFIRM: "confirm", LEARNING: "learning",
}  # fmt: skip


def _what_meets_it(turn: Turn, asked: Instruction) -> Instruction:
    deadline = current(turn, asked)
    if deadline.kind not in MEETS:
        return asked
    act = BY_NAME[MEETS[deadline.kind]]
    return act.meant(turn, replace(asked, act=act.name, version="", given=act.read(asked["note"])))


ACTS: tuple[Act, ...] = (
    Act(
        "show", "case", About.EITHER, "[report]",
        "a case or a record, with its history; with report, which of its points are filled", case_acts.show,
        button="Show", also=("record",), looks=True, reads=True, of_theme="show",
    ),
    Act(
        "open", "open", About.RECORD, "", "a case with its deadlines, from a kept record", case_acts.open_,
        button="Open a case", style="primary",
    ),
    Act(
        "investigate", "investigate", About.CASE, "[a note]", "the preliminary investigation has begun",
        case_acts.investigate, steps={"investigate": "Begin investigation"}, at_once=True,
    ),
    Act(
        "notify", "notified", About.CASE, "[the authority's number] [on <day>] [a note]",
        "the authority is told; the number may follow later", case_acts.notify, case_acts.as_notified,
        step_forms.notify, steps={"notify": "Notified", "reference": "Reference number"}, style="primary",
        at_once=True,
    ),
    Act(
        "confirm", "confirm", About.EITHER, "[as MPE] [compared]",
        "as MPE, RPS or governance lead; compared with the live table, where there is a caution",
        record_acts.confirmed, record_acts.as_confirmation, step_forms.confirm, record_acts.to_confirm,
        button="Confirm it", may=May.CONFIRM, at_once=True,
    ),
    Act(
        "report", "reported", About.CASE, "[on <day>] [a note]", "the report is submitted",
        case_acts.report,
        form=step_forms.report, steps={"report": "Report submitted"}, style="primary", at_once=True,
    ),
    Act(
        "close", "close", About.CASE, "[a note]", "nothing is left to do", case_acts.close,
        steps={"close": "Close"}, style="primary", ask="Nothing is left to do, and the case is closed?",
        may=May.CLOSE, doing="close it", of_theme="close_theme",
    ),
    Act(
        "redecide", "redecide", About.CASE, "[what is new]", "a new estimate: total dose 12 mSv",
        case_acts.redecide, steps={"redecide": "New estimate"}, reads=True,
    ),
    Act(
        "stand_down", "stand down", About.CASE, "<reason>", "a confirmed verdict rules notifying out",
        case_acts.stand_down, form=step_forms.of_note("Stand down {}?", "Why is it stood down?"),
        steps={"stand_down": "Stand down"}, may=May.CLOSE, doing="stand it down",
    ),
    Act(
        "assign", "assign", About.CASE, "<person>", "gives the case to somebody", case_acts.assign,
        case_acts.as_person, step_forms.assign, steps={"assign": "Assign"},
    ),
    Act(
        "take", "take over", About.CASE, "", "the case is yours", case_acts.take, steps={"assign": ""},
        button="Take over", also=("takeover",),
    ),
    Act(
        "discovered", "discovered", About.CASE, "<day> <why>",
        "corrects the day of discovery, and its deadlines", case_acts.discovered, case_acts.as_day,
        step_forms.discovered, steps={"correct_discovery": "Discovery date"}, may=May.CLOSE,
        doing="correct the day of discovery", at_once=True,
    ),
    Act(
        "reopen", "reopen", About.CASE, "[deadline] <why>",
        "what was withdrawn runs again, or what was told by mistake: notified, reported, done",
        case_acts.reopen,
        form=step_forms.of_note("Reopen {}?", "Why is it reopened?"), steps={"reopen": "Reopen"},
        style="primary", also=("undo",), at_once=True,
    ),
    Act(
        "note", "note", About.EITHER, "<text>", "kept with a case or a record", record_acts.noted,
        form=step_forms.of_note("Note on {}?", "What is to be noted?"), button="Note", of_theme="note",
    ),
    Act(
        "analysis", "analysis", About.EITHER, "<text>", "what the analysis of a record found",
        record_acts.learned, record_acts.as_text("analysis"), meant=record_acts.to_last_record,
    ),
    Act(
        "learning", "learning", About.EITHER, "<text>", "what is learnt from it, and how it is shared",
        record_acts.learned, record_acts.as_text("learning"), step_forms.learning, record_acts.to_last_record,
        button="Analysis and learning",
    ),
    Act(
        "details", "details", About.EITHER, "[what: text]",
        "what a record holds besides its verdict, in any order: site, equipment, who", detail_acts.details,
        detail_acts.as_typed, detail_cards.form, record_acts.to_last_record, button="Add details",
        also=("detail",),
    ),
    Act(
        "measure", "measure", About.EITHER, "<whose> by <day>: <what>",
        "a corrective measure, with its owner and its day; given up by its number, with the reason",
        measure_act.measure, measure_act.as_measure, measure_act.form, record_acts.to_last_record,
        button="Corrective measure", also=("measures",),
    ),
    Act(
        "estimate", "estimate", About.CASE, "<doses, how, provisional or final>",
        "the physicist's answer: total dose 12 mSv, from the DLP, final", estimate_act.estimate,
        estimate_act.as_estimate, estimate_act.form, button="Give the estimate", reads=True,
    ),
    Act(
        "paper", "paper", About.EITHER, "[which] [as text]",
        "a draft notification, the report, the MPE's request, candour, CSAUE, the decision", paper_acts.paper,
        paper_acts.as_paper, paper_acts.form, button="Papers", also=("papers",), reads=True,
    ),
    Act(
        "correct", "correct", About.RECORD, "[what is new]", "a new revision of a record, beside the old one",
        case_acts.correct, button="Correct it", reads=True,
    ),
    Act(
        "redact", "redact", About.EITHER, "<which text> <why>",
        "takes a text out for good: account, title, note 2; for governance leads", redact_act.redact,
        redact_act.as_redaction, redact_act.form, button="Take a text out", may=May.REDACT,
        of_theme="redact",
    ),
    Act(
        "theme", "theme", About.EITHER, "[yes|no|not known] [2 people] [why]",
        "is it one cause with those that are alike? Two people exposed by one cause are code M",
        theme_acts.answer, theme_acts.as_answer, theme_acts.form, record_acts.to_last_record,
        button="Is it a theme?", reads=True, of_theme="theme",
    ),
    Act(
        "close_theme", "close", About.THEME, "<what was learnt>",
        "a theme is closed, with what was learnt and how it is shared", theme_acts.close,
        form=step_forms.of_note("Close {}?", "What was learnt, and how is it shared?"), button="Close",
        of_theme="close_theme",
    ),
    Act(
        "done", "done", About.DEADLINE, "", "what was reminded of is done", done, meant=_what_meets_it,
        button="Done", style="primary", at_once=True,
    ),
    Act(
        "snooze", "snooze", About.DEADLINE, "<until>",
        "2 hours, 14:30, tomorrow, Friday, a week at most; past a deadline with the reason", snooze, as_until,
        step_forms.snooze, button="Snooze",
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Act] = {act.name: act for act in ACTS}
BY_ACTION: Mapping[str, Act] = {
    **{act.action: act for act in ACTS},
    "record.correct": BY_NAME["correct"],  # on cards of release 0.1
}
# By the first word as it is typed.
BY_WORD: Mapping[str, Act] = {
    word: act
    for act in ACTS
    if act.about is not About.THEME
    for word in (act.verb.partition(" ")[0], *act.also)
}
