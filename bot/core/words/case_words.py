"""References, deadlines and states in words, and words back into them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from bot.core.words.deadline_kinds import CONFIRM, INSPECTOR_WEEK, LEARNING, LOCAL, MPE, NOTIFY, REPORT
from bot.core.words.fact_words import MODALITY_WORDS
from bot.core.words.phrases import day, days, moment, one_line
from rules.deadlines import NOTIFY_DAYS, REPORT_DAYS, uk_date
from storage.measure_model import MEASURE
from storage.model import Case, CaseStep, Confirmation, Deadline, Json, Person

STATES: Mapping[str, str] = {
    "opened": "open",
    "investigating": "under preliminary investigation",
    "notified": "notified, report to come",
    "reported": "report submitted",
    "closed": "closed",
    "stood_down": "stood down",
}
LABELS = {
    NOTIFY: "notify the authority",
    REPORT: "submit the report",
    MPE: "the medical physics expert's estimate",
    CONFIRM: "confirm the verdict",
    LEARNING: "analysis and learning",
}
ACCOUNT_WORDS = (
    "Scotland takes notifications through a portal that needs an account, which has to be asked for: is "
    "there one? If not, ask for it today."
)
INSPECTOR_WORDS = (
    "Nine weeks have gone and the report is not submitted: speak to the authority's inspector now if it may "
    "be late."
)
INSPECTOR_LATE = "The report is late: speak to the authority's inspector now."
NOTIFY_NOW = "It is still undecided, and this is the last day to notify: notify now."
NOTIFY_LATE = "It is still undecided, and the last day to notify is over: notify now."
SPANS = {NOTIFY: NOTIFY_DAYS, REPORT: REPORT_DAYS}
_KINDS = {
    **dict.fromkeys(("notify", "notification", "notified"), NOTIFY),
    **dict.fromkeys(("report", "reported"), REPORT),
    **dict.fromkeys(("mpe", "estimate", "mpe_estimate", "dose"), MPE),
    **dict.fromkeys(("confirm", "confirmation", "confirmed"), CONFIRM),
    **dict.fromkeys(("learning", "analysis"), LEARNING),
}


def by_weight(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """The statutory ones first, then what helps to meet them, then the bot's own."""
    order = (NOTIFY, REPORT, MPE)
    last = (CONFIRM, LEARNING)

    def weight(one: Deadline) -> tuple[int, date]:
        at = order.index(one.kind) if one.kind in order else 9 if one.kind in last else 3
        return at, one.due_on

    return sorted(deadlines, key=weight)


def label(kind: str) -> str:
    """A deadline in a few words: `submit the report`, `72-hour report`, `corrective measure 2`."""
    if kind.startswith(MEASURE):
        return f"corrective measure {kind.removeprefix(MEASURE)}"
    return LABELS.get(kind) or kind.removeprefix(LOCAL)


def kind_of(text: str, among: Iterable[Deadline]) -> tuple[str, str]:
    """The deadline that a text begins with, and what follows: `estimate tomorrow`, `72-hour report Friday`.
    The kind is empty where it names none."""
    plain = " ".join(text.split())
    for kind in sorted((one.kind for one in among if one.kind.startswith(LOCAL)), key=len, reverse=True):
        name = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", label(kind))))
        if found := re.match(rf"{name}(?!\w)[\s:,]*", plain, re.I):
            return kind, plain[found.end() :]
    if measure := re.match(r"(?:corrective )?measure (\d{1,4})\b[:,]?\s*", plain, re.I):
        return f"{MEASURE}{int(measure[1])}", plain[measure.end() :]
    first, _, rest = plain.partition(" ")
    kind = _KINDS.get(first.lower().rstrip(".:,;"), "")
    return (kind, rest) if kind else ("", plain)


def deadline_word(kind: str) -> str:
    """How a deadline is named in a command."""
    if kind.startswith(MEASURE):
        return f"measure {kind.removeprefix(MEASURE)}"
    return {
        NOTIFY: "notification", REPORT: "report", MPE: "estimate", CONFIRM: "confirm", LEARNING: "learning",
    }.get(kind) or label(kind)  # fmt: skip


