"""Looking up the criteria: what people type, and what they find."""

import re
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import thresholds
from rules.asides import aside
from rules.authorities import AUTHORITIES
from rules.conditions import RatioWithin, Within
from rules.deciding import decide
from rules.edition_model import Criterion
from rules.editions import edition_for
from rules.glossary import GLOSSARY, meaning
from rules.parsing import parse
from rules.spans import plain
from rules.threshold_rows import row_of
from rules.thresholds import look_up
from rules.topics import TOPICS
from rules.typical import ALL

EDITION = edition_for(None)
BY_WORDS = {
    "4.2b": "4.2b",
    "4.2b.": "4.2b",
    "code 5": "5",
    "5": "5",
    "2": "2.1 2.2 2.3 2.4",
    "4.2": "4.2a 4.2b 4.2c",
    "10": "10.1 10.2",
    "1": "1",
    "M": "M",
    "M2.3": "2.3 M",
    "2.1 and 2.4": "2.1 2.4",
    "8.2": "8.2",
    "4.3": "4.1 4.2a 4.2b 4.2c",
    "foetal": "5",
    "Fetal": "5",
    "foetus": "5",
    "pregnant": "5",
    "foetal CT": "5",
    "SABR": "4.2a 4.2b 4.2c",
    "CBCT": "4.2a 4.2b 4.2c",
    "set-up error": "4.2a",
    "wrong drug": "7",
    "wrong tracer": "7",
    "iodine": "6 7 10.2",
    "I-131": "6 7 10.2",
    "SIRT": "10.1",
    "Y-90": "10.1",
    "Lu-177": "10.2",
    "planning scan": "4.1",
    "CT planning": "4.1",
    "repeat planning scan": "4.1",
    "breast feeding": "6",
    "breast-fed infant": "6",
    "wrong patient": "1 2.1 2.2 2.3 2.4",
    "carers and comforters": "1 2.1 2.2 2.3 2.4",
    "research participant": "1 2.1 2.2 2.3 2.4",
    "accidental": "1",
    "wrong side": "2.1 2.2 2.3 2.4",
    "repeat CT": "2.1 2.2 2.3 2.4",
    "repeat CT child": "2.1 2.2 2.3 2.4",
    "ankle": "1 2.1 5",
    "CT head": "1 2.2 2.3 5",
    "head CT": "1 2.2 2.3 5",
    "CT of the abdomen and pelvis": "1 2.3 2.4 5",
    "CT head child": "1 2.1 2.2 2.3 2.4 5",
    "head": "1 2.1 2.2 2.3 5",
    "CT head and neck": "1 2.1 2.2 2.3 2.4 5",
    "CT ankle": "1 2.1 2.2 2.3 2.4 5",
    "wrong side hip": "2.1 2.2",
    "bone scan": "1 2.2 2.3 5 6 7",
    "DLP 850": "",
    "DLP 850 mGy cm": "",
    "CTDI 60 mGy": "",
    "skin dose 5 Gy": "3",
    "child": "1 2.1",
    "accidental child": "1",
    "deterministic": "3",
    "erythema": "3",
    "skin burn": "3",
    "linac": "8.1 8.2 9.1 9.2",
    "geographical miss": "9.1 9.2",
    "total miss": "9.1",
    "partial geographical miss": "9.2",
    "underdose": "8.2 10.1 10.2",
    "underdose radiotherapy": "8.2",
    "overdose sirt": "10.1",
    "more than one patient": "M",
    "theme": "M",
    "equipment": "4.2c E",
    "equipment fault verification": "4.2c",
    "clinically significant": "C",
    "duty of candour": "C",
    "voluntary": "V",
    "near miss": "V",
    "foetl": "5",
    "pregnent": "5",
    "foetal 5 mSv": "5",
    "10 mGy": "5",
    "child 5 mSv": "2.3",
    "0 mSv": "1",
    "20 mSv total": "1 2.1 2.2 2.3 2.4",
    "deadline": "",
    "two weeks": "",
    "scotland": "",
    "wibble": "",
    "1.5": "",
}
BY_DOSE = {
    "1.5 mSv": ["2.2: With 1.5 mSv intended, notify from 15 mSv (10 times) in all."],
    "0.02 mSv": ["2.1: With 0.02 mSv intended, notify from 3 mSv in all, for a child from 1 mSv."],
    "10 mSv intended": ["2.3: With 10 mSv intended, notify from 25 mSv in all."],
    "300 µSv": ["2.2: With 0.3 mSv intended, notify from 3 mSv (10 times) in all."],
    "2.5 mSv": ["2.2: With 2.5 mSv intended, notify from 25 mSv (10 times) in all."],
    "CT 12 mSv": ["2.4: With 12 mSv intended, notify from 30 mSv (2.5 times) in all."],
    "0.2-0.4 mSv": [
        "2.1: With at least 0.2 mSv and below 0.3 mSv intended, notify from 3 mSv in all, "
        "for a child from 1 mSv.",
        "2.2: With 0.3 to 0.4 mSv intended, notify from 3 to 4 mSv (10 times) in all.",
    ],
    ">10 mSv": ["2.4: With above 10 mSv intended, notify from 2.5 times what was intended in all."],
    "1 mSv and then 5 mSv": [
        "2.2: With 1 mSv intended, notify from 10 mSv (10 times) in all.",
        "2.3: With 5 mSv intended, notify from 25 mSv in all.",
    ],
    "sirt 2000 MBq": [
        "10.1: With 2000 MBq prescribed, notify where less than 1600 MBq or more than 2400 MBq was delivered."
    ],
    "iodine 3700 MBq": [
        "10.2: With 3700 MBq prescribed, notify where less than 3330 MBq or more than 4070 MBq was delivered."
    ],
}
NOTES = {
    "8.1": "Until April 2023 code 8.1 stood for what is now 9.1 (geographical miss: total). "
    "It is another row now: which is meant?",
    "7.1": "Until April 2023 code 7.1 stood for what is now 8.1 (therapy over-exposure). "
    "There is no such code now: which is meant?",
    "1.5 mSv": "The dose is read as the intended one",
    "1 mSv and then 5 mSv": "Each dose is read as an intended one",
    "20 mSv total": "What a total is held against depends on the dose that was intended.",
    "1.5 MSv": "write mSv if you mean millisieverts",
    "1.5": "There is no code 1.5. If it is a dose, write its unit: 1.5 mSv.",
    "skin dose 5 Gy": "A later wording of code 3 is known",
    "skin burn": "A later wording of code 3 is known",
    "4.2a": "A later wording of code 4.2a is known",
    "pregnent": "This is the nearest",
}
REMARKS = {
    "repeat CT": "Doing one examination twice doubles the dose",
    "wrong patient": "is accidental, code 1",
    "underdose": "in therapy only",
    "wrong side ankle": "plus that of the right side where it was done or still has to be",
    "ankle": "Limb or joint X-ray: less than 0.01 mSv is the published typical effective dose for an adult",
    "CT head": "CT head: 2 mSv is the published typical effective dose for an adult",
    "head": "Skull X-ray: 0.07 mSv is the published typical effective dose for an adult",
    "CT chest": "not this person's dose",
    "hip": "a child counts from 1 mSv in all",
    "hip child": "For a child no typical dose is published, so any band can hold",
    "CT ankle": "No typical dose is published for these words",
}
FIGURES = {
    "foetal": "10 mGy or more",
    "4.2b": "50% more images than intended, or more, over the course, after a protocol failure",
    "1.5 mSv": "15 mSv or more in all (10 times)",
    "0.02 mSv": "3 mSv or more in all (a child 1 mSv or more)",
    "0.02 mSv, a child": "1 mSv or more in all (an adult 3 mSv or more)",
    "sirt 2000 MBq": "Less than 1600 MBq, or more than 2400 MBq",
}
ASIDES = {
    "deadline": "no later than 14 days after the day of discovery",
    "12 weeks": "no later than 84 days after it",
    "duty of candour": "not its only trigger",
    "staff": "Ionising Radiations Regulations 2017",
    "ARSAC": "ARSAC Support Unit",
    "child": "under 18 in England, Wales and Northern Ireland, under 16 in Scotland",
    "broken equipment": "MHRA in England and Wales, HFS in Scotland, NIAIC in Northern Ireland",
    "Scotland": "ask for access",
    "DLP 850": "Planning scans and verification images (4.1 to 4.2c)",
    "skin dose 5 Gy": "Tissue reactions after interventional work (code 3)",
}


