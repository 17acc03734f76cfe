"""Patients' numbers are found in any way of writing; telephone numbers, times and doses are left alone.

All numbers are made up as the tests run, valid by range and check digit.
"""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.identifiers import MASK, Match, find, mask

SEPARATORS = {
    "none": "",
    "space": " ",
    "two spaces": "  ",
    "hyphen": "-",
    "dot": ".",
    "slash": "/",
    "underscore": "_",
    "no-break space": "\u00a0",
    "thin space": "\u2009",
    "narrow no-break space": "\u202f",
    "non-breaking hyphen": "\u2011",
    "en dash": "–",
    "em dash": "—",
    "newline": "\n",
    "carriage return and newline": "\r\n",
    "tab": "\t",
    "zero-width space": "\u200b",
    "word joiner": "\u2060",
    "soft hyphen": "\u00ad",
    "bold marks": "**",
    "middle dot": "·",
    "comma": ",",
    "brackets": ")(",
    "entity": "&nbsp;",
}
# The separators that also stand between groups of other sizes, or mixed.
PLAIN = [s for s in SEPARATORS.values() if s not in (",", "&nbsp;")]
USUAL = [(10,), (3, 3, 4), (2, 2, 2, 4), (6, 4), (1,) * 10]
ZEROS = {"ASCII": 0x30, "full-width": 0xFF10, "Arabic": 0x660, "Devanagari": 0x966, "mathematical": 0x1D7CE}
BEFORE = ["", "NHS", "NHS no ", "CHI: ", "(", "[", "pt:", "x", "in bed 4 ", "on 3 March, ", "after 12 mSv "]
AFTER = ["", ")", "]", ".", ",", "x", " fell", " 12 mSv", "\n3 scans"]


def checked(nine: str) -> str:
    digit = -sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
    return "" if digit == 10 else f"{nine}{digit}"


def number(random: Random, kind: str = "") -> str:
    while True:
        which = kind or random.choice(["NHS", "NHS", "CHI", "H&C", "test"])
        if which == "NHS":
            low, high = random.choice([(300, 319), (400, 499), (600, 799)])
            nine = f"{random.randint(low, high)}{random.randrange(10**6):06}"
        elif which == "H&C":
            nine = f"{random.randint(320, 399)}{random.randrange(10**6):06}"
        elif which == "CHI":
            nine = f"{random.randint(1, 28):02}{random.randint(1, 12):02}{random.randrange(10**5):05}"
        else:
            nine = f"999{random.randrange(10**6):06}"
        if checked(nine):
            return checked(nine)


def grouped(digits: str, sizes: tuple[int, ...]) -> list[str]:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(digits[at : at + size])
        at += size
    return pieces


def covers(text: str, start: int, end: int) -> bool:
    return any(m.start <= start and end <= m.end for m in find(text))


def test_every_one_of_twenty_thousand_numbers_is_found_however_it_is_written() -> None:
    random = Random(20230419)
    missed = []
    for _ in range(20_000):
        digits = number(random)
        way = random.random()
        if way < 0.7:
            separator = random.choice(list(SEPARATORS.values()))
            written = separator.join(grouped(digits, random.choice(USUAL)))
        else:
            cut = random.choice([*USUAL, (5, 5), (4, 3, 3), (4, 6), (3, 7), (1, 9)])
            written = ""
            for piece in grouped(digits, cut):
                written += (random.choice(PLAIN) if written else "") + piece
        zero = random.choice([0x30] * 4 + list(ZEROS.values()))
        written = written.translate({0x30 + i: zero + i for i in range(10)})
        before, after = random.choice(BEFORE), random.choice(AFTER)
        if not covers(before + written + after, len(before), len(before) + len(written)):
            missed.append((before, re.sub(r"\d", "#", written), after))
    assert not missed


@pytest.mark.parametrize("name", SEPARATORS)
@pytest.mark.parametrize("sizes", USUAL, ids=lambda sizes: "-".join(map(str, sizes)))
def test_each_way_of_writing_is_masked_whole(name: str, sizes: tuple[int, ...]) -> None:
    for kind in ("NHS", "CHI", "H&C", "test"):
        written = SEPARATORS[name].join(grouped(number(Random(7), kind), sizes))
        assert mask(f"seen ({written}) today") == f"seen ({MASK}) today"


@pytest.mark.parametrize("name", ZEROS)
def test_digits_of_every_script_are_digits(name: str) -> None:
    written = number(Random(8)).translate({0x30 + i: ZEROS[name] + i for i in range(10)})
    assert mask(f"a {written} b") == f"a {MASK} b"


def test_digits_in_circles_above_the_line_and_on_keys_are_digits() -> None:
    digits = number(Random(9))
    circled = "".join("⓪" if d == "0" else chr(0x245F + int(d)) for d in digits)
    keys = "".join(f"{d}\ufe0f\u20e3" for d in digits)
    raised = digits.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    assert [len(find(text)) for text in (circled, keys, raised)] == [1, 1, 1]


