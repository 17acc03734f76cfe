"""What is known of a case or a record when a paper of it is made: read once, and asked for line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.core.check.free_text import without_tellers
from bot.core.check.further_details import FieldStanding, standing
from bot.core.check.record_details import words
from bot.core.check.record_fields import BY_NAME
from bot.core.check.what_next import ASK_WHOM
from bot.core.paper import PaperLine, PaperPart
from bot.core.refused import Refused
from bot.core.register.alike import Likeness, likeness
from bot.core.reminders.placing import outcome_of
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.agreed_words import agreed_to_by_nobody
from bot.core.words.case_words import case_title
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import day, moment
from bot.core.words.references import REF
from bot.core.words.verdict_words import kept_verdict
from rules.deadlines import uk_date, uk_moment
from rules.facts import FACTS
from rules.incident import Facts
from rules.parsing import parse
from storage.measure_model import CorrectiveMeasure
from storage.model import Case, Deadline, Note, Record
from storage.register_rows import known_of, sketch
from storage.seals import TAKEN

if TYPE_CHECKING:
    from rules.contract import StoredVerdict

WHOEVER = "whoever investigates"
GOVERNANCE = "the governance lead"
THERE = "whoever was there"
DOSES = ("intended_dose", "total_dose", "dose_ratio", "foetal_dose", "infant_dose")
MEASURES = "measures"  # no field of the details, but told as each is


@dataclass(frozen=True)
class Dossier:
    """`record` is the one that the case's outcome rests on, of a record alone itself."""

    turn: Turn
    record: Record
    records: tuple[Record, ...]
    case: Case | None = None

    @staticmethod
    def of(turn: Turn, subject: str) -> Dossier:
        """Raises NotFound."""
        store, tenant = turn.store, turn.tenant
        if not REF.fullmatch(subject):
            record = store.record(tenant, subject)
            return Dossier(turn, record, (record,))
        case = store.case(tenant, subject)
        records = tuple(store.record(tenant, number) for number in case.records)
        outcome = outcome_of(store, tenant, case)
        rests_on = next((one for one in records if one.outcome == outcome), records[-1])
        return Dossier(turn, rests_on, records, case)

    @property
    def subject(self) -> str:
        return self.case.ref if self.case else self.record.number

    @property
    def the_case(self) -> Case:
        """Raises Refused where there is none."""
        if self.case is None:
            opens = self.turn.command(f"open {self.record.number}")
            raise Refused(f"{self.record.number} is a record without a case, and this is a case's: {opens}")
        return self.case

    @property
    def now(self) -> datetime:
        return self.turn.request.now

    @cached_property
    def facts(self) -> Facts:
        return parse(self.record.assessment.facts, max(self.turn.today, uk_date(self.record.at)))

    @cached_property
    def verdict(self) -> StoredVerdict:
        return kept_verdict(self.record.assessment)

    @cached_property
    def by_nobody(self) -> str:
        """The caution of a verdict that nobody need be told, on facts that nobody here agreed to."""
        return agreed_to_by_nobody(self.record, self.turn.today)

    @cached_property
    def stands(self) -> dict[str, FieldStanding]:
        """Every detail: what is held of it, of the case's records together, and whether it is wanted."""
        return {one.field.name: one for one in standing(self.records, BY_NAME)}

    def value_of(self, name: str) -> str:
        """As it is kept; empty where nobody told it, or it was taken out."""
        told = self.stands[name].held
        return told.value if told and not told.value.startswith(TAKEN) else ""

    def is_older_than_dose(self, name: str) -> bool:
        """Was a detail told before the dose that the record has now?"""
        told, given = self.stands[name].held, self.record.assessment.sources
        at = [moments for fact in DOSES if (moments := (given.get(fact) or {}).get("at"))]
        if told is None or not told.source.at or not at:
            return False
        return datetime.fromisoformat(told.source.at) < max(map(datetime.fromisoformat, at))

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Of the case and of its records."""
        subjects = (*(one.number for one in self.records), *((self.case.ref,) if self.case else ()))
        return tuple(n for one in subjects for n in self.turn.store.notes(self.turn.tenant, one))

    @cached_property
    def alike(self) -> Likeness | None:
        """None for whoever may not read every record: nothing was looked for."""
        if not permissions.reads_everything(self.turn):
            return None
        by = self.turn.person
        one = sketch(known_of(self.record), at=self.now, by=by, number=self.record.number)
        return likeness(self.turn.store, self.turn.tenant, one)

    @cached_property
    def measures(self) -> tuple[CorrectiveMeasure, ...]:
        return tuple(
            m for one in self.records for m in self.turn.store.measures(self.turn.tenant, one.number)
        )

    @property
    def name(self) -> str:
        """What it is called in a list, as the case has it."""
        return self.case.title if self.case else case_title(dict(known_of(self.record)))

    @cached_property
    def discovered(self) -> date | None:
        """As its case has it, in a paper of a record alone too."""
        store, tenant = self.turn.store, self.turn.tenant
        cases = [self.case] if self.case else [store.case(tenant, ref) for ref in self.record.cases]
        return min((one.discovered_on for one in cases), default=self.facts.discovered_on)

    @property
    def discovery(self) -> PaperLine:
        """With the hour, where a record tells one of the day from which the clock runs."""
        stated = (known_of(one).get("discovered_on") for one in (self.record, *self.records))
        with_hour = (uk_moment(told) for told in stated if isinstance(told, str) and "T" in told)
        when = next((moment(hour) for hour in with_hour if hour.date() == self.discovered), "")
        label = "When it was discovered"
        return PaperLine(label, when) if when else of_day(label, self.discovered, THERE)

    def is_true(self, name: str) -> bool:
        return self.facts.stated.get(name) is True

    def is_false(self, name: str) -> bool:
        return self.facts.stated.get(name) is False

    def due(self, kind: str) -> Deadline | None:
        return next((d for d in self.case.deadlines if d.kind == kind), None) if self.case else None

    # Lines

    def fact(self, name: str, label: str = "") -> PaperLine:
        """A fact of the record, or who can find it out."""
        label = label or title(name)
        if name not in self.facts.stated:
            return PaperLine(label, gap=ASK_WHOM.get(name, WHOEVER))
        return PaperLine(label, value_words(name, self.facts))

    def facts_there(self, *names: str) -> tuple[PaperLine, ...]:
        """Those that are stated; nothing of the others."""
        return tuple(self.fact(name) for name in names if name in self.facts.stated)

    def detail(self, name: str, label: str = "", who: str = WHOEVER) -> PaperLine:
        """What was told beside the verdict, or who knows it: whoever the field says, else `who`."""
        label, field = label or title(name), self.stands[name].field
        if value := self.value_of(name):
            told = without_tellers(value) if name == "account" else words(name, value)
            return PaperLine(label, told, theirs=True, field=name)
        if name in FACTS and name in self.facts.stated:
            return self.fact(name, label)
        return PaperLine(label, gap=field.knows or who, field=name)

    def details(self, *names: str) -> tuple[PaperLine, ...]:
        """What was told of each, and who knows those that are wanted here and were not told."""
        wanted = (name for name in names if self.stands[name].wanted or self.value_of(name))
        return tuple(map(self.detail, wanted))

    def details_there(self, *names: str) -> tuple[PaperLine, ...]:
        return tuple(self.detail(name) for name in names if self.value_of(name))

    def noted(self, kind: str, label: str, who: str) -> PaperLine:
        there = (one.text for one in self.notes if one.kind == kind)
        found = [text for text in there if text and not text.startswith(TAKEN)]
        return PaperLine(label, "\n".join(found), theirs=True) if found else PaperLine(label, gap=who)

    def setting(self, key: str, label: str) -> PaperLine:
        value: Any = self.turn.settings.get(key)
        if not value:
            return PaperLine(label, gap=f"an administrator: {self.turn.command(f'settings {key}')}")
        return PaperLine(label, str(value))


def of_day(label: str, when: date | None, who: str) -> PaperLine:
    return PaperLine(label, day(when)) if when else PaperLine(label, gap=who)


def at_moment(label: str, when: datetime) -> PaperLine:
    return PaperLine(label, moment(when))


def part(title: str, lines: Sequence[PaperLine], *, note: str = "", counted: bool = False) -> PaperPart:
    return PaperPart(title, tuple(lines), note, counted)


def category_facts(known: Dossier) -> tuple[str, ...]:
    """The facts of the incident's own kind, in the order of a form, those that were asked for or told."""
    category = known.facts.stated.get("category")
    of_kind = [n for n, fact in FACTS.items() if fact.categories and category in fact.categories]
    wanted = {*known.facts.stated, *known.verdict.missing}
    return tuple(name for name in of_kind if name in wanted)
