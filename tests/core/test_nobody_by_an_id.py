"""Nobody is called by a platform's id: a ward whose people have no names that anybody knows. But for the
settings, where what somebody typed that is nobody's has to be seen."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from bot.core.messages import Command, Place, Said, User
from rules.deciding import decide
from rules.parsing import parse
from storage.model import UNNAMED, Assessment, Person
from tests.core.cases.ward import BUTTONS, NOTIFY, UNDECIDED, T, Ward
from tests.core.either_way import typed_and_pressed  # noqa: F401 - the ward
from tests.core.reminders.platform import Platform, Time, delivery, drain

ANA, BEN = User("U1", "", "member"), User("U2", "", "member")
ID = re.compile(r"\bU[1-9]\b")
THREAD = Place("c1", "t1")
# In this order; whoever does it stands before it.
DAY = (
    (BEN, "note C26-0001 the dose is being worked out"),
    (ANA, "take over C26-0001"),
    (BEN, "take over C26-0001"),
    (ANA, "assign C26-0001 <@U2>"),
    (ANA, "assign C26-0001 U2"),
    (BEN, "investigate C26-0001"),
    (ANA, "investigate C26-0001"),
    (BEN, "confirm 2026-0001"),
    (BEN, "confirm 2026-0001"),
    (BEN, "snooze C26-0001 tomorrow"),
    (BEN, "notified C26-0001 CQC-77"),
    (ANA, "notified C26-0001 CQC-78"),
    (ANA, "notified C26-0002 CQC-77"),
    (BEN, "done C26-0001 report"),
    (ANA, "done C26-0001 report"),
    (BEN, "hand over to <@U1>"),
    (ANA, "hand over accept"),
    (ANA, "hand over accept"),
    (ANA, "stand down C26-0002 a duplicate"),
    (BEN, "redact 2026-0001 account it named somebody"),
    (ANA, "redact 2026-0001 account it named somebody"),
    (ANA, "close C26-0001 all is done"),
    (BEN, "close C26-0001 all is done"),
    (BEN, "reopen C26-0001 one more estimate"),
    *((who, words) for who in (ANA, BEN) for words in (
        "C26-0001", "C26-0001 reasons", "2026-0001", "2026-0001 reasons", "cases", "cases mine", "cases all",
        "due", "digest", "incidents", "like 2026-0001", "numbers", "home", "help",
    )),
)  # fmt: skip


def kept(ward: Ward, facts: dict[str, object]) -> str:
    parsed = parse(facts, ward.now.date())
    at = ward.now.isoformat(timespec="seconds")
    said = {name: {"id": "U1", "name": "", "at": at, "how": "answered"} for name in parsed.stated}
    assessment = Assessment({**parsed.stated, "account": "wrong patient"}, decide(parsed).as_dict(), said)
    return ward.store.keep(T, assessment, by=Person("U1"), now=ward.now).number


def shows_nobody_s_id(shown: str, words: str = "") -> bool:
    said = shown.replace(words, "") if words else shown
    assert not ID.search(said), f"{words!r}: {said}"
    return UNNAMED in said


def test_a_day_among_people_without_names_shows_no_id(ward: Ward) -> None:
    ward.name_roles(mpe="U2", governance="U2")
    for facts in (NOTIFY, UNDECIDED):
        ward.say(f"open {kept(ward, facts)}", ANA)
    unnamed = 0
    for who, words in DAY:
        unnamed += shows_nobody_s_id(ward.say(words, who), words)
        ward.later(minutes=1)
    assert unnamed > 10, "they did stand in it"


def test_a_reminder_calls_nobody_by_an_id(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    ward.say("settings incidents_channel C0INC", ANA)
    ward.name_roles(mpe="U2", governance="U2")
    ward.say(f"open {kept(ward, NOTIFY)}", ANA)
    platform = Platform(Time(ward.now + timedelta(days=20)))
    drain(delivery(ward.store, platform, ward.face))
    ward.store.close()
    assert sum(shows_nobody_s_id(message.words) for message in platform.messages)


def test_two_who_say_different_things_are_told_apart_by_no_id(ward: Ward) -> None:
    def says(words: str, who: User, *, first: bool = False) -> str:
        ward.ask(Command(words) if first else Said(words, mentioned=True), who, place=THREAD)
        return ward.shown

    says("check diagnostic X-ray, accidental exposure, 40 years", ANA, first=True)
    says("the total dose was 2 mSv", ANA)
    shows_nobody_s_id(says("the dose was 8 mSv", BEN))
    shows_nobody_s_id(says("why", BEN))