def role_words(role: str) -> str:
    return {"mpe": "MPE", "rps": "RPS", "governance": "governance lead"}.get(role, role)


def who(person: Person | None) -> str:
    """By name; an account of the machine by itself, and nobody by a platform's id."""
    if person is None:
        return "nobody"
    return person.called


def case_title(facts: Json) -> str:
    """`CT head, wrong patient identified, 9 years`: what happened in a few words, for lists and pings;
    from the record's details, or else its modality or category."""
    what = str(facts.get("examination_performed") or facts.get("examination_intended") or "")
    if not what:
        kind = str(facts.get("modality") or facts.get("category") or "")
        what = MODALITY_WORDS.get(kind) or kind.replace("_", " ").capitalize()
    cause = facts.get("cause")
    why = ", ".join(map(str, cause)) if isinstance(cause, list) else str(cause or "")
    age = facts.get("age_years")
    whose = "" if age is None else "under a year" if str(age) == "0" else f"{age} years"
    if not why and facts.get("exposure"):
        exposure = str(facts["exposure"]).replace("_", " ")
        why = exposure if exposure == "near miss" else f"{exposure} exposure"
    what = what or ("" if why else "Radiation incident")
    return one_line(", ".join(part for part in (what, why, whose) if part), 70)


def used(case: Case, deadline: Deadline, today: date) -> str:
    """`3 of 14 days used, 11 left`: what is used first, since "as soon as possible" comes first."""
    left = (deadline.due_on - today).days
    span = SPANS.get(deadline.kind) or (deadline.due_on - case.discovered_on).days
    gone = (today - case.discovered_on).days
    if left < 0:
        return f"{days(-left)} OVERDUE"
    rest = f"{left} left" if left else "today is the last day"
    return f"{gone} of {days(span)} used, {rest}" if deadline.kind in SPANS else _left(left)


def _left(left: int) -> str:
    return f"{days(left)} left" if left > 0 else "due today" if left == 0 else f"{days(-left)} OVERDUE"


def due_of(deadline: Deadline, case: Case | None) -> date:
    """Its day; of a statutory one that was met, by the day of discovery as it is known now."""
    span = SPANS.get(deadline.kind) if case and deadline.state == "met" else None
    return case.discovered_on + timedelta(days=span) if case and span else deadline.due_on


def line(deadline: Deadline, today: date, case: Case | None = None) -> str:
    """One deadline of a case, as its card says it: by its date, since a card is read for weeks."""
    due = due_of(deadline, case)
    at = day(due)
    if deadline.state == "met":
        told = case.done_on.get(deadline.kind) if case else None
        done = told or uk_date(deadline.set_at)
        late = (done - due).days if deadline.kind in SPANS else 0
        return f"done (was due {at}{f', {days(late)} late' if late > 0 else ''})"
    if deadline.state == "withdrawn":
        return f"withdrawn (was due {at})"
    if deadline.due_on < today:
        return f"OVERDUE since {at}"
    if deadline.kind == NOTIFY:
        return f"as soon as possible, by {at} at the latest"
    return f"by {at}{' at the latest' if deadline.kind == REPORT else ''}"


def inspector_words(case: Case, today: date) -> str:
    """From week 9 on an unfinished report is spoken of with the inspector."""
    report = next((d for d in case.deadlines if d.kind == REPORT), None)
    since = (today - case.discovered_on).days
    if report is None or report.state != "open" or since < 7 * INSPECTOR_WEEK:
        return ""
    return INSPECTOR_LATE if report.due_on < today else INSPECTOR_WORDS


