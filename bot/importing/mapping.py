"""The mapping: which columns of a file are read, and as what. Only what is named here is read at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.core.check.further_fields import FURTHER
from bot.core.check.record_fields import FIELDS as OF_RECORD
from bot.core.identifying import seeming
from bot.core.patient_numbers import holds_number
from bot.usage import Usage
from rules.fact_model import Kind
from rules.facts import DETAILS, FACTS


def header_name(text: str) -> str:
    """A column's name in one line, with one blank wherever there are several or a break."""
    return " ".join(text.split())


def _a_system(source: str) -> str:
    """It stands beside each incident, and in the trail."""
    said = source.replace("-", " ").replace("_", " ").title()
    if holds_number(source) or _MANY_FIGURES.search(source) or seeming.find(said):
        raise ValueError("wants a short name of the system, such as datix, and nothing of anybody's")
    return source


_MANY_FIGURES = re.compile(r"\d{9}")
ColumnName = Annotated[str, AfterValidator(header_name)]
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)
# Facts and details that describe; those of a record that no fact is.
FIELDS = frozenset({*FACTS, *DETAILS})
BESIDE = frozenset(field.name for field in OF_RECORD) - FIELDS
# What papers want beside it, but for what needs more than one cell: who was told when, or why not.
FURTHER_WORDS = {one.name: one for one in FURTHER if one.takes == "words" and not one.many}


class From(BaseModel):
    """One fact or detail: of one column or several, joined with a space; or the same `value` in every row."""

    model_config = _STRICT
    column: tuple[ColumnName, ...] = ()
    value: str | int | bool | None = None
    values: dict[str, str] = Field(default_factory=dict)
    unit: str = ""

    @model_validator(mode="before")
    @classmethod
    def _one_column(cls, given: object) -> object:
        if isinstance(given, dict) and isinstance(given.get("column"), str):
            return {**given, "column": (given["column"],)}
        return given

    @model_validator(mode="after")
    def _from_somewhere(self) -> From:
        if bool(self.column) == (self.value is not None):
            raise ValueError("wants either a column or a value")
        return self


class Skip(BaseModel):
    model_config = _STRICT
    columns: tuple[ColumnName, ...] = ()


class Mapping(BaseModel):
    """`ref` names the column that makes a row the same row when the file comes again. `dates` are the orders
    of days, as strptime has them (`%d/%m/%Y`); `only` the values of columns that a row needs to be read.
    `short_rows`: a row may end before the last column, where a spreadsheet leaves out what is empty there."""

    model_config = _STRICT
    source: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$"), AfterValidator(_a_system)]
    ref: Annotated[ColumnName, Field(min_length=1)]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = Field(default="", max_length=1)
    dates: tuple[str, ...] = ()
    excel_serial: bool = False
    short_rows: bool = False
    unknown: tuple[str, ...] = ("", "N/K", "Not known", "Unknown", "-")
    only: dict[ColumnName, tuple[str, ...]] = Field(default_factory=dict)
    fact: dict[str, From] = Field(default_factory=dict)
    detail: dict[str, From] = Field(default_factory=dict)
    skip: Skip = Skip()

    @model_validator(mode="before")
    @classmethod
    def _one_order(cls, given: object) -> object:
        if isinstance(given, dict) and isinstance(given.get("dates"), str):
            return {**given, "dates": (given["dates"],)}
        return given

    @property
    def fields(self) -> Iterator[tuple[str, From]]:
        yield from self.fact.items()
        yield from self.detail.items()

    @property
    def days(self) -> tuple[str, ...]:
        """Columns in which there is a day for each incident, and for a sum of them none."""
        return tuple(
            column
            for name, of in self.fact.items()
            if name in FACTS and FACTS[name].kind is Kind.DATE
            for column in of.column
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """All that is read, each once, in the order in which it is named."""
        named = [self.ref, *self.only, *(column for _, of in self.fields for column in of.column)]
        return tuple(dict.fromkeys(named))


def read_mapping(text: str) -> Mapping:
    """Raises Usage, naming what is wrong."""
    try:
        mapping = Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Usage(f"the mapping is not TOML: {error}") from None
    except ValidationError as invalid:
        first = invalid.errors()[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise Usage(f"the mapping: {where}: {first['msg'].removeprefix('Value error, ')}") from None
    details = FIELDS | BESIDE | FURTHER_WORDS.keys()
    for kind, named, known in (("fact", mapping.fact, FIELDS), ("detail", mapping.detail, details)):
        if wrong := [name for name in named if name not in known]:
            raise Usage(
                f"the mapping: there is no {kind} {wrong[0]}: see docs/register.md for those there are"
            )
    if both := mapping.fact.keys() & mapping.detail.keys():
        raise Usage(f"the mapping: {min(both)} stands under fact and under detail: one of them")
    if skipped := set(mapping.skip.columns) & set(mapping.columns):
        raise Usage(f"the mapping: {min(skipped)} is skipped and used: one of them")
    if not any(of.column for of in mapping.fact.values()):
        raise Usage("the mapping names no column that gives a fact: nothing could be decided")
    return mapping
