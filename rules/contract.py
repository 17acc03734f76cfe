"""The contract as pydantic models: facts as they arrive, the verdict as it is printed and kept.

What a fact is, stands in `rules.facts` alone; its model is made from there. Importing this costs some 90 ms,
so nothing on the way of a look-up does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    create_model,
)

from rules.fact_model import Fact, Kind
from rules.facts import DEFAULTS, DETAIL_WORDS, DETAILS, FACTS, POSITIVE
from rules.quantities import MAX_LENGTH
from rules.values import Value, take

Json = dict[str, Any]
# An error shows where it is and what is wanted, and never what was given: that may hold anything.
BORDER = ConfigDict(hide_input_in_errors=True, frozen=True)


# ------------------------------------------------------------------------------------------ facts
def _taken(name: str) -> Callable[[object, ValidationInfo], Value | None]:
    def taken(value: object, info: ValidationInfo) -> Value | None:
        today = (info.context or {}).get("today", date.max)
        return None if value is None else take(name, value, today)

    return taken


def _stated(value: Value | None) -> object:
    return value and value.stated


def _field(name: str, schema: Json, **more: Any) -> Any:
    """A field whose value our own reader takes; None is unknown."""
    kind = Annotated[
        Any,
        PlainValidator(_taken(name)),
        PlainSerializer(_stated),
        WithJsonSchema(schema),
    ]
    return kind, Field(default=None, **more)


def unit_of(fact: Fact) -> str:
    """The unit of its values: of a bare number that one, in words where it is none of physics."""
    words = {Kind.DATE: "ISO date or date-time, UK time", Kind.COUNT: "count", Kind.QUANTITY: "ratio"}
    return fact.unit or words.get(fact.kind, "none")


def description_of(fact: Fact) -> str:
    """What it is, as it is asked for, why, and what each answer says."""
    answers = [f"`{a.value}`: {a.label}" for a in fact.answers] if fact.kind is Kind.CHOICE else []
    ended = [f"{'; '.join(answers)}."] if answers else []
    return " ".join(filter(None, [fact.ask, fact.why, fact.beside, *ended]))


def _fact_schema(fact: Fact) -> Json:
    if fact.kind is Kind.FLAG:
        return {"type": ["boolean", "null"]}
    options = [answer.value for answer in fact.answers]
    if fact.many:
        return {"anyOf": [{"enum": [*options, None]}, {"type": "array", "items": {"enum": options}}]}
    if fact.kind is Kind.CHOICE:
        return {"enum": [*options, None]}
    if fact.kind is Kind.DATE:
        return {"type": ["string", "null"]}
    least = "exclusiveMinimum" if fact.name in POSITIVE else "minimum"
    most = {} if fact.highest is None else {"maximum": fact.highest}
    number = "integer" if fact.kind is Kind.COUNT else "number"
    return {"type": [number, "string", "null"], least: fact.lowest, **most, "maxLength": MAX_LENGTH}


def _detail_schema(name: str) -> Json:
    allowed = {"enum": [*DETAILS[name], None]} if DETAILS[name] else {"type": ["string", "null"]}
    if name != "cause":
        return allowed
    return {"anyOf": [allowed, {"type": "array", "items": {"enum": [*DETAILS[name]]}}]}


def _fact_field(fact: Fact) -> Any:
    extra: Json = {"unit": unit_of(fact)}
    if fact.example:
        extra["examples"] = [fact.example]
    if fact.name in DEFAULTS:
        (default,) = DEFAULTS[fact.name]
        extra["default"] = {"true": True, "false": False}.get(default, default)
    schema = _fact_schema(fact)
    return _field(fact.name, schema, description=description_of(fact), json_schema_extra=extra)


StatedFacts = create_model(
    "StatedFacts",
    __config__=ConfigDict(**BORDER, extra="forbid", title="Facts of an incident"),
    __doc__="What is said of an incident. Every fact may be absent, or null: then it is unknown, which is "
    "never taken for no. A quantity is a number in the unit of the fact, or a string with its unit, or with "
    "limits: 25 mSv, 10-12 mSv, <0.3 mSv, >=25 mSv.",
    **{fact.name: _fact_field(fact) for fact in FACTS.values()},
    **{
        name: _field(name, _detail_schema(name), description=about, json_schema_extra={"unit": "none"})
        for name, about in DETAIL_WORDS.items()
    },
)


# ------------------------------------------------------------------------------------------ verdict
Outcome = Literal["notify", "do_not_notify", "undecided", "not_irmer"]
Status = Literal["met", "ruled_out", "unknown"]
DAY: Json = {"unit": "ISO date"}
PLAIN: Json = {"unit": "none"}


def key(words: str, unit: Json = PLAIN, **more: Any) -> Any:
    """A field of a model: what it is, and its unit."""
    return Field(description=words, json_schema_extra=unit, **more)


class StoredReason(BaseModel):
    """Why one code is met, ruled out or still open."""

    model_config = BORDER
    code: str = key("The notification code.")
    status: Status = key("`met`, `ruled_out`, or `unknown`: still open.")
    sentence: str = key("Why, with the numbers.")
    where: str = key("Heading and row of the guidance where it stands.", default="")


class StoredTold(BaseModel):
    """Another body to tell."""

    model_config = BORDER
    body: str = key("Its name, or the letters that it goes by.")
    reason: str = key("Why it is to be told, and how.")


class StoredContact(BaseModel):
    """The authority to notify. Contacts age: the date is the source's own."""

    model_config = BORDER
    name: str = key("Its name.")
    how: str = key("How to notify it.")
    address: str = key("The page to go to; empty where none is known.", default="")
    source: str = key("Where the contact was taken from.", default="")
    as_of: str = key(
        "The source's own date, or words such as “undated” where it has none.",
        {"unit": "ISO date, or words"},
        default="",
    )