_CALLED = re.compile(
    r"(?:^\s*(?:(?:with|its|the)\s+)*number|\b(?:(?:with|its|the)\s+)*(?<!our )(?<!own )(?<!local )"
    r"ref(?:erence)?)\b[\s.:#]*(?:is\s+)?((?=[\w/-]*\d)[a-z0-9][\w/-]*)",
    re.I,
)
# As the authority's own numbers begin, wherever they stand.
_MARKS = r"[\"'`*“”‘’<>]*"
_OWN = re.compile(
    r"(?:(?:with|its|the|ref(?:erence)?|number|is)[\s.:#]+)*"
    rf"{_MARKS}\b((?:CQC|HIW|HIS|RQIA)[-/]\d[\w/-]*){_MARKS}",
    re.I,
)
_NOT = re.compile(r"\b(?:not|in place of|instead of)\b", re.I)
# A day, a time, or how many of what.
_COUNT = (
    r"\d{4}-\d\d-\d\d(?!\w)|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?!\w)|\d{1,2}:\d\d(?!\d)"
    r"|(?:3[01]|[12]\d|0?[1-9])/(?:1[0-2]|0?[1-9])(?![\w/-])|\d{1,2}(?:[:.]\d\d)?\s*(?:am|pm)\b"
    r"|\d{1,3}(?:st|nd|rd|th)?(?:\s+of)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|min|hour|day|week)"
)
# No authority's number begins so, nor with what it is not; and one of two figures has its name before it:
# "page 2" is none.
_NONE = re.compile(
    r"(?:not?(?!\.)|on|at|by|in|to|via|since|before|after|about|around|from|last|this|today|yesterday|dated)\s"
    rf"|(?:[^\W\d]+\W*\s)?(?:{_COUNT})|\d{{1,2}}\s"
    r"|(?!(?:cqc|hiw|his|rqia|case|no\.)\s)[^\W\d]+\W*\s\d{1,2}(?:[.-]\d{1,2})?(?![\w/-])",
    re.I,
)


# What was done with it; the number may follow.
DONE = r"(?:done|made|sent|submitted|filed|told|notified|reported)"


def reference_in(text: str) -> tuple[str, str]:
    """The authority's number that the words begin with, `CQC-77` or `CQC 77`, and what follows. What holds no
    figure within two words is a note, and so is a day or a time: "by telephone", "on 12 November"."""
    words = text.split()
    own = list(_OWN.finditer(text))
    called = own[0] if len(own) == 1 and not _NOT.search(text) else _CALLED.search(text)
    if called:
        rest = f"{text[: called.start()].rstrip(' ,;')} {text[called.end() :].lstrip(' ,;')}"
        return called[1], rest.strip()
    if _NONE.match(text.strip()):
        return "", text
    for count in (1, 2):
        if len(words) >= count and any(mark.isdigit() for mark in words[count - 1]):
            if re.fullmatch(DONE, words[0], re.I):
                return words[1].rstrip(",;"), " ".join((words[0], *words[2:]))
            return " ".join(words[:count]).rstrip(",;"), " ".join(words[count:])
    return "", text


def notified_words(case: Case, before: CaseStep | None = None) -> str:
    """`before`: the step whose number it takes the place of, where it is another's."""
    if case.last.kind == "reference":
        was = f", in the place of {before.authority_reference}, which {who(before.by)} gave" if before else ""
        return f"The authority's reference is {case.authority_reference}{was}."
    if case.authority_reference:
        return f"Notified, with the authority's reference {case.authority_reference}."
    return "Notified. Give the authority's reference number as soon as it is known."


def confirmed_by(one: Confirmation) -> str:
    """`Mon 7 December 2026 at 09:05 by Physicist A as …`, and what else was said of it."""
    compared = ", having compared it with the live table" if one.compared else ""
    same = ", the same person who had kept or changed it" if one.same_person else ""
    return f"{moment(one.at)} by {who(one.by)} as {role_words(one.role)}{compared}{same}"


def confirmed_words(number: str, role: str, compared: bool, same_person: bool) -> str:
    more = ", compared with the live table" if compared else ""
    same = " By the same person who kept or changed it, as the settings allow." if same_person else ""
    return f"Record {number} is confirmed by the {role_words(role)}{more}.{same}"
