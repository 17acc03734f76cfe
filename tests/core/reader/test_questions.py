"""A question about the rules tells of no incident; one about what happened does, and all in it is asked."""

import pytest

from bot.core.reader import read
from tests.core.reader.corpus import NOW


@pytest.mark.parametrize(
    "text",
    [
        "Can a mother be in the beam while her child is scanned?",
        "Can a mother be in the beam when holding her baby for a CXR?",
        "Can a pregnant nurse be in the room during fluoroscopy?",
        "Could a father stay in the room for his child's CT?",
        "Who do we tell when a carer is exposed?",
        "Is a staff member exposed in the CT room covered by IRMER?",
        "What happens when a patient is injected with the wrong tracer?",
        "Do we have to notify when the wrong patient is scanned?",
        "is a ct head on the wrong patient notifiable?",
        "hiya quick q is an xray exposure to a carer IRMER or HSE",
        "morning all, random q - does a repeat opg count",
        "who do I ring when something has gone wrong?",
        "we ring the MPE if something went wrong",
    ],
)
def test_a_question_about_the_rules_is_no_incident(text):
    found = read(text, NOW)
    assert (found.is_incident, found.facts, found.to_confirm) == (False, {}, [])


@pytest.mark.parametrize(
    "text",
    [
        "Wrong patient scanned, do we notify?",
        "Is it notifiable that we scanned the wrong patient yesterday?",
        "Hi, can I check, pt had CT chest instead of abdo, is this notifiable",
        "can someone advise, wrong side hip xray done today",
        "Do we have to report that a porter walked into the room during a CT?",
        "Should I report this? Porter was in the beam during a CXR",
        "What do I do, wrong patient injected with FDG?",
        "Is this an incident? gave 400 MBq to wrong patient",
        "Has anyone told the inspector about the wrong patient's CT yesterday?",
        "something went wrong with a scan",
        "hi, something has gone badly wrong, who do I tell?",
        "Something's gone wrong",
    ],
)
def test_a_question_about_what_happened_is_one(text):
    assert read(text, NOW).is_incident


def test_in_a_question_that_may_be_about_either_nothing_is_certain():
    found = read("is a 4 mSv CT done on the wrong pt notifiable", NOW)
    assert found.is_incident
    assert found.facts == {}
    assert {"exposure", "category", "total_dose"} <= set(found.to_confirm)
