"""The verdict card: what stands on it, in which order, and that it can't be misread."""

import json
from datetime import date

import pytest

from bot.core.cards import Bullets, Card, Folded, Heading, Pairs, Severity, Text, Weight
from bot.core.check.verdict_card import verdict_card
from bot.core.check.verdict_reasons import reasons_card
from bot.core.check.what_next import ASK_WHOM
from bot.core.draft import Source
from bot.core.words.outcomes import EMPLOYER_DECIDES
from bot.core.words.verdict_words import kept_verdict, outcome_line
from bot.terminal.plain import lines
from rules.deciding import decide
from rules.facts import CATEGORIES
from rules.parsing import parse
from storage.model import Assessment

TODAY = date(2026, 11, 5)
NOTIFY = {
    "nation": "england", "exposure": "accidental", "category": "diagnostic", "age_group": "adult",
    "total_dose": "5 mSv", "discovered_on": "2026-11-02",
}  # fmt: skip
NOT_TO_NOTIFY = {
    "nation": "england", "exposure": "unintended", "category": "diagnostic", "dose_ratio": 2,
    "unintended_foetal_exposure": False, "individuals_exposed": 1, "clinically_significant": False,
    "discovered_on": "2026-11-02",
}  # fmt: skip
CAUTIONED = {**NOT_TO_NOTIFY, "deterministic_effect": "observable"}
UNDECIDED = {
    "nation": "scotland",
    "exposure": "unintended",
    "category": "diagnostic",
    "discovered_on": "2026-11-02",
}
WORKER = {"nation": "wales", "exposed_person": "worker"}
ALL = (NOTIFY, NOT_TO_NOTIFY, CAUTIONED, UNDECIDED, WORKER)


def card(facts, today=TODAY):
    parsed = parse(facts, today)
    return verdict_card(decide(parsed), today=today, facts=parsed)


def text(shown: Card) -> str:
    return "\n".join(lines(shown))


@pytest.mark.parametrize("facts", ALL)
def test_every_verdict_says_that_the_employer_decides_and_the_expert_confirms(facts):
    assert EMPLOYER_DECIDES in text(card(facts))


@pytest.mark.parametrize("facts", ALL)
def test_every_verdict_names_the_edition_that_judged_it(facts):
    assert "the edition of 19 April 2023" in text(card(facts))


@pytest.mark.parametrize(
    ("facts", "line", "severity"),
    [
        (NOTIFY, "NOTIFY — code 1", Severity.ALARM),
        ({**NOTIFY, "equipment_fault": True}, "NOTIFY — codes 1 and E1", Severity.ALARM),
        (NOT_TO_NOTIFY, "DO NOT NOTIFY — every criterion is ruled out", Severity.SETTLED),
        (
            UNDECIDED,
            "UNDECIDED — notifying cannot be ruled out; the clock has been running since Mon 2 November 2026",
            Severity.WAITING,
        ),
        (WORKER, "NOT FOR IR(ME)R — HSE is told if it is an over-exposure", Severity.WAITING),
    ],
)
def test_the_outcome_is_one_line_that_cannot_be_misread(facts, line, severity):
    shown = card(facts)
    assert (shown.title, shown.summary, shown.severity) == (line, line, severity)


def test_where_one_of_two_codes_is_met_for_certain_the_ones_in_question_are_named():
    facts = {"nation": "wales", "exposure": "unintended", "category": "diagnostic"}
    either = {**facts, "intended_dose": "0.5-8 mSv", "total_dose": "80 mSv"}
    verdict = decide(parse(either, TODAY))
    assert verdict.codes == ()
    assert outcome_line(verdict) == "NOTIFY — by which code is still open (2.2, 2.3, 5, M or C)"


def test_cautions_stand_above_the_outcome_and_such_a_no_is_not_shown_as_settled():
    shown = card(CAUTIONED)
    warning = next(
        n for n, b in enumerate(shown.blocks) if isinstance(b, Text) and b.weight is Weight.WARNING
    )
    outcome = next(n for n, b in enumerate(shown.blocks) if isinstance(b, Heading) and "NOTIFY" in b.text)
    assert shown.title == "Read this before acting"
    assert warning < outcome
    assert shown.severity is Severity.WAITING
    assert shown.summary.startswith("DO NOT NOTIFY")


def lead(shown: Card) -> dict[str, str]:
    first = next(block for block in shown.blocks if isinstance(block, Pairs))
    assert [label for label, _ in first.pairs] == ["Next", "By whom", "By when"]
    return dict(first.pairs)


def test_three_lines_say_what_to_do_next_by_whom_and_by_when_before_anything_else():
    assert lead(card(NOTIFY)) == {
        "Next": "Notify the Care Quality Commission: https://portal.cqc.org.uk/irmer-saue",
        "By whom": "The employer, or whoever its procedure names; the medical physics expert confirms.",
        "By when": (
            "As soon as possible, by Mon 16 November 2026 (3 days of 14 used, 11 days left) at the latest."
        ),
    }
    assert isinstance(card(NOTIFY).blocks[0], Pairs)
    assert lead(card(UNDECIDED))["Next"].startswith("Find out the ")
    assert lead(card(NOT_TO_NOTIFY))["Next"] == (
        "Record it, analyse it and look for themes (regulation 8(3))."
    )
    assert lead(card(WORKER))["By whom"] == "The employer, with its radiation protection adviser."


