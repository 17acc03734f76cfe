"""Lines that more than one paper has."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.check.what_next import MPE
from bot.core.paper import PaperLine
from bot.core.papers.dossier import THERE, Dossier
from bot.core.words.phrases import listed
from bot.core.words.verdict_words import outcome_line
from rules.authorities import dated

BODIES = (
    "hse_told", "hseni_told", "mhra_told", "hfs_told", "niaic_told", "arsac_told", "onr_told", "ukhsa_told",
    "icb_told", "manufacturer_told", "others_told",
)  # fmt: skip
DOSES = ("intended_dose", "total_dose", "dose_ratio")
_ESTIMATE = {
    "dose_estimated_by": "Estimated by (role)", "dose_estimated_how": "How it was estimated",
    "dose_estimated_on": "When it was estimated", "dose_estimate": "Provisional or final",
}  # fmt: skip


def codes(known: Dossier) -> PaperLine:
    """The notification codes that are met, complementary ones among them."""
    found = [*known.verdict.codes, *known.verdict.complementary]
    if found:
        return PaperLine("Notification codes", listed(found))
    gap = "what is still to be found out decides them"
    if known.verdict.outcome == "undecided":
        return PaperLine("Notification codes", gap=f"{gap}; possible: {listed(known.verdict.possible, 'or')}")
    said = outcome_line(known.verdict, known.discovered)
    return PaperLine("Notification codes", f"{said}. {known.by_nobody}" if known.by_nobody else said)


def as_of(known: Dossier) -> PaperLine:
    return PaperLine("Judged by the guidance of", dated(known.verdict.guidance.isoformat()))


def dose(known: Dossier) -> Iterator[PaperLine]:
    """Intended and total, as the guidance wants them, and whose estimate it is. Nothing is reckoned here."""
    stated, missing = known.facts.stated, known.verdict.missing
    wanted = [name for name in DOSES if name in stated or name in missing]
    if not wanted and not known.facts_there("foetal_dose", "infant_dose"):
        wanted = [] if str(known.facts.stated.get("category")).startswith("radiotherapy") else list(DOSES[:2])
    yield from map(known.fact, wanted)
    yield from known.details_there("dose_as_measured")
    if any(name in stated for name in (*DOSES, "foetal_dose", "infant_dose")):
        yield from (_of_estimate(known, name, label) for name, label in _ESTIMATE.items())


def _of_estimate(known: Dossier, name: str, label: str) -> PaperLine:
    """A provisional estimate waits for the final one; what was said before the dose is of another dose."""
    line = known.detail(name, label, MPE)
    if line.gap:
        return line
    if known.is_older_than_dose(name):
        return PaperLine(label, gap=f"{MPE}: what is kept was said of an earlier dose", field=name)
    if name == "dose_estimate" and known.value_of(name) == "provisional":
        return PaperLine(label, gap=f"{MPE}: it is provisional, and the final one is to come", field=name)
    return line


def equipment(known: Dossier) -> Iterator[PaperLine]:
    yield known.detail("equipment", "Equipment", THERE)
    yield from known.details("equipment_make", "equipment_model", "equipment_software", "equipment_withdrawn")
    yield known.fact("equipment_fault", "Was a fault of it the direct cause?")
