"""The register's columns, as they leave here: what each means, in which values, and from where it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.words.agreed_words import agreed
from bot.core.words.case_words import STATES, case_title
from rules.deadlines import uk_date
from rules.fact_model import Kind
from rules.facts import DETAIL_WORDS, DETAILS, FACTS
from storage.measure_model import CorrectiveMeasure
from storage.model import Case, Record
from storage.register_model import Exported
from storage.register_rows import known_of

Value = str | int | bool | None


@dataclass(frozen=True)
class KeptIncident:
    """What a row is made of: a record, what is known of it now, and the first of its cases, if any."""

    record: Record
    known: Mapping[str, Any]
    case: Case | None
    source: str = ""
    measures: tuple[CorrectiveMeasure, ...] = ()

    @staticmethod
    def of(one: Exported) -> KeptIncident:
        case = one.cases[-1] if one.cases else None
        return KeptIncident(one.record, known_of(one.record), case, one.source, one.measures)

    def done_on(self, kind: str) -> date | None:
        """When a deadline of the case was met, a day in the UK: told later, the day that it says."""
        if self.case is None:
            return None
        return self.case.done_on.get(kind) or next(
            (uk_date(d.set_at) for d in self.case.deadlines if d.kind == kind and d.state == "met"), None
        )

    def days_to(self, kind: str) -> int | None:
        done = self.done_on(kind)
        return (done - self.case.discovered_on).days if done and self.case else None


@dataclass(frozen=True)
class Column:
    """`values`: what it can hold, in words."""

    name: str
    meaning: str
    values: str
    of: Callable[[KeptIncident], Value]

    @property
    def holds_words(self) -> bool:
        """May somebody be named in it? Not in a number that another system gave, nor in a code."""
        return self.name not in _NUMBERS and (self.values == "text" or self.values.endswith("and why"))


_NUMBERS = frozenset(
    {"local_incident_number", "imported_from", "authority_reference", "lfpse_number", "ukhsa_code", "Coding"}
)


def known_as(name: str) -> Callable[[KeptIncident], Value]:
    """What is known of a fact or a detail now."""

    def value(row: KeptIncident) -> Value:
        found = row.known.get(name)
        if isinstance(found, list):
            return ", ".join(map(str, found))
        return found if isinstance(found, str | int | bool) or found is None else str(found)

    return value


def _facts() -> Iterator[Column]:
    for name, fact in FACTS.items():
        values = {
            Kind.DATE: "ISO 8601 date, or date and time",
            Kind.FLAG: "true, false",
            Kind.COUNT: f"whole number{f' of {fact.unit}' if fact.unit else ''}, or limits",
            Kind.QUANTITY: f"as it was given{f', in {fact.unit} where no unit stands' if fact.unit else ''}",
            Kind.CHOICE: ", ".join(answer.value for answer in fact.answers),
        }[fact.kind]
        yield Column(name, fact.ask, values, known_as(name))


def _details() -> Iterator[Column]:
    for name, words in DETAIL_WORDS.items():
        yield Column(name, words, ", ".join(DETAILS[name]) or "text", known_as(name))


def _case(of: Callable[[Case], Value]) -> Callable[[KeptIncident], Value]:
    return lambda row: of(row.case) if row.case else None


def iso(day: date | None) -> str | None:
    """As ISO 8601 has it."""
    return day.isoformat() if day else None


_VERDICT: tuple[Column, ...] = (
    Column("record", "The record's number", "year and number", lambda row: row.record.number),
    Column("revision", "How often it was corrected, from 1", "whole number", lambda row: row.record.revision),
    Column("title", "What happened, in a few words", "text", lambda row: case_title(dict(row.known))),
    Column("kept_on", "The day on which this revision was kept, UK", "ISO 8601 date",
           lambda row: uk_date(row.record.at).isoformat()),
    Column("outcome", "The verdict", "notify, do_not_notify, undecided, not_irmer",
           lambda row: row.record.outcome),
    Column("codes", "The codes that are met", "codes with spaces",
           lambda row: " ".join(map(str, row.record.assessment.verdict.get("codes") or ()))),
    Column("agreed", "Of a verdict that nobody need be told: whether somebody here answered or agreed to "
           "what it rests on; what the source of an import says is nobody's answer", "true, false",
           lambda row: agreed(row.record)),
    Column("confirmed", "Whether somebody with a role has confirmed it", "true, false",
           lambda row: bool(row.record.confirmations)),
    Column("confirmed_as", "In which role", "mpe, rps, governance",
           lambda row: row.record.confirmations[0].role if row.record.confirmations else None),
    Column("guidance", "The edition of the guidance that it was judged by", "ISO 8601 date",
           lambda row: row.record.edition),
    Column("program", "The release of irmer-bot that decided and kept it", "version, such as 0.1.0",
           lambda row: row.record.program or None),
)  # fmt: skip
_OF_CASE: tuple[Column, ...] = (
    Column("case", "The case that it belongs to", "C, year and number", _case(lambda case: case.ref)),
    Column("case_state", "How the case stands", ", ".join(STATES), _case(lambda case: case.state)),
    Column("discovered_for_case", "The day that the deadlines run from", "ISO 8601 date",
           _case(lambda case: case.discovered_on.isoformat())),
    Column("notified_on", "When the authority was notified", "ISO 8601 date",
           lambda row: iso(row.done_on("notify"))),
    Column("days_to_notify", "From discovery to the notification, of 14", "whole number",
           lambda row: row.days_to("notify")),
    Column("reported_on", "When the report was submitted", "ISO 8601 date",
           lambda row: iso(row.done_on("report"))),
    Column("days_to_report", "From discovery to the report, of 84", "whole number",
           lambda row: row.days_to("report")),
    Column("authority_reference", "The authority's number", "text",
           _case(lambda case: case.authority_reference or None)),
)  # fmt: skip
_BESIDE: tuple[Column, ...] = (
    Column("local_incident_number", "The number of the incident system", "text",
           known_as("local_incident_number")),
    Column("imported_from", "The system that it was imported from", "text",
           lambda row: row.source or None),
    Column("dose_as_measured", "The dose as it was measured; never decided on", "text",
           lambda row: known_as("dose_as_measured")(row) or row.record.assessment.dose_as_measured or None),
)  # fmt: skip
COLUMNS: tuple[Column, ...] = (*_VERDICT, *_facts(), *_details(), *_BESIDE, *_OF_CASE)
# Incident id, date occurred, date reported locally, text, coding: what the UK's learning system takes.
UKHSA: tuple[Column, ...] = (
    Column("Incident id", "The record's number", "year and number", lambda row: row.record.number),
    Column("Date occurred", "When it occurred", "ISO 8601 date", lambda row: _day(row, "occurred_on")),
    Column("Date reported locally", "When it was discovered", "ISO 8601 date",
           lambda row: _day(row, "discovered_on")),
    Column("Text", "What happened", "text", known_as("account")),
    Column("Coding", "The learning system's code, where it was given", "text", known_as("ukhsa_code")),
)  # fmt: skip


def _day(row: KeptIncident, name: str) -> str | None:
    return str(row.known[name])[:10] if row.known.get(name) else None