class StoredVerdict(BaseModel):
    """The verdict as it is printed and kept, read by attribute as `rules.deciding.Verdict` is.

    A record of an earlier release may lack keys, all but the outcome. A list is empty then; a date, the
    authority and the duty of candour are None; the guidance is the edition of 19 April 2023, the only one
    there was. Keys of a later release are passed over.
    """

    model_config = BORDER
    outcome: Outcome = key(
        "`notify`: some criterion is met. `do_not_notify`: every criterion is ruled out. `undecided`: "
        "neither, which is not a “no”, and the clock runs. `not_irmer`: a worker, a member of the public, or "
        "equipment not yet in clinical use, which is another regime's."
    )
    codes: tuple[str, ...] = key(
        "Base codes met, in the order of the table; may be empty beside `notify`, where every way of filling "
        "in what is unknown meets one but not the same, or where M or C decides.",
        default=(),
    )
    complementary: tuple[str, ...] = key(
        "Complementary codes with their base code, such as `M2.2`; the letter alone where that is not known.",
        default=(),
    )
    possible: tuple[str, ...] = key(
        "Codes not met yet that some way of filling in what is unknown would meet.", default=()
    )
    missing: tuple[str, ...] = key(
        "Facts that could still change the outcome, the best next question first; empty once it is settled.",
        default=(),
    )
    reasons: tuple[StoredReason, ...] = key("One for each code in play, in the table's order.", default=())
    cautions: tuple[str, ...] = key("What must be read before acting, each with its reason.", default=())
    readings: tuple[str, ...] = key(
        "Ids of the readings that were needed, of passages that can be read in two ways.", default=()
    )
    notify_by: date | None = key(
        "The last day to notify, 14 days after discovery; null without `discovered_on`, and for "
        "`do_not_notify` and `not_irmer`.",
        DAY,
        default=None,
    )
    report_by: date | None = key(
        "The last day to send the report, 84 days after discovery; null as `notify_by` is.", DAY, default=None
    )
    authority: StoredContact | None = key(
        "Who is to be told, and how; null where the nation is not known.", default=None
    )
    also_tell: tuple[StoredTold, ...] = key("Other bodies, each with its reason.", default=())
    duty_of_candour: bool | None = key(
        "True where it is clinically significant, false for `not_irmer` alone; else null: apply your own "
        "procedure, as clinical significance is not its only trigger.",
        default=None,
    )
    guidance: date = key("The edition of the guidance that judged it.", DAY, default=date(2023, 4, 19))
    would_change: tuple[str, ...] = key(
        "From which values of single facts the outcome would be another.", default=()
    )
    base_needs: tuple[str, ...] = key(
        "Facts that would tell the base code of complementary codes whose letter stands alone.", default=()
    )


def schema(model: type[BaseModel], *, printed: bool = False) -> Json:
    """The JSON Schema (draft 2020-12) of a model; `printed`: of what comes out, where every key is there."""
    made = model.model_json_schema(mode="serialization" if printed else "validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
