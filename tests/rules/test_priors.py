"""The rough shares by which questions are weighed."""

from decimal import Decimal
from math import log

import pytest

from rules.cells import Cell, Group, Row
from rules.conditions import Choice, Number
from rules.facts import FACTS
from rules.priors import prior, share
from rules.spans import ANYTHING, above, at_least, at_most, below, between, exactly

LEAST, MOST = FACTS["total_dose"].usual
TOTAL, INTENDED = Number("total_dose"), Number("intended_dose")
WIDE = between("0.1", 10)  # two decades of the usual ones
DOSES = Group((Row("a", TOTAL >= 10 * INTENDED),))


def cell(**world) -> Cell:
    return Cell(world, frozenset())


def doses(total, intended, ratio) -> float:
    return share(DOSES, cell(total_dose=total, intended_dose=intended, dose_ratio=ratio))


def test_a_span_has_the_share_of_its_decades_among_the_usual_ones():
    whole = log(MOST) - log(LEAST)
    assert prior("total_dose", ANYTHING) == pytest.approx(1)
    assert prior("total_dose", at_least(1)) == pytest.approx(log(MOST) / whole)
    assert prior("total_dose", below(1)) == pytest.approx(-log(LEAST) / whole)
    assert prior("total_dose", between(1, 10)) == pytest.approx(log(10) / whole)
    assert prior("total_dose", between(1, 10**6)) == pytest.approx(log(MOST) / whole)
    assert prior("total_dose", above(10**6)) == prior("total_dose", exactly(3)) == 1e-3


def test_options_have_the_shares_of_their_answers_and_one_person_is_usual():
    answers = FACTS["geographical_miss"].answers
    assert prior("geographical_miss", frozenset(a.value for a in answers)) == sum(a.prior for a in answers)
    assert prior("individuals_exposed", exactly(1)) == 0.9
    assert prior("individuals_exposed", at_least(2)) == 0.1


def test_a_cell_has_the_product_of_its_facts_shares():
    foetus = Group(
        (Row("a", Choice("unintended_foetal_exposure").is_("true") & (Number("foetal_dose") >= 10)),)
    )
    flag, dose = frozenset({"true"}), at_least(10)
    found = share(foetus, cell(unintended_foetal_exposure=flag, foetal_dose=dose))
    assert found == pytest.approx(prior("unintended_foetal_exposure", flag) * prior("foetal_dose", dose))
    assert doses(at_least(3), below(1), ANYTHING) == pytest.approx(
        prior("total_dose", at_least(3)) * prior("intended_dose", below(1))
    )


@pytest.mark.parametrize("total", [WIDE, exactly(3), exactly(50)])
@pytest.mark.parametrize("intended", [WIDE, exactly(3)])
def test_a_quotients_cells_share_out_their_doses(total, intended):
    cells = [doses(total, intended, ratio) for ratio in (below(1), between(1, 10), above(10))]
    assert sum(cells) == pytest.approx(doses(total, intended, ANYTHING), rel=1e-3)


def test_a_quotient_has_the_share_of_the_pairs_that_make_it():
    square = doses(WIDE, WIDE, ANYTHING)
    assert doses(WIDE, WIDE, below(1)) == pytest.approx(square / 2)
    # Of two decades by two: a total ten times the intended dose and more is the corner of one decade by one.
    assert doses(WIDE, WIDE, at_least(10)) == pytest.approx(square / 8)
    fixed = doses(WIDE, exactly("0.1"), ANYTHING)
    assert doses(WIDE, exactly("0.1"), at_most(10)) == pytest.approx(fixed / 2)
    assert doses(WIDE, exactly("0.1"), at_most(1000)) == pytest.approx(fixed)
    fixed = doses(exactly(10), WIDE, ANYTHING)
    assert doses(exactly(10), WIDE, at_least(10)) == pytest.approx(fixed / 2)
    assert doses(exactly(10), exactly("0.1"), at_least(10)) == doses(exactly(10), exactly("0.1"), ANYTHING)
    assert doses(exactly(10), exactly("0.1"), exactly(Decimal("0.5"))) < 1e-9
