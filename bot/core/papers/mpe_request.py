"""What the medical physics expert is asked for, with what an estimate needs of this kind of exposure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.paper import PaperLine, PaperPart
from bot.core.papers.common import DOSES
from bot.core.papers.dossier import Dossier, part
from bot.core.words.deadline_kinds import MPE, NOTIFY
from bot.core.words.fact_words import title
from bot.core.words.phrases import day
from rules.facts import FACTS

TITLE = "Request to the medical physics expert"
WHERE = "As far as the console, the images' headers, the dose management or planning system have it."
# By modality, or by category where that says it: what an estimate needs. One group is asked for.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "ct": (
        "DLP and CTDIvol for each series",
        "Phantom of the CTDIvol: 16 or 32 cm",
        "Protocol",
        "Range scanned",
    ),
    "radiography": ("kV and mAs", "DAP", "Projections", "Repeats"),
    "fluoroscopy": ("DAP", "Air kerma at the reference point", "Screening time", "Acquisition runs"),
    "mammography": ("Mean glandular dose", "Views"),
    "nuclear": ("Product", "Activity in MBq", "Time and route of administration", "Extravasation", "CT part"),
    "imaging": ("Imaging mode", "mAs", "Length", "How many images"),
    "treatment": ("Plan", "Fractions planned and affected", "Structures of interest"),
    "foetus": ("Weeks of pregnancy at the exposure", "Field, and where the foetus lay to it"),
    "infant": ("Product and activity", "When the last feed was"),
}
_OF_MODALITY = {
    "ct": "ct", "cbct": "imaging", "radiography": "radiography", "dental": "radiography",
    "dexa": "radiography", "fluoroscopy": "fluoroscopy", "mammography": "mammography", "linac": "treatment",
    "brachytherapy": "treatment", "planar": "nuclear", "spect_ct": "nuclear", "pet_ct": "nuclear",
}  # fmt: skip
_OF_CATEGORY = {
    "diagnostic": "radiography", "interventional": "fluoroscopy", "radiotherapy_planning": "ct",
    "radiotherapy_verification": "imaging", "radiotherapy_treatment": "treatment",
    "nuclear_medicine_diagnostic": "nuclear", "nuclear_medicine_therapy": "nuclear",
}  # fmt: skip


def mpe_request(known: Dossier) -> tuple[PaperPart, ...]:
    return (
        part("What is asked", tuple(_asked(known))),
        part("The exposure", tuple(_exposure(known))),
        part("What the estimate needs", tuple(_needed(known)), note=WHERE),
        part("The answer", tuple(_answer(known)), note=_back(known)),
    )


def estimated(known: Dossier) -> tuple[str, ...]:
    """The facts that are asked for: those that take a physicist and could still decide, else the doses."""
    missing = tuple(n for n in known.verdict.missing if FACTS[n].worked_out or n in DOSES)
    return missing or tuple(n for n in DOSES if n in known.facts.stated) or DOSES[:2]


def _asked(known: Dossier) -> Iterator[PaperLine]:
    yield from (PaperLine(title(name), FACTS[name].ask) for name in estimated(known))
    for line in known.verdict.would_change:
        yield PaperLine("It would decide", line)
    due = known.due(MPE) or known.due(NOTIFY)
    if due:
        yield PaperLine("Wanted by", day(due.due_on))


def _exposure(known: Dossier) -> Iterator[PaperLine]:
    yield known.fact("category", "Kind of exposure")
    yield from known.details_there("modality", "examination_intended", "examination_performed", "equipment")
    yield known.fact("age_years" if "age_years" in known.facts.stated else "age_group", "Age")
    yield PaperLine("Sex", blank=True)
    yield PaperLine("Size: height and weight, or average", blank=True)
    yield from known.facts_there(*DOSES)
    yield from known.details_there("dose_as_measured", "account")


def _needed(known: Dossier) -> Iterator[PaperLine]:
    category = str(known.facts.stated.get("category"))
    group = _OF_MODALITY.get(known.value_of("modality")) or _OF_CATEGORY.get(category, "radiography")
    needs = _NEEDS[group]
    needs += _NEEDS["foetus"] if known.is_true("unintended_foetal_exposure") else ()
    needs += _NEEDS["infant"] if known.is_true("breastfed_infant_exposed") else ()
    yield from (PaperLine(need, blank=True) for need in needs)


def _answer(known: Dossier) -> Iterator[PaperLine]:
    for name in estimated(known):
        yield PaperLine(f"{title(name)}, with its unit; limits such as 10-12 do", blank=True)
    for asked in ("Method", "Provisional or final", "Role", "Day of the estimate"):
        yield PaperLine(asked, blank=True)


def _back(known: Dossier) -> str:
    way = known.turn.command(f"estimate {known.subject}")
    return f"It goes back into the record, without a name: {way} total dose 12 mSv, from the DLP, final."