def test_a_number_read_out_in_words_is_found_to_its_last_letter() -> None:
    assert mask("it is nine nine nine, one two three, four five six zero.") == f"it is {MASK}."
    random = Random(11)
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    for _ in range(300):
        words = " ".join(names[int(digit)] for digit in number(random))
        assert mask(f"pt {words} fell") == f"pt {MASK} fell"
    for text in (
        "two three two four",
        "one of two patients, three scans, four images, five films, six views",
    ):
        assert mask(text) == text


def test_tags_of_a_message_part_no_number() -> None:
    assert mask("999<br>123<br/>4560 and 999 <b>123</b> 4560") == f"{MASK} and {MASK}"


def test_a_number_glued_to_letters_is_found() -> None:
    assert mask("NHS9990000001x") == f"NHS{MASK}x"


def test_the_example_that_everybody_copies_is_found() -> None:
    assert mask("NHS 943 476 5919, 9434765919") == f"NHS {MASK}, {MASK}"


def test_each_kind_is_told() -> None:
    random = Random(10)
    assert [m.kind for k in ("NHS", "CHI", "H&C", "test") for m in find(number(random, k))] == [
        "NHS",
        "CHI",
        "H&C",
        "NHS",
    ]


def test_a_match_shows_no_digit_and_places_the_number_in_the_original_text() -> None:
    text = "ｆｕｌｌ\u200b width: ９９９\u2009０００\u2009００１８, then 12 mSv"
    (match,) = find(text)
    assert text[match.start : match.end] == "９９９\u2009０００\u2009００１８"
    assert not re.search(r"\d", repr(match) + str(match) + f"{[match]}")
    assert match == Match("NHS", match.start, match.end)


def test_all_numbers_of_a_text_go_and_the_rest_stays() -> None:
    a, b = number(Random(11), "NHS"), number(Random(12), "CHI")
    assert (
        mask(f"{a} and {b[:6]} {b[6:]}, 3 scans of 1,200 MBq") == f"{MASK} and {MASK}, 3 scans of 1,200 MBq"
    )
    assert mask(f"<tel:{a}|{a[:3]} {a[3:6]} {a[6:]}>") == f"<tel:{MASK}|{MASK}>"


def test_a_number_beside_other_digits_is_masked_whole() -> None:
    for seed in range(200):
        digits = number(Random(seed))
        spaced = " ".join(grouped(digits, (3, 3, 4)))
        for text in (
            f"bed 12 {digits} 3",
            f"4 {spaced} 12",
            f"{digits}\n{digits}",
        ):
            assert not find(mask(text))
            assert digits[-4:] not in mask(text)


@given(st.text(st.sampled_from("0123456789 -./()x\n\u200b٣９²+44&;"), max_size=80))
def test_nothing_is_left_to_find_in_a_masked_text(text: str) -> None:
    assert not find(mask(text))


@given(st.text(max_size=200))
def test_a_text_without_ten_digits_is_left_as_it_is(text: str) -> None:
    if sum(char.isdigit() for char in text) < 9:
        assert mask(text) == text


# What looks like one, and is none.


def alarms(make: object, times: int = 2_000) -> int:
    random = Random(3)
    assert callable(make)
    return sum(bool(find(make(random))) for _ in range(times))