def codes(words: str) -> str:
    return " ".join(match.code for match in look_up(words).matches if match.code)


@pytest.mark.parametrize(("words", "expected"), BY_WORDS.items())
def test_words_find_their_codes(words: str, expected: str) -> None:
    assert codes(words) == expected


@pytest.mark.parametrize(("words", "expected"), BY_DOSE.items())
def test_a_quantity_finds_its_threshold(words: str, expected: list[str]) -> None:
    assert [f"{match.code}: {match.sentence}" for match in look_up(words).matches] == expected


@pytest.mark.parametrize(("words", "expected"), NOTES.items())
def test_what_has_to_be_known_is_said_first(words: str, expected: str) -> None:
    assert expected in " ".join(look_up(words).notes)


@pytest.mark.parametrize(("words", "expected"), REMARKS.items())
def test_what_goes_with_these_words_is_said_after_the_rows(words: str, expected: str) -> None:
    assert expected in " ".join(look_up(words).remarks)


@pytest.mark.parametrize(("words", "expected"), FIGURES.items())
def test_the_figure_is_what_is_read_first(words: str, expected: str) -> None:
    assert look_up(words).matches[0].figure == expected


@pytest.mark.parametrize("criterion", EDITION.criteria, ids=lambda criterion: criterion.code)
def test_a_figure_holds_the_numbers_of_its_row_and_no_others(criterion: Criterion) -> None:
    limits: dict[str, Decimal] = {"image_ratio": Decimal(1), "activity_ratio": Decimal(1)}
    wanted = set()
    for atom in criterion.when.atoms():
        if isinstance(atom, RatioWithin) and atom.name in limits:  # said as a percentage
            share = atom.limit if atom.name == "image_ratio" else abs(atom.limit - 1)
            wanted.add(f"{plain(share * 100)}%")
        elif isinstance(atom, RatioWithin | Within):
            wanted.add(plain(atom.limit))
    if bounds := EDITION.bands.get(criterion.code):  # the band stands in the column beside it
        own = {"2.2": {"10"}, "2.4": {"2.5"}}.get(criterion.code, set())
        wanted -= {plain(bound.value) for bound in bounds if bound.value.is_finite()} - own
    # What belongs to another row is said by that row's code.
    wanted -= {"8.2": {"2.5"}, "9.2": {"1.1", "1.2", "0.9"}}.get(criterion.code, set())
    wanted -= {"1"} if criterion.code == "M" else set()  # "more than one"
    for figure in {criterion.figure_for(child=False), criterion.figure_for(child=True)}:
        said = set(re.findall(r"\d+(?:\.\d+)?%?", figure.replace("8.1 or 8.2", "")))
        assert said == wanted


