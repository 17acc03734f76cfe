"""Names, dates of birth, postcodes and the like only warn, and the warning repeats nothing of the text."""

from __future__ import annotations

import pytest

from storage.identifiers import mask, warnings

NAME, BIRTH, POST = "a person's name", "a date of birth", "a postcode"
HOSPITAL, MAIL, PHONE = "a hospital number", "an e-mail address", "a telephone number"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Mr Testcase had a CT", NAME),
        ("mrs. Testcase had a CT", NAME),
        ("Miss Testcase had a CT", NAME),
        ("patient Xample Testcase had a CT", NAME),
        ("pt: Testcase", NAME),
        ("patient's name is Testcase", NAME),
        ("the patient, called Testcase, had a CT", NAME),
        ("dob 01/02/1950", BIRTH),
        ("D.O.B: 1 Feb 1950", BIRTH),
        ("date of birth 1950-02-01", BIRTH),
        ("born on 3rd March 1980", BIRTH),
        ("lives at ZZ1A 1ZZ", POST),
        ("zz99 3wz", POST),
        ("hosp no 1234567", HOSPITAL),
        ("Hospital number: A123456", HOSPITAL),
        ("MRN 1234567", HOSPITAL),
        ("write to someone@example.org", MAIL),
        ("ring 020 7946 0958", PHONE),
        ("ring +44 7700 900123", PHONE),
    ],
)
def test_what_may_tell_who_the_patient_is_warns_without_repeating_it(text: str, what: str) -> None:
    assert warnings(text) == [
        f"There seems to be {what} in the text: leave out whatever tells who the patient is."
    ]
    assert mask(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Wrong pt had CT head yesterday 2pm, about 2 mSv, 9 yr old",
        "The patient was told; Patient Safety team informed on Monday",
        "patient Monday list, MR Spine intended, CT given",
        "partial miss of the target by 3 mm",
        "L4 5th rib, T12 5 mSv, code 4.2b, 10-12 mSv",
        "local incident number 12345678, prescribed 400 MBq",
        "discovered 2026-11-03, born by the linac 3",
        "@irmer check 1.5 mSv @ 14:30",
    ],
)
def test_ordinary_reports_do_not_warn(text: str) -> None:
    assert warnings(text) == []


def test_each_warning_comes_once() -> None:
    assert len(warnings("Mr Testcase, Mr Testcase, dob 01/02/1950, zz99 3wz, zz99 3wz")) == 3
