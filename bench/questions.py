"""How many questions does a check take? `python -m bench.questions`, or `make bench`.

For every way in, 200 incidents are drawn and played: the planner asks, the incident answers, until the
outcome is settled. Nation, exposure and category are known at the start. Beside it stand the best order
that a search finds (`bench.questions_best`), asking only what can still matter in the order of a form, and
asking all of the form. Each is counted with every question single, and with the yes/no flags in one
message. The search tells incidents apart by cells, so that an exact number can now and then settle more for
the planner.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from random import Random
from statistics import mean

from bench.questions_best import Best, Parts, base_of
from bench.questions_world import WAYS_IN, Truth, draw, rows_met
from rules.cells import Group
from rules.deciding import outcome_and_codes
from rules.editions import edition_for
from rules.facts import FACTS, FLAGS
from rules.incident import Facts
from rules.parsing import parse
from rules.planner import missing, next_question

TODAY = date(2026, 11, 10)
ORDER = list(FACTS)
Next = Callable[[Facts, bool], tuple[str, ...]]


def planned(facts: Facts, together: bool) -> tuple[str, ...]:
    return next_question(facts, together=together)


def in_form_order(facts: Facts, together: bool) -> tuple[str, ...]:
    """The first on the form that can still matter, and makes sense."""
    open_facts = sorted((name for name in missing(facts) if _makes_sense(name, facts)), key=ORDER.index)
    if not open_facts:
        return ()
    flags = tuple(name for name in open_facts if name in FLAGS)
    return flags if together and open_facts[0] in FLAGS else (open_facts[0],)


def _makes_sense(name: str, facts: Facts) -> bool:
    return all(
        facts.known.get(fact) in [frozenset({v}) for v in values] for fact, values in FACTS[name].given
    )


def played(truth: Truth, ask: Next, together: bool) -> int:
    """How many questions it takes until the outcome is settled; checks that it is the right one."""
    said: dict[str, object] = truth.frame._asdict()
    asked = 0
    while names := ask(facts := parse(said, TODAY), together):
        asked += 1
        for name in names:
            said["age_group" if name == "age_years" else name] = truth.answer(name)
    outcome, _ = outcome_and_codes(facts)
    assert outcome == ("notify" if rows_met(truth) else "do_not_notify"), (truth, said, outcome)
    return asked


def whole_form(truth: Truth, groups: tuple[Group, ...], together: bool) -> int:
    """Every question of the category that makes sense for this incident."""
    names = {name for group in groups for name in group.facts}
    names = {name for name in names if truth.allows(name)}
    flags = names & set(FLAGS)
    return len(names) - (max(len(flags) - 1, 0) if together else 0)


class Sample:
    """The incidents of one way in, and many more, by which the search weighs answers."""

    def __init__(self, exposure: str, category: str, count: int) -> None:
        random = Random(f"{exposure} {category}")
        self.truths = [draw(exposure, category, random) for _ in range(count)]
        self.parts = Parts([*self.truths, *(draw(exposure, category, random) for _ in range(10_000))])
        self.name = f"{exposure}, {category}"

    def means(self, together: bool) -> list[float]:
        """One row of the table, as HEADS has it."""
        rows = edition_for(None).rows
        orders: dict[tuple[Group, ...], Best] = {}
        best, form = [], []
        for truth in self.truths:
            always, groups = rows.plan(truth.frame)
            if groups not in orders:
                orders[groups] = Best(groups, base_of(rows, truth), self.parts, together)
            best.append(0 if always else orders[groups].questions(truth))
            form.append(whole_form(truth, groups, together))
        ours, in_order = (
            mean(played(truth, ask, together) for truth in self.truths) for ask in (planned, in_form_order)
        )
        return [ours, mean(best), ours / mean(best), in_order, mean(form)]


HEADS = ("planner", "best order", "ratio", "form order", "whole form")


def main(count: int) -> None:
    samples = [Sample(exposure, category, count) for exposure, category in WAYS_IN]
    for together in (False, True):
        print("Flags in one message" if together else "Every question single")
        print(f"{'':40}" + "".join(f"{head:>17}" for head in HEADS))
        table = []
        for sample in samples:
            table.append(sample.means(together))
            print(f"{sample.name:40}" + "".join(f"{value:17.2f}" for value in table[-1]), flush=True)
        means = [mean(column) for column in zip(*table, strict=True)]
        means[2] = means[0] / means[1]
        print(f"{'mean':40}" + "".join(f"{value:17.2f}" for value in means) + "\n")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--incidents", type=int, default=200)
    main(options.parse_args().incidents)