@pytest.mark.parametrize(("words", "expected"), ASIDES.items())
def test_what_goes_with_the_criteria_is_shown_after_them(words: str, expected: str) -> None:
    last = look_up(words).matches[-1]
    assert last.code == ""
    assert expected in last.sentence


def test_the_authorities_and_the_age_of_a_child_are_shown_whole() -> None:
    assert [title for title, _, _ in aside("authorities", EDITION)] == [
        "England: Care Quality Commission",
        "Wales: Healthcare Inspectorate Wales",
        "Scotland: Healthcare Improvement Scotland",
        "Northern Ireland: Regulation and Quality Improvement Authority",
    ]
    ages = "under 18 in England, Wales and Northern Ireland, under 16 in Scotland"
    where = "Accidental exposure, note to code 1"
    assert aside("child", EDITION) == [("Who is a child", f"By the age at exposure: {ages}.", where)]


@pytest.mark.parametrize("words", ["8.1", "7.1"])
def test_a_code_of_before_april_2023_shows_both_rows_that_can_be_meant(words: str) -> None:
    assert codes(words).split() == {"8.1": ["8.1", "9.1"], "7.1": ["7", "8.1"]}[words]


@pytest.mark.parametrize("words", ["", "  ", "?"])
def test_nothing_given_shows_every_row_in_the_order_of_the_table(words: str) -> None:
    assert [match.code for match in look_up(words).matches] == [row.code for row in EDITION.criteria]


def test_a_row_is_shown_with_its_words_and_where_it_stands() -> None:
    row = EDITION.by_code["4.2b"]
    assert look_up("4.2b").matches == (row_of(row),)
    assert row_of(row)[:5] == (row.code, row.category, row.words, row.where, row.figure)


def test_every_topic_is_about_codes_of_the_edition_or_has_something_to_show() -> None:
    for topic in TOPICS:
        assert set(topic.codes.split()) <= set(EDITION.by_code)
        assert topic.codes or all(aside(name, EDITION) for name in topic.asides.split() or [""])


def test_no_phrase_belongs_to_two_topics() -> None:
    phrases = [phrase for topic in TOPICS for phrase in topic.words.split(", ")]
    assert len(phrases) == len(set(phrases))


def test_every_code_of_the_edition_is_found_by_some_word() -> None:
    assert {code for topic in TOPICS for code in topic.codes.split()} == set(EDITION.by_code)


@given(
    intended=st.decimals("0.01", "60", places=2),
    child=st.booleans(),
)
def test_the_threshold_of_a_dose_is_the_one_that_decides(intended: Decimal, child: bool) -> None:
    (match,) = (m for m in look_up(f"{intended} mSv").matches if m.code)
    sentence = match.sentence.partition("notify from ")[2]
    adult, _, for_child = sentence.partition("for a child from ")
    threshold = Decimal((for_child if child and for_child else adult).split()[0])

    def codes_at(total: Decimal) -> tuple[str, ...]:
        said = {
            "exposure": "unintended",
            "category": "diagnostic",
            "intended_dose": plain(intended),
            "total_dose": plain(total),
            "age_group": "child" if child else "adult",
        }
        return decide(parse(said, date(2026, 11, 10))).codes

    assert codes_at(threshold) == (match.code,)
    assert codes_at(threshold - Decimal("0.001")) == ()


