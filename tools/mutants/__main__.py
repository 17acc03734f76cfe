"""`make mutants`: see the package."""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

from tools.mutants.changes import ROOT, SEED, Changes
from tools.mutants.report import SHARE, Result, reason_for, report

WORK = ROOT / "mutants"
RESULTS = "results.json"
MOST = 60
VERDICTS = ("cases", "against_plain_reading", "incident")
SAID = ("cases", "said", "compiled")
QUANTITIES = ("quantities", "quantity_finder")
# The tests that ought to notice a change to each module: the first that decide, then those that say why, then
# those that read and look up.
TESTS = {
    "settle": VERDICTS,
    "cells": (*VERDICTS, "spans"),
    "conditions": (*VERDICTS, "spans"),
    "spans": ("spans", "cases", "incident", *QUANTITIES),
    "incident": (*VERDICTS, "said"),
    "parsing": (*VERDICTS, "said", "contract"),
    "values": ("incident", "contract", "cases", "counts"),
    "contract": ("contract", "verdict", "facts", "deadlines", "incident"),
    "contradictions": (*VERDICTS, "said"),
    "edition_model": ("deadlines", "cases", "thresholds", "said"),
    "editions": ("deadlines", "cases"),
    "compiled": ("compiled", "cases"),
    "standing": ("cases", "compiled", "against_plain_reading"),
    "deciding": ("verdict", "cases", "incident", "said", "deadlines", "compiled"),
    "complementary": ("complementary", "cases", "against_plain_reading", "compiled"),
    "deadlines": ("deadlines", "cases"),
    "readings": SAID,
    "reasons": SAID,
    "explain": SAID,
    "clauses": SAID,
    "alternatives": ("alternatives", "cases", "said"),
    "fact_model": ("facts",),
    "planner": ("planner", "cases"),
    "ordering": ("planner", "priors"),
    "last_questions": ("planner",),
    "agree": ("agree",),
    "priors": ("priors", "planner"),
    "quantities": (*QUANTITIES, "incident"),
    "quantity_finder": QUANTITIES,
    "quantity_parser": QUANTITIES,
    "quantity_tokens": QUANTITIES,
    "thresholds": ("thresholds",),
    "threshold_rows": ("thresholds",),
    "threshold_doses": ("thresholds",),
    "typical": ("thresholds",),
    "asides": ("thresholds",),
}
# Made of data at import, where nothing is changed.
DATA = ("april_2023", "authorities", "facts", "facts_of_category", "facts_of_incident", "glossary", "topics")


class Failed(Exception):
    """The trials of a module did not come to their end."""


def prepare(module: str) -> Path:
    """A copy of what the tests of one module need."""
    place = WORK / module
    for part in ("rules", "tests/rules", "tools/mutants"):
        shutil.rmtree(place / part, ignore_errors=True)
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "pyproject.toml", place)
    (place / "pytest.ini").write_text(
        "[pytest]\naddopts = --import-mode=importlib\npythonpath = .\n", "utf-8"
    )
    return place


def attempt(module: str, most: int | None) -> Result:
    """Tries the changes that were neither noticed nor explained before, or whose function differs since."""
    place = prepare(module)
    changes = Changes(module, place)
    (place / f"rules/{module}.py").write_text(changes.code, "utf-8")
    names = changes.sample(most)
    before = load(module)
    settled = {
        name: trial
        for name, trial in (before.trials if before else {}).items()
        if name in changes.names
        and trial["version"] == changes.version(name)
        and (trial["noticed"] or reason_for(module, trial) is not None)
    }
    order = {
        "module": module,
        "names": [name for name in names if name not in settled],
        "tests": [f"tests/rules/test_{name}.py" for name in TESTS[module]],
    }
    env = {**os.environ, "IRMER_INCIDENTS": "0.02", "PYTHONPATH": ".", "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "tools.mutants.trials"]
    done = subprocess.run(
        command, cwd=place, env=env, input=json.dumps(order), text=True, stdout=subprocess.PIPE, check=False
    )
    tried = {(trial := json.loads(line))["name"]: trial for line in done.stdout.splitlines()}
    for name, trial in tried.items():
        trial.update(version=changes.version(name), **changes.change(name)._asdict())
    known = {**settled, **tried}
    result = Result(module, len(changes.names), {name: known[name] for name in names if name in known})
    (place / RESULTS).write_text(json.dumps(result._asdict(), ensure_ascii=False, indent=1), "utf-8")
    if done.returncode:
        raise Failed(f"{module}: the trials came to grief, see above; {len(names) - len(known)} are missing")
    return result


def load(module: str) -> Result | None:
    path = WORK / module / RESULTS
    return Result(**json.loads(path.read_text("utf-8"))) if path.exists() else None


def busy() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(TESTS)}; every one without any")
    parser.add_argument(
        "--most",
        type=int,
        default=MOST,
        help=f"so many changes a module, drawn with the seed {SEED} ({MOST})",
    )
    parser.add_argument("--all", action="store_true", help="every change")
    parser.add_argument("--report", action="store_true", help="write the report alone")
    options = parser.parse_args()
    if unknown := {*options.modules} - {*TESTS}:
        parser.error(f"no such module: {', '.join(sorted(unknown))}")
    failed = []
    for module in () if options.report else options.modules or TESTS:
        try:
            result = attempt(module, None if options.all else options.most)
        except Failed as problem:
            failed.append(str(problem))
        else:
            tried, left = len(result.trials), len(result.survivors)
            print(
                f"{module}: {tried - left} of {tried} noticed, after {busy():.0f} s of processor time",
                flush=True,
            )
    results = [result for module in TESTS if (result := load(module))]
    text, listed, share, unexplained = report(results)
    (WORK / "survivors.md").write_text(listed, "utf-8")
    if len(results) == len(TESTS):
        (ROOT / "docs/mutants.md").write_text(text, "utf-8")
    if unexplained or share < SHARE:
        failed.append(f"{share:.1%} noticed; {unexplained} survivors have no reason in reasons.toml")
    sys.exit("\n".join(failed) or 0)


if __name__ == "__main__":
    main()
