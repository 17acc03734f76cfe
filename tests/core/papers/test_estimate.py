"""The physicist's answer comes back into the record: the doses decide anew, and what they rest on stands
beside them, without a name."""

from __future__ import annotations

import pytest

from bot.core.actions.estimate_act import as_estimate
from bot.core.check.record_details import held
from bot.core.messages import Command, Give, Pressed
from bot.core.papers.rendered import as_text
from tests.core.cases.ward import BEN, NOTIFY, UNDECIDED, T, Ward


def kept(ward: Ward, ref: str) -> dict[str, str]:
    (number,) = ward.store.case(T, ref).records
    record = ward.store.record(T, number)
    told = {name: one.value for name, one in held(record).items() if name.startswith("dose_estimate")}
    return {**told, "total_dose": str(record.assessment.facts.get("total_dose"))}


WHOLE = {
    "total_dose": "12 mSv", "dose_estimated_how": "from the DLP", "dose_estimate": "final",
    "dose_estimated_by": "MPE", "dose_estimated_on": "2026-11-24",
}  # fmt: skip


def test_typed_it_decides_the_case_anew_and_keeps_what_it_rests_on(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    shown = ward.say(f"estimate {ref} total dose 12 mSv, from the DLP, final", BEN)
    assert "“12 mSv” → Total dose: 12 mSv" in shown
    ward.tell("yes", BEN)
    ward.tell("keep", BEN)
    ward.tell("the estimate of medical physics", BEN)
    assert f"{ref} decided anew" in ward.shown
    assert kept(ward, ref) == WHOLE
    report = next(one.paper for one in ward.ask(Command(f"paper {ref} report")) if isinstance(one, Give))
    dose = as_text(report).partition("\n2 Dose\n")[2].partition("\n\n")[0]
    assert "MISSING" not in dose
    assert "Physicist B" not in as_text(report)


def test_a_form_brings_the_same_and_asks_nothing_twice(pressed: Ward) -> None:
    pressed.name_roles()
    ref = pressed.case(UNDECIDED)
    pressed.say(f"paper {ref} mpe", BEN)
    pressed.press("Give the estimate", BEN)
    assert pressed.form is not None
    assert [one.name for one in pressed.form.inputs] == [
        "total_dose", "dose_estimated_how", "dose_estimate", "dose_estimated_by", "dose_estimated_on",
    ]  # fmt: skip
    shown = pressed.submit(BEN, total_dose="12", dose_estimated_how="from the DLP", dose_estimate="final")
    assert "Total dose: 12 mSv" in shown
    pressed.press("Keep and decide anew", BEN)
    pressed.submit(BEN, why="the estimate")
    assert kept(pressed, ref) == WHOLE


def test_what_is_said_of_a_dose_that_stands_needs_no_new_decision(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(NOTIFY)
    said = ward.say(f"estimate {ref} provisional, from a phantom", BEN)
    assert "Dose estimate: Provisional" in said
    assert kept(ward, ref)["dose_estimated_how"] == "from a phantom"
    report = next(one.paper for one in ward.ask(Command(f"paper {ref} report")) if isinstance(one, Give))
    assert "MISSING. Ask provisional; the final one" not in as_text(report)
    assert "provisional, and the final one is to come" in as_text(report)


def test_no_dose_was_estimated_before_the_incident(pressed: Ward) -> None:
    ref = pressed.case(UNDECIDED)
    pressed.ask(Pressed("case.estimate", ref))
    pressed.submit(total_dose="12 mSv", dose_estimated_on="2026-11-20")
    assert "before it was discovered" in str(pressed.errors)
    assert [r.revision for r in pressed.store.revisions(T, "2026-0001")] == [1]


def test_a_dose_that_cannot_be_read_is_refused_beside_its_input(pressed: Ward) -> None:
    ref = pressed.case(UNDECIDED)
    pressed.say(f"paper {ref} mpe")
    pressed.press("Give the estimate")
    pressed.submit(total_dose="a lot")
    assert list(pressed.errors) == ["total_dose"]


def test_nothing_is_no_estimate(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    assert f"estimate {ref} total dose 12 mSv, from the DLP, final" in ward.say(f"estimate {ref}")


@pytest.mark.parametrize(
    ("typed", "doses", "how", "whether"),
    [
        ("total dose 12 mSv, from the DLP, final", "total dose 12 mSv", "from the DLP", "final"),
        ("12 mSv by Monte Carlo provisional", "12 mSv", "by Monte Carlo", "provisional"),
        ("from the DLP, final", "", "from the DLP", "final"),
        # What may tell a dose is read as one, and never taken for how it was estimated.
        ("total 12 mSv from 2 mSv intended, final", "total 12 mSv from 2 mSv intended", "", "final"),
        ("total dose by half more than intended", "total dose by half more than intended", "", ""),
        ("1.3 in the final fraction", "1.3 in the final fraction", "", ""),
    ],
)
def test_no_dose_is_lost_between_the_words_that_are_said_of_it(
    typed: str, doses: str, how: str, whether: str
) -> None:
    assert as_estimate(typed) == {"doses": doses, "dose_estimated_how": how, "dose_estimate": whether}


@pytest.mark.parametrize(
    ("words", "role", "doses"),
    [
        ("total dose 12 mSv, from the DLP, as MPE, final", "MPE", "total dose 12 mSv"),
        ("as the medical physics expert, total dose 12 mSv", "medical physics expert", "total dose 12 mSv"),
        ("total dose 12 mSv, as a clinical scientist", "clinical scientist", "total dose 12 mSv"),
        ("total dose 12 mSv, by the MPE, final", "MPE", "total dose 12 mSv"),
        ("total dose as measured 12 mSv", "", "total dose as measured 12 mSv"),
        ("total dose 12 mSv, as intended", "", "total dose 12 mSv, as intended"),
    ],
)
def test_in_which_role_is_told_from_the_dose(words: str, role: str, doses: str) -> None:
    given = as_estimate(words)
    assert (given.get("dose_estimated_by", ""), given["doses"]) == (role, doses)


def test_what_was_said_of_an_estimate_is_not_said_of_the_next_dose(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(NOTIFY)
    ward.say(f"estimate {ref} final, from the DLP", BEN)
    ward.later(days=1)
    ward.say(f"redecide {ref} total dose 30 mSv", BEN)
    for words in ("keep", "a new estimate"):
        ward.tell(words, BEN)
    assert f"{ref} decided anew" in ward.shown
    report = next(one.paper for one in ward.ask(Command(f"paper {ref} report")) if isinstance(one, Give))
    dose = as_text(report).partition("\n2 Dose\n")[2].partition("\n\n")[0]
    assert "Total dose: 30 mSv" in dose
    assert dose.count("what is kept was said of an earlier dose") == 4
    assert ward.say(f"details {ref} estimate", BEN).count(", said of an earlier dose") == 4
    assert ward.say("case 2026-0001", BEN).count(", said of an earlier dose") == 4


def test_what_is_kept_beside_the_dose_is_shown_before_it_is(ward: Ward) -> None:
    ward.name_roles()
    shown = ward.say(f"estimate {ward.case(UNDECIDED)} total dose 12 mSv, from the DLP, final", BEN)
    assert "How it was estimated: from the DLP" in shown
    assert "Dose estimate: Final" in shown
