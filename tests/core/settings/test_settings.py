"""What a hospital sets: what it may be, how it is said, and what becomes of what does not fit."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.refused import Refused
from bot.core.settings.chosen import Chosen, settings_that_do_not_fit
from bot.core.settings.definitions import SETTINGS, read_setting
from bot.core.settings.setting_kinds import Asker
from storage.model import Destination, Person
from tests.core.cases.ward import ANA, BEN, NOW, T, Ward
from tests.core.days.table import ROWS
from tests.processes import ROOT, irmer_here

ASKER = Asker("U1", Destination("typed", "c1"), "wales")


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("nation", "Northern Ireland", "northern_ireland"),
        ("incidents_channel", "here", {"platform": "typed", "conversation": "c1"}),
        ("fallback_channel", "<#C0F|fall>", {"platform": "typed", "conversation": "C0F"}),
        ("escalation_channel", "none", None),
        ("ping_days", "7, 3", [7, 3]),
        ("ping_days", "7 3", [7, 3]),
        ("ping_days", "a week, 3 days, 1 day", [7, 3, 1]),
        ("owner_reminders", "also by direct message", True),
        ("owner_reminders", "no", False),
        ("ping_hour", "9", "09:00"),
        ("ping_hour", "2.30pm", "14:30"),
        ("quiet_days", "sat-sun, bank holidays", ["saturday", "sunday", "bank holidays in Wales"]),
        ("mpe_days", "2 days", 2),
        ("ping_spread", "10 minutes", 10),
        ("ping_spread", "five minutes", 5),
        ("retention_drafts", "30", 30),
        ("retention_drafts", "a fortnight", 14),
        ("retention_drafts", "none", None),
        ("retention_cases", "20 years", 20),
        ("retention_records", "Twenty years", 20),
        ("confirm_days", "a week", 7),
        ("learning_days", "28", 28),
        ("local_deadlines", "72-hour report: 72 hours, board: 30", {"72-hour report": 3, "board": 30}),
        ("role_mpe", "me, <@U2|Physicist B>", ["U1", "U2"]),
        ("may_close", "none", []),
        ("organisation", " Northern  Testing Hospitals ", "Northern Testing Hospitals"),
        ("contact_name", "none", ""),
        ("contact_email", "irmer@trust.nhs.uk", "irmer@trust.nhs.uk"),
        ("contact_telephone", "0151 496 0000 ext 12", "0151 496 0000 ext 12"),
        ("ping_hour", "default", None),
    ],
)
def test_a_setting_is_kept_as_it_is_meant_and_can_be_typed_again_as_it_is_shown(key, typed, kept):
    assert read_setting(key, typed, ASKER) == kept
    shown = Chosen({key: kept}).shown(key)
    if shown not in ("not set", "none"):
        assert Chosen({key: read_setting(key, shown, ASKER)}).shown(key) == shown


@pytest.mark.parametrize(
    ("key", "typed", "wanted"),
    [
        ("nation", "France", "nation wants one of: England, Wales, Scotland, Northern Ireland"),
        ("incidents_channel", "#incidents", "name a channel"),
        ("ping_days", "85", "the ping schedule takes days before the deadline, 0 to 84"),
        ("ping_days", "7, soon", "the ping schedule takes"),
        ("ping_days", "", "the ping schedule takes"),
        ("owner_reminders", "sometimes", "the owner's reminders go: also by direct message, or no"),
        ("ping_hour", "25:00", "the ping hour wants a time of day"),
        ("ping_hour", "midnight", "the ping hour wants a time of day"),
        ("ping_hour", "half past eight", "the ping hour wants a time of day"),
        ("ping_hour", "Friday 3pm", "the ping hour wants a time of day"),
        ("quiet_days", "sat-sunx", "“sat-sunx” is not a day or days: quiet days are"),
        ("ping_spread", "11", "the ping spread wants a number of minutes from 0 to 10"),
        ("ping_spread", "a while", "the ping spread wants a number of minutes from 0 to 10"),
        ("ping_spread", "5 hours", "the ping spread wants a number of minutes from 0 to 10"),
        ("retention_drafts", "10 years", "drafts are kept for good (none), or for 1 to 3650 days"),
        ("local_deadlines", "board: 1, Board: 2", "“Board” stands there twice"),
        ("local_deadlines", "report: 3", "“report” is the name of another deadline"),
        ("local_deadlines", "Notification: 3", "“Notification” is the name of another deadline"),
        (
            "retention_drafts",
            "two years",
            "drafts are kept for good (none), or for 1 to 3650 days: such as 1 day",
        ),
        ("retention_drafts", "half a day", "drafts are kept for good (none), or for 1 to 3650 days"),
        ("retention_cases", "20 days", "cases are kept for good (none), or for 10 to 100 years"),
        ("retention_records", "20 months", "records are kept for good (none), or for 10 to 100 years"),
        ("mpe_days", "15", "the estimate wants a number of days from 0 to 14"),
        ("mpe_days", "half a day", "the estimate wants a number of days"),
        ("confirm_days", "0", "the confirmation wants a number of days from 1 to 84"),
        ("learning_days", "a year or so", "the learning wants a number of days"),
        ("local_deadlines", "board", "local deadlines need a name and days"),
        ("local_deadlines", "board: 400", "local deadlines need a name and days"),
        ("role_mpe", "@physicist", "name people"),
        ("organisation", "x" * 201, "organisation: it wants a line of at most 200 marks, or none"),
        ("contact_email", "irmer at trust", "contact's e-mail: an e-mail address is wanted"),
        ("contact_telephone", "ring the desk", "contact's telephone: a telephone number is wanted"),
    ],
)
def test_what_is_no_value_is_refused_with_what_is_wanted(key, typed, wanted):
    with pytest.raises(Refused) as refused:
        read_setting(key, typed, ASKER)
    assert str(refused.value).startswith(wanted)


# Of the table of days, those that a setting can be; every other line is refused.
HOURS = {
    row[0]: row[2][11:] for row in ROWS if row[0] in ("3am", "at 14:30", "1430", "17.53", "10:45", "noon")
}
HOURS |= {"00:00": "00:00", "12am": "00:00", "3": "03:00"}
QUIET = {
    **dict.fromkeys(("3/11", "3.11", "3 November", "November 3rd"), "3 November"),
    **dict.fromkeys(("2026-11-03", "2026/11/3", "3rd of Nov 2026"), "3 November 2026"),
    **{row[0]: "27 October 2026" for row in ROWS if row[1] == "2026-10-27"},
    **{row[0]: "27 November 2026" for row in ROWS if row[1] == "2026-11-27"},
    **dict.fromkeys(("24 December", "Christmas Eve"), "24 December"),
    "28/10": "28 October", "28/11": "28 November", "29/2/2024": "29 February 2024",
    "29 February": "29 February", "3/11/99": "3 November 2099",
    "Friday": "friday", "Thursday": "thursday", "the weekend": "saturday, sunday",
}  # fmt: skip


@pytest.mark.parametrize("typed", [row[0] for row in ROWS if row[0]])
@pytest.mark.parametrize(("key", "kept"), [("ping_hour", HOURS), ("quiet_days", QUIET)])
def test_a_setting_takes_a_day_or_an_hour_as_an_answer_does(key, kept, typed):
    if typed in kept:
        assert Chosen({key: read_setting(key, typed, ASKER)}).shown(key) == kept[typed]
    else:
        with pytest.raises(Refused):
            read_setting(key, typed, ASKER)


def test_a_setting_that_is_not_there_is_refused_with_the_one_that_was_meant(ward: Ward) -> None:
    assert "no such setting. Did you mean ping_hour? There are: nation, " in ward.say("settings ping_hours 9")
    assert "no such setting. There are: nation, " in ward.say("settings colour blue")
    assert ward.store.settings(T) == {}


def test_a_setting_is_taken_back_to_its_default(ward: Ward) -> None:
    ward.say("settings ping_days 10")
    assert "Ping days before: 10, 0" in ward.say("settings ping_days")
    assert "Ping days before: 7, 3, 1, 0" in ward.say("settings ping_days default")
    assert "ping_days" not in ward.store.settings(T)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 400) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from([*SETTINGS, "of_tomorrow"]), JSON, max_size=4))
def test_whatever_is_kept_is_taken_whole_or_named_and_as_if_it_were_not_there(kept):
    chosen = Chosen(kept)
    fit = {key: value for key, value in kept.items() if key not in chosen.unfit}
    assert len(chosen.problems) == len(chosen.unfit)
    assert chosen.unfit.keys() <= kept.keys()
    assert not Chosen(fit).unfit
    assert Chosen(fit).settings == chosen.settings
    for key in SETTINGS:
        assert chosen.shown(key)


def put(ward: Ward, key: str, value: object) -> None:
    ward.store.set_setting(T, key, value, by=Person("U9"), now=NOW)


def test_what_does_not_fit_is_named_to_people_to_the_doctor_and_to_health(ward: Ward, tmp_path) -> None:
    put(ward, "ping_hour", "nine")
    put(ward, "colour", "blue")
    line = "the setting ping_hour does not fit: the ping hour wants a time of day, such as 09:00"
    assert f"{line}; until it is set again, 09:00 holds" in ward.say("settings").lower()
    found = settings_that_do_not_fit(ward.store)
    assert found == [
        f"{T}: the setting colour is no setting of this release",
        f"{T}: {line}; until it is set again, 09:00 holds",
    ]
    status, out, _ = irmer_here("doctor", database=tmp_path / "irmer.sqlite")
    assert status == 1
    assert f"wrong      {found[1]}" in out
    assert "Ping hour: 08:00" in ward.say("settings ping_hour 8")
    assert [one for one in settings_that_do_not_fit(ward.store) if "ping_hour" in one] == []


def test_a_list_of_people_that_does_not_fit_lets_nobody_in_and_no_administrator_out(ward: Ward) -> None:
    put(ward, "may_settings", {"U2": True})
    assert "Settings are changed by an administrator" in ward.say("settings ping_hour 8", BEN)
    assert "May change settings: U2" in ward.say("settings may_settings <@U2>", ANA)
    assert "Ping hour: 08:00" in ward.say("settings ping_hour 8", BEN)


def test_a_list_of_who_may_close_that_does_not_fit_is_not_open_to_the_owner(ward: Ward) -> None:
    ref = ward.case()
    put(ward, "may_close", "U1")
    assert "Only those named in the settings may close it" in ward.say(f"close {ref}")


def test_the_settings_of_release_0_1_fit_and_mean_the_same():
    told = json.loads((ROOT / "tests" / "golden" / "0.1.json").read_text(encoding="utf-8"))
    kept = {tenant: of["settings"] for tenant, of in told["tenants"].items()}
    assert [Chosen(one).problems for one in kept.values()] == [(), ()]
    assert {key: Chosen(kept["T0HOSPITAL"]).shown(key) for key in kept["T0HOSPITAL"]} == {
        "incidents_channel": "C0INCIDENTS", "may_close": "U1, U2", "nation": "Scotland",
        "ping_days": "14, 7, 1, 0",
    }  # fmt: skip
    assert {key: Chosen(kept["local"]).shown(key) for key in kept["local"]} == {
        "incidents_channel": "terminal", "local_deadlines": "board: 30", "may_export": "a.ward",
        "may_settings": "a.ward", "ping_days": "7, 3, 1, 0", "quiet_days": "sunday", "role_mpe": "a.ward",
    }  # fmt: skip
    assert Chosen(kept["local"]).place("incidents_channel") == Destination("terminal", "terminal")
    weekends = Chosen({"quiet_days": ["saturday", "sunday"]}).quiet_days
    assert [date(2026, 11, day) in weekends for day in range(2, 9)] == [False] * 5 + [True] * 2


def test_a_contact_is_named_without_being_asked_whether_it_is_a_patient(ward):
    assert ward.say("settings contact_name Dr Sarah Jones") == "Contact's name: Dr Sarah Jones."
    assert "Nothing of it is kept yet" in ward.say("settings local_deadlines Dr Sarah Jones: 3")
    assert "NHS, CHI or H&C" in ward.say("settings contact_name 999 000 0018")


@pytest.mark.parametrize("setting", ["local_deadlines audit: 10", "mpe_days 5", "confirm_days 3"])
def test_what_holds_for_new_cases_alone_says_so_where_some_are_open(ward: Ward, setting: str) -> None:
    says = "What is open already keeps the deadlines and the dates that it has."
    assert says not in ward.say(f"settings {setting}")
    before = ward.due(ward.case())
    assert says in ward.say(f"settings {setting.replace('10', '11').replace('5', '4').replace(' 3', ' 6')}")
    assert ward.due("C26-0001") == before
