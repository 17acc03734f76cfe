"""The engines that `bench.rules` times.

Each gives two functions: one that puts incidents into the engine's own input, which is not timed, and one
that decides, which is. What decides returns something that `codes` reads.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from bench.rules_task import CODES, Incident, reference

Prepare = Callable[[Incident], Any]
Decide = Callable[[Any], Any]


class Engine(NamedTuple):
    prepare: Prepare
    decide: Decide
    codes: Callable[[Any], frozenset[str]] = frozenset


def plain_python() -> Engine:
    return Engine(lambda incident: incident, reference)


def _values(incident: Incident, number: Callable[[Decimal], object]) -> dict[str, object]:
    return {
        "exposure": incident.exposure,
        "nation": incident.nation,
        "age": incident.age,
        "intended": number(incident.intended),
        "total": number(incident.total),
        "foetus": incident.foetus,
        "foetal_dose": number(incident.foetal_dose),
    }


def rule_engine() -> Engine:
    import rule_engine as library

    least = '(age < (nation == "scotland" ? 16 : 18) ? 1 : 3)'
    texts = {
        "1": f'exposure == "accidental" and (nation != "england" or total >= {least})',
        "2.1": f'exposure == "unintended" and intended < 0.3 and total >= {least}',
        "2.2": 'exposure == "unintended" and intended >= 0.3 and intended <= 2.5 and total >= 10 * intended',
        "2.3": 'exposure == "unintended" and intended > 2.5 and intended <= 10 and total >= 25',
        "2.4": 'exposure == "unintended" and intended > 10 and total >= 2.5 * intended',
        "5": "foetus and foetal_dose >= 10",
    }
    rules = [(code, library.Rule(text).matches) for code, text in texts.items()]
    return Engine(
        lambda incident: _values(incident, lambda dose: dose),
        lambda values: [code for code, matches in rules if matches(values)],
    )


def json_logic() -> Engine:
    from json_logic import jsonLogic

    def var(name: str) -> dict[str, str]:
        return {"var": name}

    least = {"if": [{"<": [var("age"), {"if": [{"==": [var("nation"), "scotland"]}, 16, 18]}]}, 1, 3]}
    unintended = {"==": [var("exposure"), "unintended"]}
    enough = {">=": [var("total"), least]}
    intended, total = var("intended"), var("total")
    rules: dict[str, object] = {
        "1": {
            "and": [
                {"==": [var("exposure"), "accidental"]},
                {"or": [{"!=": [var("nation"), "england"]}, enough]},
            ]
        },
        "2.1": {"and": [unintended, {"<": [intended, 0.3]}, enough]},
        "2.2": {
            "and": [
                unintended,
                {">=": [intended, 0.3]},
                {"<=": [intended, 2.5]},
                {">=": [total, {"*": [10, intended]}]},
            ]
        },
        "2.3": {"and": [unintended, {">": [intended, 2.5]}, {"<=": [intended, 10]}, {">=": [total, 25]}]},
        "2.4": {"and": [unintended, {">": [intended, 10]}, {">=": [total, {"*": [2.5, intended]}]}]},
        "5": {"and": [var("foetus"), {">=": [var("foetal_dose"), 10]}]},
    }
    return Engine(
        lambda incident: _values(incident, float),
        lambda values: [code for code, rule in rules.items() if jsonLogic(rule, values)],
    )


# exposure, nation, intended, total, anything else, code
TABLE = (
    ('"accidental"', '"wales","scotland","northern_ireland"', "", "", "", "1"),
    ('"accidental"', '"england"', "", "", "total >= least", "1"),
    ('"unintended"', "", "< 0.3", "", "total >= least", "2.1"),
    ('"unintended"', "", "[0.3..2.5]", "", "total >= 10 * intended", "2.2"),
    ('"unintended"', "", "(2.5..10]", ">= 25", "", "2.3"),
    ('"unintended"', "", "> 10", "", "total >= 2.5 * intended", "2.4"),
    ("", "", "", "", "foetus and foetal_dose >= 10", "5"),
)


def zen_engine() -> Engine:
    """One expression for the age and one decision table, out of a static loader: compiled once."""
    import zen

    columns = ("exposure", "nation", "intended", "total", "other")
    fields = [
        {"id": name, "name": name, "type": "expression"} | ({} if name == "other" else {"field": name})
        for name in columns
    ]
    rows = [
        {"_id": str(n), "code": f'"{row[-1]}"'} | dict(zip(columns, row, strict=False))
        for n, row in enumerate(TABLE)
    ]
    age = {"id": "age", "key": "least", "value": 'age < (nation == "scotland" ? 16 : 18) ? 1 : 3'}
    table = {
        "hitPolicy": "collect",
        "inputs": fields,
        "outputs": [{"id": "code", "name": "code", "type": "expression", "field": "code"}],
        "rules": rows,
    }
    nodes: list[dict[str, Any]] = [
        {"id": "in", "type": "inputNode"},
        {"id": "least", "type": "expressionNode", "content": {"passThrough": True, "expressions": [age]}},
        {"id": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "type": "outputNode"},
    ]
    nodes = [{**node, "name": node["id"], "position": {"x": 0, "y": 0}} for node in nodes]
    pairs = (("in", "least"), ("least", "table"), ("table", "out"))
    edges = [{"id": a + b, "type": "edge", "sourceId": a, "targetId": b} for a, b in pairs]
    content = {"irmer": json.loads(json.dumps({"nodes": nodes, "edges": edges}))}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
    return Engine(
        lambda incident: _values(incident, float),
        lambda values: engine.evaluate("irmer", values)["result"],
        lambda result: frozenset(row["code"] for row in result),
    )


# ------------------------------------------------------------------------------------------------- ours
def _facts(incident: Incident) -> Any:
    from rules.incident import Facts
    from rules.parsing import parse

    said: dict[str, object] = {
        "exposure": incident.exposure,
        "category": "diagnostic",
        "nation": incident.nation,
        "age_years": incident.age,
        "total_dose": incident.total,
        "unintended_foetal_exposure": incident.foetus,
        "individuals_exposed": 1,
        "clinically_significant": False,
    }
    if incident.exposure == "unintended":
        said["intended_dose"] = incident.intended
    if incident.foetus:
        said["foetal_dose"] = incident.foetal_dose
    facts = parse(said, date(2026, 11, 10))
    # Anew, so that nothing is kept that was worked out while the facts were checked.
    return Facts(facts.stated, facts.known)


def ours_codes() -> Engine:
    from rules.deciding import outcome_and_codes

    return Engine(_facts, outcome_and_codes, lambda result: frozenset(result[1]))


def ours_verdict() -> Engine:
    from rules.deciding import decide

    return Engine(_facts, decide, lambda verdict: frozenset(verdict.codes))


def ours_everything() -> Engine:
    from rules.deciding import decide

    def whole(facts: Any) -> Any:
        verdict = decide(facts)
        assert verdict.would_change is not None
        return verdict

    return Engine(_facts, whole, lambda verdict: frozenset(verdict.codes))


ENGINES: dict[str, Callable[[], Engine]] = {
    "plain Python, exact decimals": plain_python,
    "ours: outcome and codes": ours_codes,
    "zen-engine, decision table": zen_engine,
    "ours: full verdict with reasons": ours_verdict,
    "rule-engine": rule_engine,
    "json-logic-qubit": json_logic,
    "ours: with what would change it": ours_everything,
}
assert set(CODES) == {row[-1] for row in TABLE}
