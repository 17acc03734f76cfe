"""What people wrote, beside the trail and never in it.

The words stand in the columns named here, each with a salt of its own in its row's `salts` (JSON, by column).
The digest that the trail holds of a row takes for each of them its seal: the HMAC-SHA256 of the text, keyed
by the salt. So a text can be taken out with its salt, and the seal left in the salt's place: the row's digest
stays what it was, nothing else in the row can have changed, and nobody can try guesses against it.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.model import Json
from storage.quick_json import as_json, of_json

WRITTEN: Mapping[str, tuple[str, ...]] = {
    "decision_record": (
        "correction_reason", "local_incident_number", "dose_as_measured", "dose_estimated_by",
        "dose_estimated_how", "immediate_actions", "what_happened", "examination_intended",
        "examination_performed", "equipment", "site", "heard",
    ),
    "confirmation": ("role", "note"),
    "note": ("text",),
    "record_detail": ("value",),
    "case_file": ("title",),
    "case_step": ("note", "authority_reference"),
    "deadline": ("why",),
    "remark": ("text",),
    "theme": ("value",),
    "theme_step": ("why",),
    "corrective_measure": ("what", "role"),
}  # fmt: skip
# Facts that are texts, and the columns of a record that hold them.
TEXTS: Mapping[str, str] = {
    "account": "what_happened", "examination_intended": "examination_intended",
    "examination_performed": "examination_performed", "equipment": "equipment", "site": "site",
}  # fmt: skip
SALT = 16  # bytes
_MAPPING = (dict, Mapping)  # asked in this order: a dict is told at once
# Before a seal that stands in the place of its salt, once the text was taken out.
TAKEN_OUT = "="
TAKEN = "[taken out "


@dataclass(frozen=True)
class Apart:
    """A record's facts and sources without what was written, the texts by column, and of each fact the words
    that it was read from."""

    facts: Json
    sources: Json
    texts: Mapping[str, str]
    heard: Mapping[str, str]


def told_apart(facts: Json, sources: Json) -> Apart:
    texts = {
        column: facts[name]
        for name, column in TEXTS.items()
        if isinstance(facts.get(name), str) and facts[name]
    }
    heard = {
        name: given["words"]
        for name, given in sources.items()
        if isinstance(given, _MAPPING) and isinstance(given.get("words"), str)
    }
    return Apart(
        {name: value for name, value in facts.items() if TEXTS.get(name) not in texts},
        {
            name: {key: value for key, value in given.items() if key != "words"} if name in heard else given
            for name, given in sources.items()
        }
        if heard
        else sources,
        texts,
        heard,
    )


def put_together(row: Mapping[str, Any]) -> tuple[Json, Json]:
    """A record's facts and sources as they were given. Raises ValueError, TypeError and AttributeError where
    they are damaged."""
    facts, sources = json.loads(row["facts"]), json.loads(row["sources"])
    facts |= {name: row[column] for name, column in TEXTS.items() if row[column]}
    heard = row["heard"] or "{}"
    if not heard.startswith(TAKEN):  # or its words were taken out
        for name, words in json.loads(heard).items():
            sources[name]["words"] = words
    return facts, sources


def taken_out(at: str) -> str:
    """What stands where a text was; `at` as the trail has it."""
    return f"{TAKEN}{at[:10]}]"


def new_salts(table: str, row: Mapping[str, Any]) -> dict[str, str]:
    """By column, of what somebody wrote in the row; none where nobody wrote anything in it."""
    written = [name for name in WRITTEN.get(table, ()) if row.get(name)]
    if not written:
        return {}
    random = os.urandom(SALT * len(written)).hex()
    size = 2 * SALT
    return {name: random[size * n : size * (n + 1)] for n, name in enumerate(written)}


def salted(table: str, row: Mapping[str, Any]) -> str | None:
    """The row's `salts`, new ones; None where nobody wrote anything in it."""
    salts = new_salts(table, row)
    return as_json(salts) if salts else None


def sealed(row: Mapping[str, Any], salts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a row's digest is taken of: as it stands, each written text as its seal. `salts`, where they are
    at hand already. Raises ValueError where its salts are damaged."""
    if not (kept := row.get("salts")):
        return {name: value for name, value in row.items() if value is not None}
    if salts is None:
        salts = of_json(kept)
    found = {name: value for name, value in row.items() if value is not None and name != "salts"}
    for name, salt in salts.items():
        found[name] = salt[len(TAKEN_OUT) :] if salt.startswith(TAKEN_OUT) else seal(salt, found[name])
    return found


def seal(salt: str, text: str) -> str:
    return hmac.digest(salt.encode(), text.encode(), "sha256").hex()