@pytest.mark.parametrize("typical", ALL, ids=lambda typical: typical.name)
def test_every_published_examination_is_found_with_its_dose(typical) -> None:
    name = typical.name.partition(" (")[0]
    found = look_up(name.replace("Limb or joint", "Knee"))
    assert any(remark.startswith(f"{typical.name}: {typical.words} is") for remark in found.remarks)
    assert any(typical.name in match.typical for match in found.matches)


def test_every_abbreviation_of_an_answer_can_be_asked_about() -> None:
    every = [word for topic in TOPICS for word in topic.words.replace("*", "").split(", ")]
    answers = [look_up(words) for words in ("", "DLP 850", "child 1 mSv", "sirt 1 GBq", *every)]
    said = " ".join(
        [
            *(" ".join(match) for found in answers for match in found.matches),
            *(line for found in answers for line in (*found.notes, *found.remarks)),
        ]
    )
    short = set(
        re.findall(r"IR\(ME\)R|\b(?:[A-Z]{2,}|mSv|mGy|MBq)\b", re.sub(r"https?://\S+|\S+@\S+", "", said))
    )
    unknown = {word for word in short if not meaning(word)} - {"GOV", "IR", "ME"}
    assert len(short) > 10
    assert unknown == set()


@pytest.mark.parametrize("asked", ["is CSAUE", "is a CSAUE?", "does csaue mean", "csaue", "is IRMER"])
def test_an_abbreviation_is_asked_about_in_several_ways(asked: str) -> None:
    assert meaning(asked).partition(":")[0] in ("CSAUE", "IR(ME)R")
    assert meaning("is the matter with him") == ""


def test_the_glossary_names_the_authorities_as_they_are_named_elsewhere() -> None:
    for short in ("CQC", "HIW", "HIS", "RQIA"):
        assert any(GLOSSARY[short].startswith(body.name) for body in AUTHORITIES.values())


@given(st.text(max_size=300))
def test_no_words_make_it_fail(words: str) -> None:
    assert look_up(words) is not None


@given(st.from_regex(r"[a-z]{4,9} 999 ?[0-9]{3} ?[0-9]{4}", fullmatch=True))
def test_what_was_typed_is_not_repeated(words: str) -> None:
    digits = "".join(filter(str.isdigit, words))
    said = " ".join([*look_up(words).notes, *(" ".join(m) for m in look_up(words).matches)])
    assert digits not in "".join(filter(str.isdigit, said))


def test_only_words_of_the_field_are_remembered() -> None:
    thresholds._PLAIN.clear()
    own = ("foetal jones", "foetal9990000018", "foetal " * 8, "fotal", "4.2b", "___", "")
    for words in ("foetal", "set-up error", *own):
        assert look_up(words) == look_up(words)
    assert set(thresholds._PLAIN) == {"foetal", "set-up error"}


def test_no_more_of_them_than_a_few_hundred_are_remembered() -> None:
    for number in range(2 * thresholds.MOST_PLAIN):
        look_up(f"foetal{' ' * (number % 34)}{'?' * (number // 34 % 17)}")
    assert 0 < len(thresholds._PLAIN) <= thresholds.MOST_PLAIN


def test_a_look_up_by_code_loads_neither_the_reader_of_quantities_nor_the_decision() -> None:
    script = "import sys; from rules.thresholds import look_up; look_up('4.2b'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    late = {
        "rules.typical",
        "rules.threshold_doses",
        "rules.glossary",
        "rules.quantities",
        "rules.deciding",
        "rules.incident",
        "rules.planner",
        "zoneinfo",
    }
    assert "rules.edition_model" in loaded.stdout.split()
    assert not late & set(loaded.stdout.split())


def test_a_band_is_named_by_its_limits_and_a_typical_dose_stands_in_its_own() -> None:
    every = look_up("")
    assert every.notifies
    bands = {row.code: row.intended for row in every.matches}
    assert {code: band for code, band in bands.items() if band} == {
        "2.1": "less than 0.3 mSv", "2.2": "0.3 mSv to 2.5 mSv", "2.3": "2.5 mSv to 10 mSv",
        "2.4": "more than 10 mSv",
    }  # fmt: skip
    for words, code, typical in (
        ("knee x-ray", "2.1", "Limb or joint X-ray less than 0.01 mSv"),
        ("hip x-ray", "2.2", "Hip X-ray 0.3 mSv"),
        ("lumbar spine x-ray", "2.2", "Lumbar spine X-ray 1.3 mSv"),
        ("ct head", "2.2", "CT head 2 mSv"),
    ):
        found = look_up(words)
        assert found.first is not None
        assert (found.first.code, found.first.typical) == (code, typical)
        assert {row.code for row in found.matches if row.typical} == {code}
