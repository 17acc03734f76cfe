"""One row of the table of codes, and what `decide` says just below, at and just above each of its limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product

from rules.conditions import OneOf, RatioWithin, Within
from rules.deciding import Verdict
from rules.edition_model import Criterion
from rules.facts import FACTS, NATIONS, NO, YES, Kind
from rules.parsing import parse
from rules.spans import exactly, plain
from tools.criteria.incidents import (
    BESIDE,
    CHOSEN,
    MET,
    OF_CATEGORY,
    Said,
    incident,
    judged,
    written,
)
from tools.criteria.words import choice_words, in_words, value_words

CHILDREN = (15, 16, 17, 18)
EVERYWHERE = {"R14", "R17"}  # they come with dates and with open questions, not with a row
PLAIN = {YES: True, NO: False}


def result(verdict: Verdict) -> str:
    """What the rules say, briefly: the codes in bold, or no, or open."""
    if verdict.outcome == "notify":
        return f"**{', '.join((*verdict.codes, *verdict.complementary)) or 'notify'}**"
    words = {"do_not_notify": "no", "undecided": "open", "not_irmer": "not IR(ME)R"}[verdict.outcome]
    return f"{words} ({', '.join(verdict.complementary)})" if verdict.complementary else words


class Section:
    """One row. `readings` are those that its verdicts relied on, once its lines have been taken."""

    def __init__(self, criterion: Criterion) -> None:
        self.criterion = criterion
        self.code = criterion.code
        self.category, self.change = CHOSEN[self.code]
        self.readings: list[str] = []

    def lines(self) -> Iterator[str]:
        met = MET.get(self.code, {})
        body = [*self._limits(), *self._choices(met), *self._by_nation()]
        self._judged(met)
        self._judged(met, {"exposure": "accidental", "total_dose": None})
        row = self.criterion
        yield f"### {self.code} · {row.category}"
        yield ""
        child = f" (Of a child: {row.child_figure}.)" if row.child_figure else ""
        yield f"**{row.figure}.**{child} {row.words}"
        yield ""
        yield f"- Guidance: {row.where}."
        yield f"- Met when {in_words(row.condition)}."
        if row.newer:
            yield f"- **Known to be newer, and unseen in full:** {row.newer}."
        if self.readings:
            yield f"- Readings: {', '.join(sorted(self.readings, key=lambda name: int(name[1:])))}."
        yield f"- The incident below: {self._described()}."
        yield ""
        yield from body

    def _judged(self, *changes: Said) -> Verdict:
        verdict = judged(_sensible(incident(self.category, self.change, *changes)))
        self.readings += [r for r in verdict.readings if r not in (*self.readings, *EVERYWHERE)]
        return verdict

    def _described(self) -> str:
        said = {**OF_CATEGORY[self.category], **self.change}
        kept = {
            name: value
            for name, value in said.items()
            if incident(self.category, self.change).get(name) == value
        }
        return ", ".join([self.category.replace("_", " "), *(value_words(n, v) for n, v in kept.items())])

    def _limits(self) -> Iterator[str]:
        atoms = [a for a in dict.fromkeys(self.criterion.when.atoms()) if isinstance(a, Within | RatioWithin)]
        if not atoms:
            return
        yield "| changed | just below | at the limit | just above | not known |"
        yield "|---|---|---|---|---|"
        for atom in atoms:
            factor = " x" if isinstance(atom, RatioWithin) else ""
            for beside in BESIDE.get((self.code, f"{atom.fact} {plain(atom.limit)}{factor}"), ({},)):
                yield self._limit(atom, beside)
        yield ""

    def _limit(self, atom: Within | RatioWithin, beside: Said) -> str:
        fact = FACTS[atom.fact]
        limit = atom.limit
        if isinstance(atom, RatioWithin):
            base = parse(incident(self.category, self.change, beside), date.max).known[atom.of]
            limit *= base[0][0]  # type: ignore[index]
        step = Decimal(1) if fact.kind is Kind.COUNT or fact.unit == "MBq" else Decimal("0.001")
        cells = []
        for value in (limit - step, limit, limit + step):
            if not exactly(value) & fact.domain:  # type: ignore[operator]
                cells.append("–")
                continue
            verdict = self._judged(beside, {atom.fact: written(atom.fact, plain(value))})
            cells.append(f"{plain(value)} → {result(verdict)}")
        cells.append(result(self._judged(beside, {atom.fact: None})))
        extra = "".join(f", {value_words(name, value)}" for name, value in beside.items())
        unit = f", {fact.unit}" if fact.unit else ""
        return f"| {fact.name.replace('_', ' ')}{unit}{extra} | {' | '.join(cells)} |"

    def _choices(self, beside: Said) -> Iterator[str]:
        names = dict.fromkeys(a.fact for a in self.criterion.when.atoms() if isinstance(a, OneOf))
        facts = [FACTS[name] for name in names if name not in ("nation", "age_group")]
        if not facts:
            return
        told: dict[str, str] = {}
        for values in product(*([answer.value for answer in fact.answers] for fact in facts)):
            chosen = _sensible({f.name: PLAIN.get(v, v) for f, v in zip(facts, values, strict=True)})
            words = ", ".join(f"{name.replace('_', ' ')} {choice_words(v)}" for name, v in chosen.items())
            if words not in told:
                told[words] = result(self._judged(beside, chosen))
        for fact in facts:
            unknown = f"{fact.name.replace('_', ' ')} not known"
            told[unknown] = result(self._judged(beside, {fact.name: None}))
        lines = [f"{words} → {said}" for words, said in told.items()]
        if len(facts) == 1:  # all on one line, named once
            name = facts[0].name.replace("_", " ")
            lines = [f"{name}: {'; '.join(line.removeprefix(name).lstrip() for line in lines)}"]
        yield from (f"- {line}" for line in lines)
        yield ""

    def _by_nation(self) -> Iterator[str]:
        if not any(isinstance(a, OneOf) and a.fact == "age_group" for a in self.criterion.when.atoms()):
            return
        yield f"| nation, total dose | {' | '.join(f'age {age}' for age in CHILDREN)} | age not known |"
        yield f"|---|{'---|' * (len(CHILDREN) + 1)}"
        for dose in ("0.999 mSv", "2 mSv") if self.code == "1" else ("2 mSv",):
            for nation in NATIONS:
                here = {"nation": nation, "total_dose": dose}
                results = [result(self._judged(here, {"age_years": age})) for age in (*CHILDREN, None)]
                yield f"| {FACTS['nation'].label(nation)}, {dose} | {' | '.join(results)} |"
        yield ""


def _sensible(said: Said) -> dict[str, object]:
    """Without the facts that presuppose something else, such as a foetal dose without a foetus."""
    kept = dict(said)
    for name in said:
        for fact, values in FACTS[name].given:
            if str(said.get(fact)).lower() not in values:
                kept.pop(name, None)
    return kept
