"""The lines of the command line as pydantic models, and the JSON Schema of everything that goes in or out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError, WithJsonSchema

from bot.core.refused import LONGEST_TEXT
from rules.contract import BORDER, StatedFacts, StoredVerdict, key, schema
from rules.deadlines import uk_moment
from rules.facts import FACTS, NATIONS

Json = dict[str, Any]
UNKNOWN = "unknown"
MAX_NAME = 60  # no key is longer: of a longer one only the beginning is named


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text wants what happened, in words")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"text is too long: write at most {LONGEST_TEXT} characters")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _answers(value: object) -> Json:
    if not isinstance(value, dict):
        raise ValueError('answers wants an object of facts, such as {"nation": "wales"}')
    return value


def _agreed(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not {*map(str, value)} <= {*FACTS}:
        raise ValueError("agreed wants a list of names of facts")
    return tuple(value)


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


_KNOWN: Json = schema(StatedFacts)["properties"]
_SAID_OF_A_FIELD = ("title", "description", "examples", "unit")


def _or_unknown(known: Json) -> Json:
    """A fact's own values or “unknown”; what is said of the fact is said of both."""
    said = {name: known[name] for name in _SAID_OF_A_FIELD if name in known}
    values = {name: part for name, part in known.items() if name not in (*said, "default")}
    return {**said, "anyOf": [values, {"const": UNKNOWN}]}


def _by_name(properties: Json) -> Json:
    return {"type": "object", "additionalProperties": False, "properties": properties}


_ANSWERS = _by_name({name: _or_unknown(known) for name, known in _KNOWN.items()})
# Of what is not there nothing is known, whatever is taken for granted of it.
_FACTS = _by_name(
    {name: {key: part for key, part in known.items() if key != "default"} for name, known in _KNOWN.items()}
)
KnownFacts = Annotated[Json, WithJsonSchema(_FACTS)]


class Line(BaseModel):
    """What every line may hold beside its own."""

    model_config = ConfigDict(**BORDER, extra="forbid")
    now: Moment = key(
        "When it was written; without it, the time of the command. “Yesterday” hangs on it.",
        {"unit": "ISO date-time, UK time"},
        default=None,
    )
    nation: Nation = key("The nation that the hospital's settings name.", default=None)


class ReadLine(Line):
    """One line of `irmer read`: a message."""

    text: Annotated[str, PlainValidator(_text), WithJsonSchema({"type": "string"})] = key(
        "What happened, in words."
    )


class InterviewLine(Line):
    """One line of `irmer interview`: everything that is known of a check; it keeps no state of its own."""

    text: Annotated[
        str | None, PlainValidator(_text_or_none), WithJsonSchema({"type": ["string", "null"]})
    ] = key("What happened, in words.", default=None)
    answers: Annotated[Json, PlainValidator(_answers), WithJsonSchema(_ANSWERS)] = key(
        "What was answered: a fact's value by its name, or “unknown”. It beats the text, and "
        "“unknown” takes back what was read.",
        default={},
    )
    agreed: Annotated[
        tuple[str, ...],
        PlainValidator(_agreed),
        WithJsonSchema({"type": "array", "items": {"enum": [*FACTS]}}),
    ] = key("Facts, read or assumed, that a person agreed to.", default=())


class ReadFact(BaseModel):
    """One value that the text gives a fact."""

    model_config = BORDER
    fact: str = key("The fact.")
    value: Any = key("Its value, as `facts` has it.")
    words: str = key("The words of the text that it was taken from, or that an assumption rests on.")
    sure: bool = key("Is it certain? What is not is asked.")


class AskOption(BaseModel):
    """One answer that a question offers."""

    model_config = BORDER
    value: Any = key(
        "What goes into `answers`; where several facts are asked for at once, the fact that it "
        "is about, whose answer is true or false (of `individuals_exposed`, how many)."
    )
    label: str = key("How it is worded.")


class Ask(BaseModel):
    """The question that stands; it is answered by putting its facts into `answers`."""

    model_config = BORDER
    facts: tuple[str, ...] = key("The facts that it asks for: several where the yes/no flags come together.")
    question: str = key("The question in words.")
    options: tuple[AskOption, ...] = key(
        "The answers, a value that was read first; empty for a quantity of which none was read."
    )


class InterviewAnswer(BaseModel):
    """The next step of a check."""

    model_config = ConfigDict(**BORDER, extra="forbid")
    facts: KnownFacts = key(
        "What is known now and sure, by the names of the facts: answered, read for sure, or assumed."
    )
    read: tuple[ReadFact, ...] = key("What the text gave.")
    unused: tuple[str, ...] = key(
        "Phrases of the text that hold a number, a unit or a word of the field and gave no fact."
    )
    ask: Ask | None = key("The next question; null where nothing is asked.")
    agree: tuple[str, ...] = key(
        "Read or assumed facts, neither answered nor agreed to, that a verdict of which nobody "
        "need be told rests on: with what was answered and agreed to, these settle it, and none can be left "
        "out."
    )
    verdict: StoredVerdict | None = key("The verdict; null while something is asked or to be agreed to.")


class ReadAnswer(BaseModel):
    """What is understood of one message."""

    model_config = ConfigDict(**BORDER, extra="forbid")
    facts: KnownFacts = key(
        "What is certain, by the names of the facts: a quantity as a number, a space and the "
        "table's unit, a ratio as a decimal in a string, and no defaults unless the text says so."
    )
    to_confirm: tuple[str, ...] = key(
        "Facts that were found but are not certain, best first; never one that is in `facts`."
    )
    masked: str = key("The text as it would be stored: patients' numbers and e-mail addresses taken out.")


class LineError(BaseModel):
    """What is wrong with one fact or key of a line, and what is wanted."""

    model_config = BORDER
    fact: str | None = key("The fact, or the key of the line; null where none is to blame.")
    message: str = key("One sentence, without what was given.")


class RefusedLine(BaseModel):
    """In the place of an answer, where a line cannot be taken; the other lines go on."""

    model_config = BORDER
    error: tuple[LineError, ...] = key("Everything that is wrong.")


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
    "interview": lambda: _either(
        ("given", InterviewLine), ("answer", InterviewAnswer), ("refused", RefusedLine)
    ),
}
