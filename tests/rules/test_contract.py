"""The contract's models: facts as they arrive, the verdict as it is printed and read again from a record."""

import json
import subprocess
import sys
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from rules.contract import StatedFacts, StoredVerdict, schema
from rules.deciding import Verdict, decide
from rules.facts import DETAILS, FACTS
from rules.incident import InvalidFacts
from rules.parsing import parse
from tests.rules.incidents import complete_incident, forgetful, raw

TODAY = date(2026, 11, 23)
FACTS_SCHEMA, VERDICT_SCHEMA = schema(StatedFacts), schema(StoredVerdict, printed=True)
random = st.integers(0, 2**32).map(Random)
CANARY = "Zaphod 999 123 4567"


def some_facts(rng):
    incident = complete_incident(rng)
    return json.loads(json.dumps(raw(forgetful(rng, incident), rng), default=float))


@pytest.mark.parametrize("made", [FACTS_SCHEMA, VERDICT_SCHEMA], ids=["facts", "verdict"])
def test_the_schema_is_a_schema_with_a_description_and_a_unit_for_every_field(made):
    Draft202012Validator.check_schema(made)
    assert made["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    models = [made, *(part for part in made.get("$defs", {}).values() if "properties" in part)]
    fields = [(name, field) for model in models for name, field in model["properties"].items()]
    assert [name for name, field in fields if not field.get("description")] == []
    assert [name for name, field in fields if not field.get("unit")] == []


def test_the_model_of_the_facts_has_the_facts_and_the_details_and_no_more():
    assert list(FACTS_SCHEMA["properties"]) == [*FACTS, *DETAILS]
    assert FACTS_SCHEMA["additionalProperties"] is False
    assert FACTS_SCHEMA["properties"]["total_dose"]["unit"] == "mSv"
    assert FACTS_SCHEMA["properties"]["exposed_person"]["default"] == "patient"


@given(rng=random)
def test_what_is_taken_and_what_is_printed_are_what_the_schemas_say(rng):
    facts = some_facts(rng)
    Draft202012Validator(FACTS_SCHEMA).validate(facts)
    verdict = decide(parse(facts, TODAY))
    Draft202012Validator(VERDICT_SCHEMA).validate(json.loads(json.dumps(verdict.as_dict())))


@given(rng=random)
def test_a_stored_verdict_is_read_by_the_same_names_as_a_fresh_one_and_stored_the_same_again(rng):
    verdict = decide(parse({**some_facts(rng), "discovered_on": "2026-11-02"}, TODAY))
    stored = json.loads(json.dumps(verdict.as_dict()))
    read = StoredVerdict.model_validate(stored)
    for name in (*Verdict._fields, "would_change", "base_needs"):
        if name in ("reasons", "also_tell", "authority", "facts"):
            continue
        assert getattr(read, name) == getattr(verdict, name), name
    for mine, theirs in (*zip(read.reasons, verdict.reasons, strict=True),):
        assert (mine.code, mine.status, mine.sentence, mine.where) == theirs
    assert [(told.body, told.reason) for told in read.also_tell] == [*verdict.also_tell]
    assert (read.authority and read.authority.name) == (verdict.authority and verdict.authority.name)
    assert read.model_dump(mode="json") == stored


def test_the_two_verdicts_have_the_same_keys():
    assert {*StoredVerdict.model_fields} == {*Verdict._fields, "would_change", "base_needs"} - {"facts"}


def test_a_verdict_of_an_earlier_release_lacks_keys_and_one_of_a_later_has_more():
    old = StoredVerdict.model_validate({"outcome": "notify", "codes": ["2.2"], "of_later": 1})
    assert (old.codes, old.cautions, old.would_change, old.reasons) == (("2.2",), (), (), ())
    assert (old.notify_by, old.authority, old.duty_of_candour) == (None, None, None)
    assert old.guidance == date(2023, 4, 19)
    with pytest.raises(ValidationError, match="outcome"):
        StoredVerdict.model_validate({"codes": []})


@pytest.mark.parametrize("name", [*FACTS, *DETAILS])
@pytest.mark.parametrize("value", [CANARY, [CANARY], {CANARY: CANARY}, 3.5j])
def test_no_refusal_of_a_fact_repeats_what_was_given(name, value):
    if isinstance(value, str) and DETAILS.get(name) == ():
        value = [value, value]  # of words any are taken, but not a list of them
    with pytest.raises(InvalidFacts) as refused:
        parse({name: value}, TODAY)
    assert {error.fact for error in refused.value.errors} == {name}
    said = f"{refused.value} {refused.value.errors} {refused.value.__cause__} {refused.value.__context__}"
    assert "999" not in said
    assert "Zaphod" not in said


def test_no_error_of_a_stored_verdict_repeats_what_was_stored():
    with pytest.raises(ValidationError) as refused:
        StoredVerdict.model_validate({"outcome": CANARY, "reasons": [CANARY]})
    assert "Zaphod" not in f"{refused.value} {refused.value!r}"


def test_a_look_up_loads_no_pydantic():
    script = (
        "import sys; from bot.cli import main; main(['threshold', '4.2b']); "
        "main(['threshold', 'foetal']); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    modules = {name.split(".")[0] for name in loaded.stdout.split()}
    assert "rules" in modules
    assert "pydantic" not in modules
