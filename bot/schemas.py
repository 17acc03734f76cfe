"""The lines of the command line as pydantic models, and the JSON Schema of everything that goes in or out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, WithJsonSchema

from rules.contract import BORDER, StatedFacts, StoredVerdict, schema
from rules.deadlines import uk_moment
from rules.facts import NATIONS

Json = dict[str, Any]
MAX_NAME = 60  # no key is longer: of a longer one only the beginning is named
NONE: Json = {"unit": "none"}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text wants what happened, in words")
    return value


def _now(value: object) -> datetime | None:
    wanted = "now wants an ISO date-time such as 2026-11-03T14:30"
    if not isinstance(value, str | None):
        raise ValueError(wanted)
    try:
        return None if value is None else uk_moment(value)
    except ValueError:
        raise ValueError(wanted) from None


def _nation(value: object) -> str | None:
    if value is not None and value not in NATIONS:
        raise ValueError(f"nation wants one of: {', '.join(NATIONS)}")
    return value


Moment = Annotated[datetime | None, PlainValidator(_now), WithJsonSchema({"type": ["string", "null"]})]
Nation = Annotated[str | None, PlainValidator(_nation), WithJsonSchema({"enum": [*NATIONS, None]})]


class Line(BaseModel):
    """What every line may hold beside its own."""

    model_config = ConfigDict(**BORDER, extra="forbid")
    now: Moment = Field(
        default=None,
        description="When it was written; without it, the time of the command. “Yesterday” hangs on it.",
        json_schema_extra={"unit": "ISO date-time, UK time"},
    )
    nation: Nation = Field(
        default=None, description="The nation that the hospital's settings name.", json_schema_extra=NONE
    )


class ReadLine(Line):
    """One line of `irmer read`: a message."""

    text: Annotated[str, PlainValidator(_text), WithJsonSchema({"type": "string"})] = Field(
        description="What happened, in words.", json_schema_extra=NONE
    )


class ReadAnswer(BaseModel):
    """What is understood of one message."""

    model_config = ConfigDict(**BORDER, extra="forbid")
    facts: Json = Field(
        description="What is certain, by the names of the facts: a quantity as a number, a space and the "
        "table's unit, a ratio as a decimal in a string, and no defaults unless the text says so.",
        json_schema_extra=NONE,
    )
    to_confirm: tuple[str, ...] = Field(
        description="Facts that were found but are not certain, best first; never one that is in `facts`.",
        json_schema_extra=NONE,
    )
    masked: str = Field(
        description="The text as it would be stored: patients' numbers and e-mail addresses taken out.",
        json_schema_extra=NONE,
    )


class LineError(BaseModel):
    """What is wrong with one fact or key of a line, and what is wanted."""

    model_config = BORDER
    fact: str | None = Field(
        description="The fact, or the key of the line; null where none is to blame.", json_schema_extra=NONE
    )
    message: str = Field(description="One sentence, without what was given.", json_schema_extra=NONE)


class RefusedLine(BaseModel):
    """In the place of an answer, where a line cannot be taken; the other lines go on."""

    model_config = BORDER
    error: tuple[LineError, ...] = Field(description="Everything that is wrong.", json_schema_extra=NONE)


def problems(invalid: ValidationError, model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Key and message of each error of a line, in our words."""
    for error in invalid.errors(include_url=False, include_input=False):
        name = str(error["loc"][0])[:MAX_NAME]
        own = error.get("ctx", {}).get("error")
        if own:
            yield name, str(own)
        elif error["type"] == "missing":
            yield name, f"{name} wants {MISSING[name]}"
        else:
            yield name, f"a line has {', '.join(model.model_fields)}; “{name}” is none of them"


MISSING = {"text": "what happened, in words"}


def _either(*models: tuple[str, type[BaseModel]]) -> Json:
    """What goes in or comes out of a command: one of these, each by its own name."""
    made = {name: schema(model, printed=name != "given") for name, model in models}
    parts: Json = {}
    for name, one in made.items():
        parts |= one.pop("$defs", {})
        parts[name] = one
        one.pop("$schema")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in made],
        "$defs": parts,
    }


SCHEMAS: dict[str, Callable[[], Json]] = {
    "facts": lambda: schema(StatedFacts),
    "verdict": lambda: schema(StoredVerdict, printed=True),
    "read": lambda: _either(("given", ReadLine), ("answer", ReadAnswer), ("refused", RefusedLine)),
}
