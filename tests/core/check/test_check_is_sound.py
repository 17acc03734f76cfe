"""Whoever answers truthfully gets the verdict that all the facts would give, however few were asked."""

from datetime import date, datetime
from random import Random

import pytest

from bot.core.check.check import Check
from bot.core.check.interview import answer, next_of
from bot.core.draft import Draft, Source
from rules.deadlines import UK
from rules.deciding import decide
from rules.facts import DEFAULTS, FACTS, Kind
from rules.parsing import parse
from rules.quantities import read
from tests.core.players import CARDS, DIALOGS, FormPlayer
from tests.rules.incidents import complete_incident, forgetful, raw

TODAY = date(2026, 11, 5)
NOW = datetime(2026, 11, 5, 10, 0, tzinfo=UK)
SOURCE = Source("u1", "Radiographer", "2026-11-05T10:00:00+00:00")


def typed(asked, facts):
    """What somebody types who knows these facts, and says so where they do not."""
    if asked.several:
        applies = [str(n) for n, name in enumerate(asked.names, 1) if ticked(name, facts)]
        unknown = [name for name in asked.names if name not in facts]
        return ", ".join(applies + ["don't know"] * bool(unknown)) or "none"
    value = facts.get(asked.name)
    if asked.name == "age_years" and value is None:
        value = facts.get("age_group")
    if value is None:
        return "don't know"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return FACTS[asked.name].label(value) if FACTS[asked.name].kind is Kind.CHOICE else str(value)


def ticked(name, facts):
    if name == "individuals_exposed" and name in facts:
        return read(facts[name], "count").low.value > 1
    return facts.get(name) is True


def interviewed(facts):
    """The verdict after the interview, and how many questions it took."""
    granted = {name: facts[name] for name in DEFAULTS if name in facts}  # said at once, where it is otherwise
    draft = Draft("d1", SOURCE.at, facts=granted, sources=dict.fromkeys(granted, SOURCE))
    check, questions = Check(draft, TODAY), 0
    while (asked := next_of(check)) is not None:
        check = answer(check, asked, typed(asked, facts), source=SOURCE)
        questions += 1
        assert questions < 30
    return check.verdict, questions


@pytest.mark.parametrize("seed", range(60))
def test_the_outcome_is_the_one_that_all_the_facts_give(seed):
    rng = Random(seed)
    facts = raw(complete_incident(rng), rng)
    full = decide(parse(facts, TODAY))
    verdict, _ = interviewed(facts)
    assert verdict.outcome == full.outcome, facts
    assert set(verdict.codes) <= set(full.codes), facts


@pytest.mark.parametrize("seed", range(60))
def test_what_nobody_knows_never_becomes_a_no(seed):
    rng = Random(seed)
    facts = raw(forgetful(rng, complete_incident(rng)), rng)
    if not read(facts.get("individuals_exposed", 1), "count").exact:
        del facts["individuals_exposed"]  # the flag is ticked or not: it cannot say one or two
    known = decide(parse(facts, TODAY)).outcome
    outcome = interviewed(facts)[0].outcome
    assert outcome == known or "undecided" in (outcome, known)
    assert outcome != "do_not_notify" or known == "do_not_notify", facts


@pytest.mark.parametrize("kind", [DIALOGS, CARDS], ids=["dialogs", "cards"])
@pytest.mark.parametrize("seed", range(25))
def test_a_form_comes_to_the_same_outcome(seed, kind, tmp_path):
    rng = Random(1000 + seed)
    facts = raw(complete_incident(rng), rng)
    player = FormPlayer(kind, tmp_path / "a.sqlite", NOW)
    flags = [name for name in FACTS if ticked(name, facts)]
    player.check("", {**{name: _answer(value) for name, value in facts.items()}, "flags": flags})
    player.keep({})
    assert player.store.record(player.tenant, "2026-0001").outcome == decide(parse(facts, TODAY)).outcome, (
        facts
    )
    player.store.close()


def _answer(value):
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
