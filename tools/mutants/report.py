"""docs/mutants.md: how many changes the tests notice, and why the others may survive."""

import re
import tomllib
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tools.mutants.changes import SEED

SHARE = 0.9  # what is asked for
NONE = "No reason given yet"
REASONS = Path(__file__).with_name("reasons.toml")


class Result(NamedTuple):
    """What came of one module; `trials` by the change's name."""

    module: str
    mutants: int
    trials: dict[str, dict[str, Any]]

    @property
    def survivors(self) -> list[dict[str, Any]]:
        return [trial for trial in self.trials.values() if not trial["noticed"]]


@cache
def reasons() -> list[dict[str, str]]:
    return tomllib.loads(REASONS.read_text("utf-8"))["reason"]


def reason_for(module: str, trial: dict[str, Any]) -> str | None:
    """The first reason whose patterns fit: `of` the function, `change` what is in `before → after`."""
    function, change = f"{module}.{trial['function']}", f"{trial['before']} → {trial['after']}"
    for each in reasons():
        if re.fullmatch(each.get("of", ".*"), function) and re.search(each.get("change", ""), change):
            return each["why"]
    return None


def report(results: list[Result]) -> tuple[str, str, float, int]:
    """The report, every survivor in full, the share noticed, and how many survivors have no reason."""
    groups: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for result in results:
        for trial in result.survivors:
            why = reason_for(result.module, trial) or NONE
            groups[why].append((f"{result.module}.{trial['function']}", trial))
    made, tried, left = (
        sum(counts)
        for counts in zip(*((r.mutants, len(r.trials), len(r.survivors)) for r in results), strict=True)
    )
    share = (tried - left) / tried
    rows = [
        f"| {r.module} | {r.mutants} | {n} | {n - len(r.survivors)} | {(n - len(r.survivors)) / n:.1%} |"
        for r in results
        if (n := len(r.trials))
    ]
    how = (
        "All were tried."
        if tried == made
        else f"{tried:,} of {made:,} were tried, drawn with the seed {SEED}."
    )
    lines = [
        "# Mutants of rules/",
        "",
        "Written by `make mutants`. mutmut changes `rules/` in small ways, one at a time; a change that no",
        f"test notices survives. {how} The table of the guidance",
        "is built at import, where mutmut changes nothing: that each limit, option and side of it is noticed",
        "is the business of `tests/rules/test_edition.py`.",
        "",
        "| module | mutants | tried | noticed | share |",
        "|---|---|---|---|---|",
        *rows,
        f"| **all** | {made:,} | {tried:,} | {tried - left:,} | **{share:.1%}** |",
        "",
        "## Survivors",
        "",
        "Grouped by the reason why a change that no test notices is no loss (`tools/mutants/reasons.toml`),",
        "each with one of its changes. A run leaves all of them in `mutants/survivors.md`.",
    ]
    listed = []
    for why, found in sorted(groups.items(), key=lambda group: (group[0] != NONE, -len(group[1]), group[0])):
        where = Counter(function for function, _ in found)
        named = ", ".join(f"`{name}`" + (f" {n}" if n > 1 else "") for name, n in sorted(where.items()))
        lines += ["", f"### {why}", "", f"{len(found)}: {named}.", "", *diff(*found[len(found) // 2])]
        listed += [f"# {why}", ""]
        for each in found:
            listed += [*diff(*each), ""]
    return "\n".join(lines) + "\n", "\n".join(listed) + "\n", share, len(groups.get(NONE, ()))


def diff(function: str, trial: dict[str, Any]) -> list[str]:
    return ["```diff", f"@@ {function} @@", f"- {trial['before']}", f"+ {trial['after']}", "```"]
