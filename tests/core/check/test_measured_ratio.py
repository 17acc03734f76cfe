"""Two doses as measured suggest a ratio; a person agrees to it or says another."""

import pytest

from bot.core.check.measured_ratio import ratio_asked
from tests.core.cases.ward import T, Ward


@pytest.mark.parametrize(
    ("measured", "ratio"),
    [
        ("DLP 400, DLP 1200", "3"),
        ("DLP 1200, DLP 400", "3"),
        ("DLP 500 mGycm, 1500 mGycm", "3"),
        ("CTDIvol was 10, CTDI 25", "2.5"),
        ("DLP 1,200 mGycm, DLP 300 mGycm", "4"),
        ("DAP 0,3 Gycm2, DAP 1 Gycm2", "3.333"),
    ],
)
def test_two_of_one_kind_have_a_ratio(measured: str, ratio: str) -> None:
    assert ratio_asked(measured).endswith(f"of one protocol, the ratio is {ratio}.")


@pytest.mark.parametrize(
    "measured",
    ["", "DLP 400", "DLP 400, CTDI 40", "DLP 1, DLP 2, DLP 3", "DLP 400, DLP 400", "DLP 0, DLP 3",
     "740 MBq, 370 MBq", "skin dose 5 Gy, skin dose 2 Gy", "DLP 400, 5 Gy skin dose",
     "DAP 3 Gycm2, DAP 9 cGycm2"],
)  # fmt: skip
def test_what_is_no_pair_of_one_kind_has_none(measured: str) -> None:
    assert ratio_asked(measured) == ""


def test_it_stands_beside_the_question_and_is_taken_only_once_said(tmp_path) -> None:
    ward = Ward(tmp_path / "a.sqlite")
    ward.say("settings nation england")
    ward.say("check wrong protocol for an adult's CT chest, intended DLP 400 mGycm, got DLP 1200 mGycm")
    for _ in range(6):
        title = ward.cards[-1].title
        if "ratio" in title.lower() or "how many times" in title.lower() or "the ratio is 3" in ward.shown:
            break
        ward.tell("none" if "Which of these" in title else "yes" if "intended?" in title else "?")
    assert "the ratio is 3." in ward.shown
    (draft,) = ward.store.drafts(T)
    assert "dose_ratio" not in draft.state["facts"]
    ward.tell("3")
    (draft,) = ward.store.drafts(T)
    assert draft.state["facts"]["dose_ratio"] == "3"
    ward.store.close()
