"""What a look-up shows beside the rows, by its name in a topic: dates, ages, and who else is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rules.authorities import ARSAC, AUTHORITIES, DEVICES, NATION_NAMES, SAFETY, Body, dated
from rules.deadlines import NOTIFY_DAYS, REPORT_DAYS

if TYPE_CHECKING:
    from rules.edition_model import Edition

Aside = tuple[str, str, str]  # title, sentence, where it stands


def aside(name: str, edition: Edition) -> list[Aside]:
    """What is shown under this name; a nation's name shows its authority."""
    if name in NATION_NAMES:
        return [_authority(name)]
    if name == "authorities":
        return [_authority(nation) for nation in NATION_NAMES]
    if name == "measured":
        return list(_MEASURED)
    return [_TEXTS[name]] if name in _TEXTS else [_child(edition.child_ages)]


def by_nation(values: Mapping[str, object]) -> str:
    """`1 in England and Wales, 2 in Scotland`: the nations that share a value named together."""
    shared: dict[object, list[str]] = {}
    for nation, value in values.items():
        shared.setdefault(value, []).append(NATION_NAMES[nation])
    return ", ".join(f"{value} in {_and(nations)}" for value, nations in shared.items())


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _named(bodies: Mapping[str, Body]) -> dict[str, str]:
    return {nation: body.name for nation, body in bodies.items()}


def _authority(nation: str) -> Aside:
    body = AUTHORITIES[nation]
    title = f"{NATION_NAMES[nation]}: {body.name}"
    how = f"{body.how} {body.address}".rstrip()
    return title, how, f"From {body.source}, {dated(body.as_of)}: check it before you rely on it"


def _child(ages: Mapping[str, int]) -> Aside:
    limits = {nation: f"under {age}" for nation, age in ages.items()}
    return (
        "Who is a child",
        f"By the age at exposure: {by_nation(limits)}.",
        "Accidental exposure, note to code 1",
    )


_MEASURED: tuple[Aside, ...] = (
    (
        "This is no effective dose",
        "A DLP, CTDI, DAP, air kerma, skin dose or screening time is what the equipment shows. Your medical "
        "physics expert (MPE) works out the effective dose in mSv from it. Nothing here does, and no dose is "
        "guessed.",
        "Criteria for making a notification",
    ),
    (
        "What is judged without an effective dose",
        "Tissue reactions after interventional work (code 3). Planning scans and verification images (4.1 to "
        "4.2c). The dose to a foetus, in mGy (5). The wrong radiopharmaceutical (7). Radiotherapy and "
        "nuclear medicine therapy (8.1 to 10.2). More than one person (M). Clinical significance (C). "
        "Outside England, every accidental exposure (1).",
        "Notification codes, categories and criteria",
    ),
)

_TEXTS: dict[str, Aside] = {
    "deadlines": (
        f"{NOTIFY_DAYS} days to notify, {REPORT_DAYS} days to report",
        f"Notify the authority no later than {NOTIFY_DAYS} days after the day of discovery, and send it the "
        f"report of the investigation no later than {REPORT_DAYS} days after it. They are calendar days in "
        "UK time, weekends and holidays included, and nothing internal moves them.",
        "When to investigate and notify the enforcing authority; reading R14",
    ),
    "candour": (
        "Duty of candour",
        "It applies to every clinically significant exposure. That is not its only trigger: apply your "
        "employer's own procedure.",
        "Section on clinically significant exposures",
    ),
    "outside": (
        "Workers, the public, and faults before clinical use",
        "They fall under the Ionising Radiations Regulations 2017, not under IR(ME)R: an over-exposure is "
        f"reported to {by_nation(_named(SAFETY))}. Carers and comforters are inside IR(ME)R.",
        "Section on public or occupational exposures",
    ),
    "licence": (
        "Breach of licensing",
        f"Tell the {ARSAC.how} when a radioactive substance was administered without the licence; the "
        "authority is glad to know too. It does not change whether a criterion is met.",
        "Section on licensing breaches",
    ),
    "devices": (
        "Faults of equipment",
        "Software counts as equipment. The device regulator wants to know, whether or not a criterion is "
        f"met: {by_nation(_named(DEVICES))}.",
        "Section on reporting device-related incidents",
    ),
}