def some(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def test_fewer_than_one_in_twenty_random_ten_digit_numbers_is_taken_for_one() -> None:
    assert alarms(lambda r: str(r.randrange(10**9, 10**10)), 20_000) < 1_000
    assert alarms(lambda r: some(r, 10), 20_000) < 1_000


@pytest.mark.parametrize(
    "shape",
    [
        "07*** ******", "07*********", "07*** *** ***", "07***-******", "07***.***.***", "(07***) ******",
        "+447*********", "+44 7*** ******", "+44 7*** *** ***", "+44 (0)7*** ******", "+44(0)7*********",
        "+44-7***-******", "0044 7*** ******", "44 7*** ******", "447*********",
        "tel+44 7*** ******", "020 7*** ****", "020 7*******", "0207 *** ****",
        "(020) 8*** ****", "+44 20 7*** ****", "+44 207 *** ****",
        "01632 ******", "01632******", "01632 *** ***", "(0161) *** ****", "+44 161 *** ****",
        "029 2*** ****",
        "0300 *** ****", "0800 *** ****", "NHS 0300 *** ****", "CHI 0131 *** ****", "NHS no. 07*** ******",
        "07*** ****** or 07*** ******", "020 7*** **** 12",
    ],
)  # fmt: skip
def test_telephone_numbers_are_left_alone(shape: str) -> None:
    assert alarms(lambda r: re.sub(r"\*", lambda _: some(r, 1), shape)) == 0


def test_message_timestamps_are_left_alone() -> None:
    # From 2024 to 2033.
    assert alarms(lambda r: f"{r.randrange(1_704_067_200, 2_000_000_000)}.{some(r, 6)}") == 0
    assert alarms(lambda r: f"p{r.randrange(1_704_067_200, 2_000_000_000)}{some(r, 6)}") == 0
    assert alarms(lambda r: f"{r.randrange(1_704_067_200, 2_000_000_000)}{some(r, 3)}") == 0


def test_seconds_since_1970_are_left_alone_while_they_begin_with_no_date_of_birth() -> None:
    # In the first half of 2027 they begin with 1801 to 1812, as the CHI number of one born on an 18th does:
    # then only the word before them tells.
    assert alarms(lambda r: str(r.randrange(1_767_225_600, 1_801_000_000))) == 0
    for called in ("ts: ", '"ts": "', "timestamp ", "unix time ", "epoch=", "<!date^"):
        assert alarms(lambda r, called=called: f"{called}{r.randrange(1_801_000_000, 1_813_000_000)}") == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda r: f"{r.randint(1, 28):02}/{r.randint(1, 12):02}/2026 {some(r, 2)}:{some(r, 2)}",
        lambda r: f"{r.randint(1, 28):02}/{r.randint(1, 12):02}/2026 {some(r, 2)} mSv",
        lambda r: f"{r.randint(1, 28):02}.{r.randint(1, 12):02}.26 {r.randint(0, 23)}.{r.randint(0, 59):02}",
        lambda r: f"{r.randint(1, 28)}/{r.randint(1, 12)}/26, {r.randint(0, 23)}:{r.randint(0, 59):02}",
        lambda r: f"{r.randint(1, 28)}.{r.randint(1, 12)}.2026 {r.randint(100, 999)} MBq",
        lambda r: f"ward 12 {r.randint(1, 28):02}/{r.randint(1, 12):02}/2026",
        lambda r: f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02} {some(r, 2)}:{some(r, 2)}:{some(r, 2)}",
        lambda r: f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02} {some(r, 6)}",
        lambda r: f"doses {' '.join(f'{r.randint(1, 99)}.{r.randint(0, 9)}' for _ in range(4))} mSv",
        lambda r: f"{' '.join(f'{r.randint(1, 99)}.{r.randint(0, 99):02}' for _ in range(3))} mSv",
        lambda r: f"doses {', '.join(str(r.randint(10, 999)) for _ in range(6))}",
        lambda r: some(r, 7),
        lambda r: some(r, 9),
        lambda r: f"{r.randint(1, 9)}{some(r, 10)}",
        lambda r: some(r, 13),
    ],
)  # fmt: skip
def test_dates_times_lists_and_numbers_of_other_lengths_are_left_alone(make: object) -> None:
    assert alarms(make, 3_000) == 0


# What is called one, is one: a digit may be mistyped.


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("NHS number 5550000000", f"NHS number {MASK}"),
        ("NHS No.: 555 000 0000.", f"NHS No.: {MASK}."),
        ("nhs number is 555-000-0000", f"nhs number is {MASK}"),
        ("NHS 4000000000", f"NHS {MASK}"),
        ("CHI 9900000000", f"CHI {MASK}"),
        ("CHI number: 990000 0000", f"CHI number: {MASK}"),
        ("H&C 5550000000", f"H&C {MASK}"),
        ("h&amp;c no 5550000000", f"h&amp;c no {MASK}"),
        ("Health and Care number 5550000000", f"Health and Care number {MASK}"),
        ("CHI 101800000", f"CHI {MASK}"),
        ("NHS number 55500000000", f"NHS number {MASK}"),
        ("NHS number 555 000 000 today", f"NHS number {MASK} today"),
        ("NHS number 5550000000 2 scans", f"NHS number {MASK} 2 scans"),
    ],
)
def test_what_is_called_a_patients_number_is_one_without_a_check_digit(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "NHS 5550000000", "NHS 0800 11 1111", "NHS 111", "NHS number 12 mSv", "the NHS paid 123456789",
        "machi 9900000000", "NHS number 555000000000",
    ],
)  # fmt: skip
def test_what_is_not_called_one_needs_its_check_digit(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "way",
    [
        "999%20123%204560", "09991234560", "0009991234560", "999 l23 456O", "9 9 9 l 2 3 4 5 6 O",
        "9,991,234,560",
        "999         123         4560", "treble nine, double zero, treble four, zero, six",
        "triple nine zero zero four double 4 0 six", "9991234560.0", "９９９１２３４５６０",
        "999\u200b123\u200b4560",
    ],
)  # fmt: skip
def test_a_number_written_to_slip_through_is_masked_whole(way: str) -> None:
    assert mask(f"wrong patient, {way}, had a CT") == f"wrong patient, {MASK}, had a CT"


@pytest.mark.parametrize(
    "text",
    [
        "13.11.26 17.53", "13.11.26 17.53 and 14.11.26 09.10", "22.6 52.9 38.6 59.9", "22.65 52.91 38.67",
        "1.4 434 765 919", "434 765 991.9 mGy", "05/11/2026 14:30", "3, 6, 9, 4, 7, 6, 5, 9, 1, 9",
    ],
)  # fmt: skip
def test_a_day_a_time_and_a_list_of_decimals_stay_as_they_are(text: str) -> None:
    assert mask(text) == text
