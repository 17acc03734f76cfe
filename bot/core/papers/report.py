"""The report of the investigation, due within twelve weeks: the eight points that the guidance wants."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.paper import PaperLine, PaperPart
from bot.core.papers.checklists import candour_told, csaue_told
from bot.core.papers.common import dose, equipment
from bot.core.papers.dossier import GOVERNANCE, MEASURES, THERE, WHOEVER, Dossier, part
from bot.core.register.alike_words import alike_lines
from bot.core.words.phrases import day
from bot.core.words.theme_words import answer_words, shared_words
from rules.deadlines import uk_date

TITLE = "Report of the investigation"
POINTS = (
    "What happened", "Dose", "Root causes and contributory factors", "Similar incidents and trends",
    "Duty of candour", "Procedure for clinically significant exposures", "Learning, and how it was shared",
    "Corrective measures",
)  # fmt: skip
WHY = "The points are those that the guidance of 19 April 2023 asks of the report."


def report(known: Dossier) -> tuple[PaperPart, ...]:
    known.the_case  # noqa: B018 - a record without a case has no report to send
    return tuple(
        part(f"{number} {title}", tuple(lines), counted=True)
        for number, (title, lines) in enumerate(zip(POINTS, _points(known), strict=True), 1)
    )


def _points(known: Dossier) -> Iterator[Iterator[PaperLine]]:
    yield _happened(known)
    yield _dose(known)
    yield _causes(known)
    yield _similar(known)
    yield candour_told(known)
    yield csaue_told(known)
    yield _learning(known)
    yield _measures(known)


def _happened(known: Dossier) -> Iterator[PaperLine]:
    yield known.detail("account", "What happened, in order of time", THERE)
    yield known.detail("occurred_on", "When it happened", THERE)
    yield known.discovery
    yield from known.details("discovered_how", "discovered_by")
    yield known.detail("examination_intended", "Examination or treatment intended", THERE)
    yield known.detail("examination_performed", "Examination or treatment given", THERE)
    yield from equipment(known)
    yield known.detail("immediate_actions", "What was done at once", THERE)


def _dose(known: Dossier) -> Iterator[PaperLine]:
    yield from dose(known)
    yield from known.facts_there("foetal_dose", "infant_dose", "target_dose_ratio", "organ_dose_ratio")
    yield from known.facts_there("fraction_dose_ratio", "activity_ratio", "individuals_exposed")


def _causes(known: Dossier) -> Iterator[PaperLine]:
    yield known.detail("cause", "Cause", WHOEVER)
    yield from known.details("began_with", "root_cause", "contributory_factors", "contributory_causes")
    yield known.noted("analysis", "Analysis", WHOEVER)


def _similar(known: Dossier) -> Iterator[PaperLine]:
    if known.alike is None:
        yield PaperLine("Alike in the register", gap="somebody who may read every record")
    else:
        found = "\n".join(alike_lines(known.alike, own=known.record.number))
        yield PaperLine("Alike in the register", found or "none within 180 days", theirs=bool(found))
        themes = known.turn.store.themes_of(known.turn.tenant, [one.number for one in known.records])
        for one in themes:
            yield PaperLine(one.ref, f"{shared_words(one.shared)}: {answer_words(one.answer)}", theirs=True)
    yield known.detail("similar_incidents", "Similar incidents")


def _learning(known: Dossier) -> Iterator[PaperLine]:
    yield known.noted("learning", "Learning", WHOEVER)
    yield known.detail("learning_shared", "How it was shared", GOVERNANCE)
    yield from known.details_there("ukhsa_code")


def _measures(known: Dossier) -> Iterator[PaperLine]:
    """Each with its role and its day; the name of its owner stays in the record."""
    for one in known.measures:
        whose = one.role or "its owner is named in the record"
        done = {"met": "done", "withdrawn": "given up"}.get(one.state, "by")
        when = day(one.due_on if done == "by" else uk_date(one.ended_at or one.at))
        note = f": {one.note}" if one.note else ""
        yield PaperLine(f"Measure {one.seq}", f"{one.what}\n{whose}, {done} {when}{note}", theirs=True)
    if not known.measures:
        yield PaperLine("Measures, each with whose it is and by when", gap=WHOEVER, field=MEASURES)
