"""Details of a record: told in any order by whoever knows them, typed one by one or filled in together."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.actions.act import Instruction, Outcome
from bot.core.actions.detail_cards import details_card, known_section, like, section_card
from bot.core.check.further_fields import SECTIONS
from bot.core.check.record_details import open_fields, tell
from bot.core.check.record_fields import BY_NAME
from bot.core.refused import Refused
from bot.core.register.alike_words import alike_to_record
from bot.core.turn import Turn
from bot.core.words.fact_words import name_within, title
from bot.core.words.phrases import listed
from rules.facts import FACTS
from storage.model import Record

# How people call them beside their own names.
_ALSO = {
    "what happened": "account", "story": "account", "exam intended": "examination_intended",
    "exam performed": "examination_performed", "when": "occurred_on", "happened": "occurred_on",
    "discovered": "discovered_on",
    **dict.fromkeys(("incident number", "datix"), "local_incident_number"), "lfpse": "lfpse_number",
    "began with": "began_with", "duty of candour": "candour", "factors": "contributory_factors",
    "dose measured": "dose_as_measured", "actions": "immediate_actions",
    "done at once": "immediate_actions", "fault": "equipment_fault", "department": "site",
    "estimated by": "dose_estimated_by", "estimated how": "dose_estimated_how",
}  # fmt: skip
_TYPED = "typed"


def as_typed(text: str) -> Mapping[str, str]:
    return {_TYPED: text.strip()}


def details(turn: Turn, asked: Instruction) -> Outcome:
    record = turn.store.record(turn.tenant, asked.subject)
    typed = asked.given.get(_TYPED)
    if typed == "":
        return Outcome(replies=(turn.show(details_card(turn, record)),))
    if typed is not None and (section := SECTIONS.get(typed.lower())):
        return Outcome(replies=(turn.show(section_card(turn, record, section)),))
    if typed is not None:
        told = tell(turn, record, _named(turn, record, typed))
    else:  # an input that was left empty may not come back at all
        given = {field.name: asked[field.name] for field in open_fields(record, known_section(asked.part))}
        seen = int(asked.version[:9]) if asked.version.isdecimal() else None
        told = tell(turn, record, given, seen=seen)
    if not told.lines:
        return Outcome(f"Nothing new was said about {record.number}")
    revision = f", revision {told.record.revision}" if told.record.revision > record.revision else ""
    said = f"Kept with {record.number}{revision}: {'; '.join(told.lines)}"
    alike = [text.text for text in alike_to_record(turn, told.record).texts]
    return Outcome(" ".join([f"{said}." if alike else said, *alike]))


def _named(turn: Turn, record: Record, typed: str) -> dict[str, str]:
    """`site: East` and `equipment CT 2`; in several lines, or between semicolons, each its own where each
    begins with its name and a colon. Raises Refused."""
    alone = _one(typed)
    told = _each(typed, r"[\n;]") or _each(typed, r"\n") or ([alone] if alone else [])
    found = dict(told)
    if twice := next((name for at, (name, _) in enumerate(told) if name in dict(told[:at])), ""):
        raise Refused(f"{title(twice)} is told twice: give it once")
    if not found:
        if fact := _one(typed, {title(name).lower(): name for name in FACTS}):
            how = turn.command(f"correct {record.number} {title(fact[0]).lower()}: {fact[1]}".strip(" :"))
            raise Refused(f"{title(fact[0]).lower()} is what the verdict hangs on, and no detail: {how}")
        names = listed([name_within(field.name) for field in open_fields(record)], "or")
        raise Refused(f"begin with what it is, then what is known of it: {names}")
    for name, text in found.items():
        if not text:
            field, how = BY_NAME[name], turn.command(f"details {record.number} {name_within(name)}")
            raise Refused(f"{field.ask} Type it after the command: {how} {like(field)}")
    return found


def _each(typed: str, apart: str) -> list[tuple[str, str]]:
    """Nothing where there is one alone, or one of them is no detail."""
    parts = [part for part in re.split(apart, typed) if part.strip()]
    found = [one for part in parts if (one := _one(part, colon=True))]
    return found if len(found) == len(parts) > 1 else []


_DETAILS = {title(name).lower(): name for name in BY_NAME} | {name: name for name in BY_NAME} | _ALSO


def _one(line: str, names: Mapping[str, str] = _DETAILS, *, colon: bool = False) -> tuple[str, str] | None:
    for called in sorted(names, key=len, reverse=True):
        words = r"[\s_-]+".join(map(re.escape, re.split(r"[ _]", called)))
        apart = r"\s*[:=]\s*" if colon else r"(?:\s*[:=]\s*|\s+|$)"
        if match := re.match(rf"{words}{apart}(.*)", line.strip(), re.I | re.S):
            return names[called], match[1].strip()
    return None
