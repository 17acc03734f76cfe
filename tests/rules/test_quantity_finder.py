"""Quantities are found in what people write; what is uncertain is flagged, and nothing misread in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.quantities import Found, QuantityError, find, read

TABLE = {"Sv": "mSv", "Gy": "mGy", "Bq": "MBq", "%": "", "times": ""}


def said(hit: Found) -> str:
    """`2 Sv` for 2 mSv, `~2 Sv` for about 2 mSv; the words alone where they are refused."""
    if hit.span is None:
        return f"!{hit.text}"
    return ("~" if hit.about else "") + hit.span.text(hit.base)


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Wrong pt had CT head yesterday 2pm, about 2 mSv, 9 yr old", ["~2 Sv"]),
        ("12 mSv instead of 2 mSv", ["12 Sv", "2 Sv"]),
        ("got 12 mSv (intended 2 mSv)", ["12 Sv", "2 Sv"]),
        ("total:12mSv,intended=2mSv", ["12 Sv", "2 Sv"]),
        ("12mSv/2mSv", ["12 Sv", "2 Sv"]),
        ("2mSv.Next day 3 mSv.", ["2 Sv", "3 Sv"]),
        ("a 2-mSv scan, *3 mSv*, _4 mSv_, `5 mSv`", ["2 Sv", "3 Sv", "4 Sv", "5 Sv"]),
        ("prescribed 400MBq given 0.8 GBq", ["400 Bq", "800 Bq"]),
        ("foetal dose 10 mGy, 1 cGy and 0.01 Gy", ["10 Gy", "10 Gy", "10 Gy"]),
        ("10-12mSv", ["10-12 Sv"]),
        ("10 – 12 mSv", ["10-12 Sv"]),
        ("10mSv-12mSv", ["10-12 Sv"]),
        ("between 10 and 12 mSv", ["10-12 Sv"]),
        ("300 µSv to 1 mSv", ["0.3-1 Sv"]),
        (">10 mSv and <12 mSv", [">10-<12 Sv"]),
        ("dose<3 mSv", ["<3 Sv"]),
        ("the dose was &gt;3mSv", [">3 Sv"]),
        ("was not more than 3 mSv", ["<=3 Sv"]),
        ("it wasn’t more than 3 mSv", ["<=3 Sv"]),
        ("the patient less than 3 mSv", ["<3 Sv"]),
        ("just under 3 mSv", ["<3 Sv"]),
        ("25 mSv or more", [">=25 Sv"]),
        ("3 mSv max.", ["<=3 Sv"]),
        ("3 mSv at most, but", ["<=3 Sv"]),
        ("3 mSv at most 2 days ago", ["3 Sv"]),
        ("over 2 days 3 mSv", ["3 Sv"]),
        ("10 min 2 mSv", ["2 Sv"]),
        ("nearly 3 mSv, 4ish mSv, 5 mSv or so", ["~3 Sv", "~4 Sv", "~5 Sv"]),
        ("?6 mSv, ca. 7 mSv", ["~6 Sv", "~7 Sv"]),
        ("3 mSv about 3 weeks ago", ["3 Sv"]),
        ("about a dose of 3 mSv", ["~3 Sv"]),
        ("approx total effective dose: 3 mSv", ["~3 Sv"]),
        ("as much as 3 mSv", ["~3 Sv"]),
        ("3 mSv (approx.), 4 mSv (?), 5 mSv approx, 6 mSv??", ["~3 Sv", "~4 Sv", "~5 Sv", "~6 Sv"]),
        ("3 mSv roughly 2 weeks ago", ["3 Sv"]),
        ("did not exceed 3 mSv", ["<=3 Sv"]),
        ("without exceeding 3 mSv", ["<=3 Sv"]),
        ("can't exceed 3 mSv", ["<=3 Sv"]),
        ("exceeded 3 mSv", [">3 Sv"]),
        ("2 mSv - 3 mGy", ["2 Sv", "3 Gy"]),
        ("at least 2 mSv and 3 mSv", [">=2 Sv", "3 Sv"]),
        ("2 mSv or 3 mSv", ["!2 mSv", "!3 mSv"]),
        ("at the very least 3 mSv", [">=3 Sv"]),
        ("3 mSv and above", [">=3 Sv"]),
        ("3 mSv and over 3 scans", ["3 Sv"]),
        ("10% more than the intended 2 mSv", ["0.1 %", "2 Sv"]),
        ("12 mSv - 2 mSv intended", ["12 Sv", "2 Sv"]),
        ("12 mSv - 2 intended", ["12 Sv"]),
        ("2 mSv to 3 patients", ["2 Sv"]),
        ("dose - 2 mSv", ["2 Sv"]),
        ("2 mSv -> 12 mSv", ["2 Sv", "12 Sv"]),
        ("2->12 mSv", ["12 Sv"]),
        ("2 mSv => 12 mSv", ["2 Sv", "12 Sv"]),
        ("2 mSv → 12 mSv", ["2 Sv", "12 Sv"]),
        ("10 mSv + 2 mSv", ["10 Sv", "2 Sv"]),
        ("2 mSv (110%), 1.1 times the dose, 2x", ["2 Sv", "1.1 %", "1.1 times", "2 times"]),
        ("110 per cent of 2 mSv", ["1.1 %", "2 Sv"]),
        ("2 x CT head", ["2 times"]),
        ("on 03/04/2026 3 mSv", ["3 Sv"]),
        ("on 2026-04-03 3 mSv", ["3 Sv"]),
        ("on 3.4.2026 3 mSv", ["3 Sv"]),
        ("3 March 2026 3 mSv", ["3 Sv"]),
        ("14:30 3 mSv", ["3 Sv"]),
        ("at this point 3 mSv", ["3 Sv"]),
        ("head,2 mSv", ["2 Sv"]),
        ("2 mSv,3 mSv", ["2 Sv", "3 Sv"]),
        ("from 2 mSv and 3 mSv", ["2 Sv", "!3 mSv"]),
        ("two mSv, then three scans", ["2 Sv"]),
        ("12,5 mSv", ["12.5 Sv"]),
        ("２５ ｍＳｖ; 3\u00a0mSv; 3\u200bmSv; ٣ mSv; ～3 mSv", ["25 Sv", "3 Sv", "3 Sv", "3 Sv", "~3 Sv"]),
    ],
)  # fmt: skip
def test_a_quantity_is_found_with_its_unit_limits_and_doubts(text: str, hits: list[str]) -> None:
    assert [said(hit) for hit in find(text)] == hits


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("given 1,200 MBq", "1,200 MBq"),
        ("given 1 200 MBq", "200 MBq"),
        ("given 1.2 x 10^3 MBq", "3 MBq"),
        ("given 10² MBq and", ""),
        ("5 MSv", "5 MSv"),
        ("400 mBq", "400 mBq"),
        ("5 mrem", "5 mrem"),
        ("it was 12 3 mSv", "3 mSv"),
        ("code 5(3 mSv)", "3 mSv"),
        ("he said\n> 3 mSv given", "> 3 mSv"),
        ("2 x 3 mSv", "3 mSv"),
        ("2x3 mSv", "3 mSv"),
        ("3 ± 1 mSv", "1 mSv"),
        ("3 mSv ± 10", "3 mSv"),
        ("3 mSv +/- 10", "3 mSv"),
        ("3 +/- 1 mSv", "1 mSv"),
        ("3 mSv^2", "3 mSv"),
        ("2 or 3 mSv", "3 mSv"),
        ("1/2 mSv", "2 mSv"),
        ("400/800 MBq", "800 MBq"),
        ("10 + 2 mSv", "2 mSv"),
        ("+2 mSv", "2 mSv"),
        ("+10%", "10%"),
        ("1-2-3 mSv", "-2-3 mSv"),
        ("1 - 2 - 3 mSv", "2 - 3 mSv"),
        ("a dose of -2 mSv", "-2 mSv"),
        ("dose-2 mSv", "-2 mSv"),
        ("minus 2 mSv", "minus 2 mSv"),
        ("head.2 mSv", ".2 mSv"),
        ("(,5 mSv)", "5 mSv"),
        ("£2 mSv", "2 mSv"),
        ("under a dose of 3 mSv", "3 mSv"),
        ("max dose: 3 mSv", "3 mSv"),
        ("twice 3 mSv", "3 mSv"),
        ("5 times 3 mSv", "3 mSv"),
        ("at least 3 mSv or less", "3 mSv or less"),
        ("between, say, 2 and 12 mSv", "12 mSv"),
        ("10% more than 2 mSv", "!"),
        ("3 or 4 mSv", "4 mSv"),
        ("5 MSv-6 MSv", "5 MSv-6 MSv"),
        ("aged 9 12 mSv", "12 mSv"),
        ("1\u200b2 mSv", "2 mSv"),
        ("2 mSv > 12 mSv", "!"),
        ("dose > 2 mSv\n> 3 mSv", "!"),
        ("> 3 mSv", "> 3 mSv"),
        ("rose from 2 to 12 mSv", "from 2 to 12 mSv"),
        ("2 mSv - 12 mSv given", "2 mSv - 12 mSv"),
        ("10 mSv-12.", "10 mSv-12"),
        ("12 to 10 mSv", "12 to 10 mSv"),
        ("12 mSv to 10 mSv", "12 mSv to 10 mSv"),
        ("the difference between 2 and 12 mSv", "between 2 and 12 mSv"),
        ("twenty-five mSv", "twenty-five mSv"),
        ("twenty five mSv", "five mSv"),
        ("one hundred and five mSv", "five mSv"),
        ("two point five mSv", "five mSv"),
        ("two and a half mSv", "half mSv"),
        ("half a mSv", "half a mSv"),
        ("thirty mSv", "thirty mSv"),
        ("2 mSv each", "2 mSv"),
        ("2 mSv/h", "2 mSv"),
        ("2 mSv an hour", "2 mSv"),
        ("2 Gy per fraction", "2 Gy"),
        ("3 MBq/kg", "3 MBq"),
        ("DLP 500 mGy.cm", "500 mGy"),
        ("DLP 500 mGy cm", "500 mGy"),
        ("DAP 2 Gy·cm²", "2 Gy"),
        ("DAP 2 Gycm2", ""),
        ("2 mSv" + ", " + "9" * 60 + " mSv", "!"),
    ],
)  # fmt: skip
def test_what_could_mean_two_things_is_flagged_with_what_to_write(text: str, flagged: str) -> None:
    hits = list(find(text))
    refused = [hit for hit in hits if hit.refusal]
    assert all(hit.span is None for hit in refused)
    if flagged == "!":
        assert len(refused) == 1
        assert len(hits) == 2
    else:
        assert [hit.text for hit in hits] == [hit.text for hit in refused] == ([flagged] if flagged else [])


@pytest.mark.parametrize(
    "text",
    [
        "CT2mSv", "x2 mSv", "3 mSvx", "3 mSv2", "3 mSv²", "mSv 3", "mGy", "radiology 3 of 4", "2 sverige",
        "12, mSv", "about mSv", "2 CT scans", "the third dose", "at 14:30", "4.2b", "€3", "",
        "2 Gym", "half a day", "xx%",
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_not_found(text: str) -> None:
    assert list(find(text)) == []


def test_a_hit_says_where_it_stands_in_the_text_as_given() -> None:
    text = "ｆｉｒｓｔ: about ２\u2009ｍＳｖ, then 1,200 MBq."
    first, second = find(text)
    assert text[first.start : first.end] == first.text == "about ２\u2009ｍＳｖ"
    assert (second.start, second.text, second.base) == (text.index("1,200"), "1,200 MBq", "Bq")
    assert second.refusal == "1,200 could be two numbers: write 1200 or 1.2"


def test_quantities_far_apart_in_a_long_text_are_all_found() -> None:
    filler = " nothing to see here, in ward 7 or 8. " * 30
    text = filler.join(["", "about 2 mSv", "10 - 12 mGy", "400 MBq", ""])
    assert [said(hit) for hit in find(text)] == ["~2 Sv", "10-12 Gy", "400 Bq"]
    assert [text[hit.start : hit.end] for hit in find(text)] == ["about 2 mSv", "10 - 12 mGy", "400 MBq"]


def test_a_long_text_of_quantities_is_read_as_far_as_wanted() -> None:
    hits = find("1 mSv " * 10_000)
    assert said(next(hits)) == "1 Sv"


@given(
    st.sampled_from(["", "the dose was ", "CT head, ", "(", "total: "]),
    st.sampled_from(["", ".", ", told", ")", "\n"]),
)
def test_what_stands_around_a_quantity_does_not_change_it(before: str, after: str) -> None:
    for quantity in ("2 mSv", "10-12 mSv", "<0.3 mSv", ">=25 mSv", "0.4 GBq", "110%", "at least 1 cGy"):
        (hit,) = find(before + quantity + after)
        assert hit.text == quantity
        assert hit.span == read(quantity, TABLE[hit.base])


PIECES = [
    *["1", "2", "10", "1,200", "0,3", "½", " ", " ", " ", "mSv", "µSv", "mGy", "MBq", "%", "-", "<", ">"],
    *["≤", "–", "about", "between", "and", "to", "from", "or more", "+", "/", ".", ",", "two", "half", "x"],
    *["over", "CT", "\n", "±", "->"],
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_a_hit_reads_as_its_own_text_does(pieces: list[str]) -> None:
    text = "".join(pieces)
    end = 0
    for hit in find(text):
        assert end <= hit.start < hit.end <= len(text)
        assert text[hit.start : hit.end] == hit.text
        assert (hit.span is None) == bool(hit.refusal)
        if hit.span is not None and not hit.about:
            assert read(hit.text, TABLE[hit.base]) == hit.span
        end = hit.end


@given(st.text(max_size=120))
def test_any_text_is_searched_without_an_error(text: str) -> None:
    for hit in find(text):
        assert text[hit.start : hit.end] == hit.text


def test_what_is_about_is_refused_as_an_answer_and_flagged_in_a_text() -> None:
    (hit,) = find("about 2 mSv")
    assert hit.about
    with pytest.raises(QuantityError, match="about"):
        read(hit.text, "mSv")
