"""A draft for the notification, in the order in which the authority's portal asks: to be copied step by step.

It is ours and never the authority's own: the names of its steps were seen in November 2026, the names of the
fields within them were not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.paper import PaperLine, PaperPart
from bot.core.papers.checklists import candour_told, csaue_told
from bot.core.papers.common import BODIES, as_of, codes, dose, equipment
from bot.core.papers.dossier import THERE, Dossier, category_facts, part
from bot.core.words.verdict_words import contact
from rules.facts import FACTS

TITLE = "Draft for the notification"
ORDER = (
    "The order of the steps is that of the Care Quality Commission's portal as it named them in November "
    "2026; what it calls its fields may differ. It is a draft to copy from, and not the authority's own."
)
# What is known of each authority's way, beside its contact.
_WAYS: Mapping[str, str] = {
    "england": "Use the portal's own buttons to go on and back: the browser's lose what was typed.",
    "wales": "It takes a Word file from its page: copy these answers into it. The report goes the same way.",
    "scotland": "The portal wants an account, which has to be asked for; the report goes through it as well.",
    "northern_ireland": "What it asks for is not known here: take the way from its own pages.",
}
_BESIDES: Mapping[str, tuple[str, ...]] = {
    "interventional": ("Skin dose, DAP and screening time", "When the effect was seen"),
    "radiotherapy_treatment": ("Treatment site", "Prescription", "Fractions planned, and affected"),
    "nuclear_medicine_diagnostic": ("Product intended, and given", "Activity intended, and given"),
    "nuclear_medicine_therapy": ("Product intended, and given",),
}
NOBODY = "No identifier of anybody: no name, number, date of birth or address of a patient."


def notification(known: Dossier) -> tuple[PaperPart, ...]:
    known.the_case  # noqa: B018 - a record without a case has nothing to notify yet
    return (
        _start(known),
        part("2 Organisation", _organisation(known)),
        part(
            "3 Organisation, confirmed",
            [PaperLine("This is the employer that the exposure was given under", blank=True)],
        ),
        part("4 Contact", [
            known.setting("contact_name", "Name"), known.setting("contact_role", "Role"),
            known.setting("contact_email", "E-mail"), known.setting("contact_telephone", "Telephone"),
        ], note="Of whoever answers the authority's inspector."),
        part("5 The incident", tuple(_incident(known))),
        part("6 By modality", tuple(_modality(known))),
        part("7 Summary", tuple(_summary(known))),
    )  # fmt: skip


def _start(known: Dossier) -> PaperPart:
    authority = known.verdict.authority
    lines = [PaperLine(name, text) for name, text in contact(authority)] if authority else []
    nation = str(known.facts.stated.get("nation") or "")
    if not lines:
        lines = [known.fact("nation", "Nation, which says whom to notify")]
    return part("1 Start", lines, note=" ".join(filter(None, (_WAYS.get(nation), NOBODY))))


def _organisation(known: Dossier) -> tuple[PaperLine, ...]:
    return (
        known.setting("organisation", "Organisation"),
        known.setting("organisation_type", "Type of organisation"),
        known.setting("provider_id", "Provider or location id"),
        known.detail("site", "Site or department", THERE),
    )


def _incident(known: Dossier) -> Iterator[PaperLine]:
    yield PaperLine("Own reference", f"{known.subject}, record {known.record.number}")
    yield known.detail("local_incident_number", "Number in the incident system")
    yield from known.details("lfpse_number")
    yield known.detail("occurred_on", "When it happened", THERE)
    yield known.discovery
    yield from known.details("discovered_how", "discovered_by")
    yield known.fact("exposure", "Accidental or unintended")
    who = known.facts.stated.get("exposed_person")
    yield (
        known.fact("exposed_person", "Who was exposed") if who else PaperLine("Who was exposed", "a patient")
    )
    age = "age_years" if "age_years" in known.facts.stated else "age_group"
    yield known.fact(age)
    yield known.fact("individuals_exposed", "How many people were exposed")
    yield codes(known)
    yield as_of(known)


def _modality(known: Dossier) -> Iterator[PaperLine]:
    yield known.fact("category", "Kind of exposure")
    yield known.detail("modality", "Modality", THERE)
    yield known.detail("examination_intended", "Examination or treatment intended", THERE)
    yield known.detail("examination_performed", "Examination or treatment given", THERE)
    yield from dose(known)
    yield from (known.fact(name, FACTS[name].ask) for name in category_facts(known))
    yield from known.facts_there("unintended_foetal_exposure", "foetal_dose")
    yield from (PaperLine(asked, blank=True) for asked in _asked_besides(known))
    yield from equipment(known)


def _asked_besides(known: Dossier) -> tuple[str, ...]:
    """What is asked of some kinds and is kept nowhere here."""
    asked = _BESIDES.get(str(known.facts.stated.get("category")), ())
    return (*asked, *(("Weeks of pregnancy",) if known.is_true("unintended_foetal_exposure") else ()))


def _summary(known: Dossier) -> Iterator[PaperLine]:
    yield known.detail("account", "What happened, in order of time", THERE)
    yield known.detail("immediate_actions", "What was done at once", THERE)
    yield from known.details("began_with")
    yield from csaue_told(known)
    yield from candour_told(known)
    yield from known.details(*BODIES)
    yield from known.details_there("similar_incidents", "ukhsa_code")
