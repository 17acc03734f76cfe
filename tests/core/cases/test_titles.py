"""What a case is called in lists, however little is known of it."""

import pytest

from bot.core.words.case_words import case_title


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        ({}, "Radiation incident"),
        ({"age_years": 14}, "Radiation incident, 14 years"),
        ({"category": "diagnostic", "age_years": 0}, "Diagnostic, under a year"),
        ({"modality": "ct", "exposure": "as_intended"}, "CT, as intended exposure"),
        ({"exposure": "near_miss", "age_years": 14}, "near miss, 14 years"),
        ({"examination_performed": "CT head", "cause": ["wrong side"]}, "CT head, wrong side"),
    ],
)
def test_a_title_says_what_is_known(facts, title):
    assert case_title(facts) == title
