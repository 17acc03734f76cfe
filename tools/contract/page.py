"""The contract in words, from its models: facts in, verdict out, and the lines of the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.lines import BadLine, as_error, decide_line
from bot.schemas import SCHEMAS
from rules.deciding import decide
from rules.facts import DETAILS, FACTS, Kind
from rules.parsing import parse

Json = Mapping[str, Any]
TODAY = date(2026, 11, 23)
# What stands inside an answer, by its name in the schema.
PARTS = {"ReadFact": "One of `read`", "Ask": "The `ask`", "AskOption": "One of its `options`"}
EXAMPLE = {
    "nation": "england",
    "exposure": "unintended",
    "category": "diagnostic",
    "age_group": "adult",
    "intended_dose": "1 mSv",
    "total_dose": "10-12 mSv",
    "discovered_on": "2026-11-02",
}


def page() -> str:
    """All of docs/contract.md."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield f"""# Facts in, verdict out

One vocabulary for everything: the chat, the command line, the store, imports and exports. This page is
written from the models (`make contract`), and a test fails when it is stale. The same as JSON Schema (draft
2020-12): `irmer schema {" | ".join(SCHEMAS)}`.

## Facts

Every fact may be absent, or null: then it is unknown, and unknown is never taken for “no”. Two have a default
instead. A quantity is a string with its unit (`"25 mSv"`, `"300 µSv"`, `"1 cGy"`, `"0.4 GBq"`, `"110%"`) or a
number in the unit of the table. It may be known within limits only: `"10-12 mSv"`, `"<0.3 mSv"`, `">=25
mSv"`; “about” is no limit. Numbers are exact decimals. Times without an offset are UK time.

| fact | unit | values | what it is |
|---|---|---|---|"""
    facts = SCHEMAS["facts"]()["properties"]
    yield from (_fact(name, facts[name]) for name in FACTS)
    yield """
### Details

They describe, and decide nothing.

| detail | values | what it is |
|---|---|---|"""
    yield from (_detail(name, facts[name]) for name in DETAILS)
    yield from _errors()
    yield from _verdict(SCHEMAS["verdict"]())
    yield from _commands()


def _fact(name: str, field: Json) -> str:
    fact = FACTS[name]
    unit = fact.unit or {Kind.QUANTITY: "ratio", Kind.COUNT: "count"}.get(fact.kind, "–")
    return f"| `{name}` | {unit} | {_values(field)} | {_words(field)} |"


def _detail(name: str, field: Json) -> str:
    return f"| `{name}` | {_values(field)} | {_words(field)} |"


def _values(field: Json) -> str:
    """What it can be, briefly."""
    options = field.get("enum") or next(
        (one["enum"] for one in field.get("anyOf", ()) if "enum" in one), None
    )
    default = f"; without it {_coded(field['default'])}" if field.get("default") is not None else ""
    if options:
        return " ".join(_coded(option) for option in options if option is not None) + default
    kinds = {*field.get("type", ())}
    if "boolean" in kinds:
        return f"{_coded(True)} {_coded(False)}{default}"
    if "number" in kinds or "integer" in kinds:
        return _range(field) + default
    return "ISO date or date-time" if field.get("unit", "").startswith("ISO") else "words"


def _range(field: Json) -> str:
    noun = "a whole number" if "integer" in field["type"] else "a number"
    if "exclusiveMinimum" in field:
        return f"{noun} above {field['exclusiveMinimum']}"
    upto = f" to {field['maximum']}" if "maximum" in field else ""
    return f"{noun} from {field['minimum']}{upto}"


def _coded(value: object) -> str:
    return f"`{json.dumps(value) if isinstance(value, bool) else value}`"


def _words(field: Json) -> str:
    return str(field["description"]).replace("|", "\\|")


def _errors() -> Iterator[str]:
    yield """
### What is refused

A name that is none of these, a value that a fact cannot have, a date in the future or before the oldest
edition of the guidance, and facts that contradict each other are refused by name, with what is wanted;
nothing of what was given is repeated. Everything that is wrong is said at once:

```json"""
    try:
        decide_line(TODAY)({"total_dose": "25 mGy", "nation": "france"})
    except BadLine as bad:
        yield json.dumps(as_error(bad), indent=1)
    yield "```"


def _verdict(schema: Json) -> Iterator[str]:
    yield """
## Verdict

An outcome is settled exactly when every way of filling in what is unknown gives the same outcome.

| key | what it is |
|---|---|"""
    yield from _keys(schema)
    for name, heading in (
        ("StoredReason", "A reason"),
        ("StoredContact", "The authority"),
        ("StoredTold", "One of `also_tell`"),
    ):
        yield f"\n### {heading}\n\n| key | what it is |\n|---|---|"
        yield from _keys(schema["$defs"][name])
    yield "\n### An example\n\nThese facts\n\n```json"
    yield json.dumps(EXAMPLE, indent=1)
    yield "```\n\ngive\n\n```json"
    verdict = decide(parse(EXAMPLE, TODAY)).as_dict()
    verdict["reasons"] = verdict["reasons"][:2]  # type: ignore[index]
    yield json.dumps(verdict, indent=1, ensure_ascii=False)
    yield "```\n\nand further reasons."


def _keys(schema: Json) -> Iterator[str]:
    for name, field in schema["properties"].items():
        unit = f" ({field['unit']})" if field["unit"] != "none" else ""
        yield f"| `{name}` | {_words(field)}{unit} |"


def _commands() -> Iterator[str]:
    yield """
## The command line

`irmer decide`, `irmer read`, `irmer interview`: JSON Lines, one object in and one out for each line, in
order, as they come; from a file that is named, or from standard input. A line that cannot be taken gives
`error` in its place, and the rest go on."""
    for name in SCHEMAS:
        parts = SCHEMAS[name]().get("$defs", {})
        if "given" not in parts:
            continue
        for part, heading in (("given", "takes"), ("answer", "gives")):
            yield f"\n### `irmer {name}` {heading}\n\n| key | what it is |\n|---|---|"
            yield from _keys(parts[part])
        for part, heading in PARTS.items():
            if part in parts:
                yield f"\n{heading}:\n\n| key | what it is |\n|---|---|"
                yield from _keys(parts[part])
    yield """
Exit status of every command but `irmer doctor --json`: 0 done, 1 some line or request was refused, 2 wrong
use or a machine that is not ready."""
