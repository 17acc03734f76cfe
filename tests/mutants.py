"""Changes rules/ in small ways, one at a time, and says which changes no test notices: `make mutants`.

mutmut makes the changes and runs the tests, module by module, each in a copy of its own under mutants/. What
was tried before is not tried again until the function changes. docs/mutants.md says what came of it, with the
reasons in mutants.toml for those that survive.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "mutants"
# In the order of their weight: what decides, what says why, what reads and looks up.
DECIDING = (
    "settle", "cells", "conditions", "spans", "incident", "contradictions", "edition", "compiled", "standing",
    "decide", "complementary", "deadlines",
)  # fmt: skip
SAYING = ("readings", "reasons", "explain", "wording", "alternatives", "fact", "planner", "priors")
READING = ("quantities", "quantity_finder", "quantity_parser", "quantity_tokens", "thresholds", "asides")
MODULES = (*DECIDING, *SAYING, *READING)
TESTS = {
    **dict.fromkeys(READING[:4], ("test_quantities.py", "test_quantity_finder.py")),
    **dict.fromkeys(READING[4:], ("test_thresholds.py",)),
}
USUAL_TESTS = (
    "test_spans.py", "test_cases.py", "test_incident.py", "test_said.py", "test_deadlines.py",
    "test_compiled.py", "test_alternatives.py", "test_planner.py", "test_against_plain_reading.py",
)  # fmt: skip
# Loaded once for all mutants. Nothing of ours is: a table built at import has to be built by the mutant.
PRELOADED = (
    "pytest",
    "hypothesis",
    "_hypothesis_pytestplugin",
    "pytest_asyncio",
    "pytest_timeout",
    "tomllib",
)
CONFIG = """
[tool.mutmut]
source_paths = ["rules"]
only_mutate = {module}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider"]
process_isolation = "forkserver"
forkserver_warmup = "import"
preload_modules_file = "preload.txt"
track_dependencies = false
timeout_multiplier = 2.0
timeout_constant = 5.0
"""
SURVIVED, NO_TESTS = 0, 33
MEMORY = 3 * 2**30


def prepare(module: str) -> Path:
    """A copy of what the tests of one module need, with mutmut told to change that module alone."""
    place = WORK / module
    for part in ("rules", "tests/rules"):
        shutil.copytree(
            ROOT / part, place / part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy2(ROOT / "tests/conftest.py", place / "tests/conftest.py")
    tests = [f"tests/rules/{name}" for name in TESTS.get(module, USUAL_TESTS)]
    config = CONFIG.format(module=json.dumps([f"rules/{module}.py"]), tests=json.dumps(tests))
    write(place / "pyproject.toml", (ROOT / "pyproject.toml").read_text("utf-8") + config)
    write(place / "preload.txt", "\n".join(PRELOADED))
    return place


def write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


class Failed(Exception):
    """mutmut itself came to grief."""


def within_bounds() -> None:
    """A mutant that goes on for ever is not to take the machine's memory with it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def mutmut(place: Path, *arguments: str) -> str:
    env = {**os.environ, "IRMER_INCIDENTS": "0.1", "PYTHONPATH": "."}
    command = [str(Path(sys.executable).parent / "mutmut"), *arguments]
    done = subprocess.run(
        command, cwd=place, env=env, capture_output=True, text=True, check=False, preexec_fn=within_bounds
    )
    if done.returncode:
        raise SystemExit(
            f"mutmut {' '.join(arguments)} in {place} failed:\n{(done.stdout + done.stderr)[-2000:]}"
        )
    return done.stdout


def results(module: str) -> dict[str, int | None]:
    path = WORK / module / "mutants" / "rules" / f"{module}.py.meta"
    return json.loads(path.read_text("utf-8"))["exit_code_by_key"] if path.exists() else {}


def survivors(codes: dict[str, int | None]) -> list[str]:
    return [name for name, code in codes.items() if code in (SURVIVED, NO_TESTS)]


def change(module: str, name: str) -> tuple[str, str, str]:
    """The function, and the line before and after."""
    lines = mutmut(WORK / module, "show", name).splitlines()
    before = [line[1:].strip() for line in lines if line.startswith("-") and not line.startswith("---")]
    after = [line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++")]
    function = re.sub(r"__mutmut_\d+$", "", name.rpartition(".")[2]).removeprefix("x_").replace("xǁ", "")
    return function.replace("ǁ", "."), " ".join(before), " ".join(after)


def report() -> str:
    """The table and the survivors, as docs/mutants.md has them."""
    reasons = tomllib.loads((ROOT / "tests/mutants.toml").read_text("utf-8"))["survivor"]
    known = {(each["module"], each["function"], each["after"]): each["why"] for each in reasons}
    rows, listed, total, noticed = [], [], 0, 0
    for module in MODULES:
        codes = results(module)
        tried = {name: code for name, code in codes.items() if code is not None}
        left = survivors(tried)
        killed = len(tried) - len(left)
        total, noticed = total + len(tried), noticed + killed
        if tried:
            rows.append(f"| {module} | {len(codes)} | {len(tried)} | {killed} | {killed / len(tried):.1%} |")
        for name in left:
            function, before, after = change(module, name)
            why = known.get((module, function, after), "**no reason given yet**")
            listed.append((module, function, before, after, why))
    lines = [
        "# Mutants of rules/",
        "",
        "Written by `make mutants`. mutmut changes `rules/` in small ways, one at a time; a change that no",
        "test notices survives. The table of the guidance is built at import, where mutmut changes nothing:",
        "that each limit, option and side of it is noticed is the business of `tests/rules/test_edition.py`.",
        "",
        "| module | mutants | tried | noticed | share |",
        "|---|---|---|---|---|",
        *rows,
        f"| **all** | | {total} | {noticed} | **{noticed / max(total, 1):.1%}** |",
        "",
        "## Survivors",
    ]
    for module in MODULES:
        mine = [each for each in listed if each[0] == module]
        if mine:
            lines += ["", f"### {module}", ""]
        for _, function, before, after, why in mine:
            lines += [f"- `{function}`: {why}", "", "  ```diff", f"  - {before}", f"  + {after}", "  ```"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(MODULES)}; all without any")
    parser.add_argument("--children", default="1", help="how many at once")
    parser.add_argument("--again", action="store_true", help="try those again that survived")
    parser.add_argument("--report", action="store_true", help="write the report alone")
    options = parser.parse_args()
    unknown = {*options.modules} - {*MODULES}
    if unknown:
        parser.error(f"no such module: {', '.join(sorted(unknown))}")
    for module in () if options.report else options.modules or MODULES:
        place = prepare(module)
        again = survivors(results(module)) if options.again else []
        if again or not options.again:
            try:
                mutmut(place, "run", "--max-children", options.children, *again)
            except Failed as problem:
                print(problem, file=sys.stderr, flush=True)
        codes = results(module)
        print(f"{module}: {len(codes) - len(survivors(codes))} of {len(codes)} noticed", flush=True)
    (ROOT / "docs" / "mutants.md").write_text(report(), "utf-8")


if __name__ == "__main__":
    main()
