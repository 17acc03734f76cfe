"""A row of a source as facts and verdict, or why it fails: nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from datetime import date
from typing import Any, NamedTuple

from bot.core.patient_numbers import holds_number, masked
from bot.core.words.fact_words import title
from bot.importing.cell_values import Reader, RowFails
from bot.importing.judging import Judging
from bot.importing.mapping import FURTHER_WORDS, Mapping
from bot.importing.repeated import seems_somebody
from bot.importing.source_files import is_sum
from rules.incident import InvalidFacts
from storage import masking
from storage.imports import BroughtIn, ref_digest
from storage.model import Assessment

# What is said of a dose that is measured; the incident system's number. Not facts of the rules.
_BESIDE = ("local_incident_number", "dose_as_measured", "dose_estimated_by", "dose_estimated_how",
           "immediate_actions")  # fmt: skip


class RowTaken(NamedTuple):
    """`flagged`: columns of texts that seem to name somebody, and so were left behind; `masked`: how many
    numbers were taken out."""

    row: BroughtIn
    outcome: str
    missing: tuple[str, ...]
    flagged: tuple[str, ...]
    masked: int


class Taking:
    """The rows of one file under its mapping, one after the other."""

    def __init__(self, mapping: Mapping, today: date, *, keep_texts: bool) -> None:
        self._mapping = mapping
        self._readers = tuple(Reader(name, of, mapping, looks=not keep_texts) for name, of in mapping.fields)
        self._judging = Judging(today)
        self._source = {"id": mapping.source, "name": f"{mapping.source} (imported)", "how": "carried"}
        self._sources: dict[tuple[str, ...], Map[str, Map[str, str]]] = {}  # by the facts that there are
        self._sorted, self._dumps = tuple(sorted(name for name, _ in mapping.fields)), masking.Dumps()

    def take(self, line: Map[str, str]) -> RowTaken:
        """Raises RowFails."""
        mapping, given = self._mapping, dict[str, Any]()
        flagged, hidden = list[str](), 0
        ref = line[mapping.ref]
        if not ref:
            raise RowFails((mapping.ref,), "is empty, and by it a row is known again")
        if is_sum(ref):  # with a day, so none of the sums below the others
            raise RowFails((mapping.ref,), "is the word of a sum: give the row a number of its own")
        if holds_number(ref):  # what is kept of it can be tried against every number that there is
            raise RowFails((mapping.ref,), "holds a patient's number, by which no row is known again")
        if seems_somebody(ref):
            raise RowFails((mapping.ref,), "seems to tell who somebody is, and is shown in every list")
        for reader in self._readers:
            value, number, somebody = reader.of(tuple([line[column] for column in reader.columns]))
            hidden += number
            if somebody:
                flagged += reader.columns
                value = f"[text left in {mapping.source}, {masked(ref)}]" if reader.written else None
            if value is not None:
                given[reader.name] = value
        beside = {name: str(given.pop(name)) for name in _BESIDE if name in given}
        beside.setdefault("local_incident_number", ref)
        told = {name: _told(name, str(given.pop(name)), mapping) for name in FURTHER_WORDS if name in given}
        try:
            facts, verdict = self._judging.of(given)
        except InvalidFacts as invalid:
            first = invalid.errors[0]
            raise RowFails(_columns(mapping, first.fact), masked(first.message)) from None
        assessment = Assessment(facts.stated, verdict, self._sources_of(tuple(facts.stated)), **beside)
        said = {name: given[name] for name in self._sorted if name in given}
        read = (said, beside, told) if told else (said, beside)
        content = f"[{', '.join(self._dumps.of(part)[0] for part in read)}]"
        missing = verdict.get("missing") or ()
        return RowTaken(
            BroughtIn(ref_digest(mapping.source, ref), content, assessment, told), str(verdict["outcome"]),
            tuple(missing) if isinstance(missing, list | tuple) else (), tuple(flagged), hidden,
        )  # fmt: skip

    def _sources_of(self, names: tuple[str, ...]) -> Map[str, Map[str, str]]:
        if names not in self._sources:
            self._sources[names] = dict.fromkeys(names, self._source)
        return self._sources[names]


def _told(name: str, text: str, mapping: Mapping) -> str:
    """Raises RowFails where it is no such code."""
    of = FURTHER_WORDS[name]
    if of.shape and not re.fullmatch(of.shape, text.strip(), re.I):
        raise RowFails(_columns(mapping, name), of.wanted)
    return text.strip()


def _columns(mapping: Mapping, name: str | None) -> tuple[str, ...]:
    if not name:
        return ()
    of = mapping.fact.get(name) or mapping.detail.get(name)
    return of.column if of and of.column else (title(name),)