def test_a_no_with_a_caution_is_not_to_be_relied_on_before_that_is_settled():
    assert lead(card(CAUTIONED))["Next"].startswith("Settle the cautions above")


def test_the_deadlines_have_weekdays_and_the_days_used_and_left():
    _, pairs, *_ = (dict(block.pairs) for block in card(NOTIFY).blocks if isinstance(block, Pairs))
    assert pairs["Report by"] == "Mon 25 January 2027 (3 days of 84 used, 81 days left)"
    assert pairs.keys() & {"Authority", "Address", "Notify by"} == set()
    assert pairs["Contact from"] == (
        "the form's own first screen, undated: contacts age, so check it before sending"
    )


@pytest.mark.parametrize("facts", ALL)
def test_reasons_fold_and_nothing_that_must_be_seen_folds_with_them(facts):
    shown = card(facts)
    folded = text(reasons_card(shown))
    seen = text(shown.without_folds)
    assert len([block for block in shown.blocks if isinstance(block, Folded)]) <= 1
    assert "Ruled out:\n" not in seen
    verdict = decide(parse(facts, TODAY))
    for line in (*verdict.cautions, EMPLOYER_DECIDES, *(one.reason for one in verdict.also_tell)):
        assert line in seen
        assert line not in folded
    assert "Taken for granted" in seen or "exposed_person" in facts
    for reason in verdict.reasons:
        assert reason.code in folded


def test_what_was_ruled_out_is_one_line_unless_asked_for():
    seen = text(card(NOT_TO_NOTIFY).without_folds)
    assert [line for line in seen.splitlines() if "2.1" in line] == [
        line for line in seen.splitlines() if line.startswith("Ruled out: ")
    ]


@pytest.mark.parametrize(
    ("today", "then", "now"),
    [
        (date(2026, 11, 15), "If it is still undecided on Mon 16 November 2026", "Find out the "),
        (date(2026, 11, 16), "Today is the last day to notify: notify now.", "Notify Healthcare"),
        (date(2026, 11, 17), "The last day to notify is over: notify now.", "Notify Healthcare"),
    ],
)
def test_on_the_last_day_an_undecided_incident_is_to_be_notified_now(today, then, now):
    shown = lead(card(UNDECIDED, today))
    assert shown["By when"].startswith(then)
    assert shown["Next"].replace("the Healthcare", "Healthcare").startswith(now)


def test_an_overdue_deadline_says_by_how_much():
    assert "Mon 16 November 2026 (1 day overdue)" in text(card(NOTIFY, date(2026, 11, 17)))


@pytest.mark.parametrize("category", [None, *CATEGORIES])
def test_it_is_known_of_whom_to_find_out_each_fact_that_an_outcome_can_wait_for(category):
    said = {"category": category} if category else {}
    missing = decide(parse(said, TODAY)).missing
    assert missing
    assert set(missing) <= ASK_WHOM.keys()


def test_undecided_says_what_to_find_out_and_from_whom():
    shown = text(card(UNDECIDED))
    assert "regulation 8(4)" in shown
    assert "Total dose, from the medical physics expert:" in shown


def test_without_a_day_of_discovery_no_deadline_is_made_up():
    shown = text(card({name: value for name, value in NOTIFY.items() if name != "discovered_on"}))
    assert "As soon as possible, and 14 days after discovery at the latest" in shown
    assert "2026 (" not in shown


def test_not_notifiable_is_a_result_to_be_recorded_with_what_would_change_it():
    shown = text(card({**NOT_TO_NOTIFY, "intended_dose": "5 mSv"}))
    assert "regulation 8(3)" in shown
    assert "What would change the answer:" in shown
    assert "Notify by" not in shown


def test_codes_with_the_same_reason_share_a_line():
    ruled_out = [b for b in card(NOTIFY).unfolded.blocks if isinstance(b, Bullets)][-2:]
    assert any(item.startswith("2.1, 2.2, 2.3, 2.4: ") for block in ruled_out for item in block.items)


def test_readings_are_named_where_the_verdict_rests_on_them():
    facts = {"nation": "wales", "exposure": "unintended", "category": "diagnostic"}
    shown = text(card({**facts, "intended_dose": "2.5 mSv", "total_dose": "25 mSv"}))
    assert "R2, " in shown


def test_a_verdict_that_was_kept_shows_the_same_card():
    facts = parse(NOTIFY, TODAY)
    verdict = decide(facts)
    kept = Assessment(facts.stated, json.loads(json.dumps(verdict.as_dict())))
    assert verdict_card(kept_verdict(kept), today=TODAY) == verdict_card(verdict, today=TODAY)


def test_what_was_assumed_is_named_with_what_it_was_taken_from() -> None:
    facts = parse({**NOT_TO_NOTIFY, "breastfed_infant_exposed": False, "age_years": 9}, TODAY)
    because = Source(how="assumed", words="a child of 9")
    names = ("unintended_foetal_exposure", "breastfed_infant_exposed")
    shown = lines(
        verdict_card(decide(facts), today=TODAY, facts=facts, sources=dict.fromkeys(names, because))
    )
    assert "  Assumed: a child of 9: pregnancy and breast-feeding are not asked about" in shown
    assert not any("foetal exposure: No" in line for line in shown)
