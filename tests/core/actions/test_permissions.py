"""Who may do what: the first-run rule, the settings, refusals in plain words and in the trail."""

from tests.core.cases.ward import ANA, BEN, CAUTIONED, NOT, NOTIFY, T, Ward


def refusals(ward: Ward) -> list[tuple[str, str]]:
    return [(e.by.id, str(e.detail["what"])) for e in ward.store.audit(T) if e.what == "refused"]


def test_the_first_to_change_a_setting_may_and_nobody_else_from_then_on(ward: Ward) -> None:
    assert "Nobody has been named yet" in ward.say("settings")
    assert "Medical physics experts: U2" in ward.say("settings role_mpe <@U2>")
    assert ward.store.setting(T, "may_settings") == ["U1"]
    shown = ward.say("settings role_mpe <@U3>", BEN)
    assert "Only those named in the settings, and governance leads, may change them" in shown
    assert ward.store.setting(T, "role_mpe") == ["U2"]
    assert refusals(ward) == [("U2", "change settings")]


def test_a_governance_lead_may_change_settings(ward: Ward) -> None:
    ward.say("settings role_governance <@U2>")
    assert "Ping hour: 08:00" in ward.say("settings ping_hour 8", BEN)


def test_settings_that_cannot_be_are_refused_in_one_line(ward: Ward) -> None:
    for words, told in (
        ("nation france", "nation wants one of"),
        ("ping_hour 25", "time of day"),
        ("ping_days soon", "days before"),
        ("mpe_days 99", "from 0 to 14"),
        ("colour blue", "There is no such setting"),
        ("incidents_channel two words", "a channel is wanted"),
        ("incidents_channel #incidents", "a channel is wanted"),
        ("role_mpe @somebody", "people are wanted"),
        ("local_deadlines tomorrow", "a name and days"),
        ("role_mpe 999 000 0026", "was not kept"),
    ):
        shown = ward.say(f"settings {words}")
        assert told.lower() in shown.lower(), shown
        assert len(ward.cards) == 1
        assert "999" not in shown
    assert ward.store.settings(T) == {}


def test_only_the_owner_or_a_role_closes_until_somebody_is_named(ward: Ward) -> None:
    ref = ward.case()
    for words in (f"notified {ref} X", f"reported {ref}"):
        ward.say(words, BEN)
    assert "Only the case's owner or somebody with a role may close it" in ward.say(f"close {ref}", BEN)
    assert ward.store.case(T, ref).state == "reported"
    assert refusals(ward) == [("U2", "close it")]
    ward.say("settings role_governance <@U2>")
    assert "Closed" in ward.say(f"close {ref}", BEN)


def test_once_somebody_is_named_they_alone_close(ward: Ward) -> None:
    ref = ward.case()
    for words in (f"notified {ref} X", f"reported {ref}", "settings may_close <@U2>"):
        ward.say(words)
    assert "Only those named in the settings may close it: ask one of them." in ward.say(f"close {ref}")
    assert "Closed" in ward.say(f"close {ref}", BEN)


def test_the_day_of_discovery_is_not_corrected_by_just_anybody(ward: Ward) -> None:
    ref = ward.case()
    assert "may correct the day of discovery" in ward.say(f"discovered {ref} 2026-11-20 the log", BEN)


# Confirmation


def test_every_kept_verdict_is_provisional_listed_and_reminded_of(ward: Ward) -> None:
    ref = ward.case()
    number = ward.store.case(T, ref).records[0]
    shown = ward.say("cases unconfirmed")
    assert number in shown
    assert "Unconfirmed verdicts: 1" in shown


def test_without_roles_anybody_confirms_who_says_in_which_role(ward: Ward) -> None:
    number = ward.record(NOTIFY)
    assert "say in which role" in ward.say(f"confirm {number}").lower()
    assert f"Record {number} is confirmed by the RPS" in ward.say(f"confirm {number} as rps", BEN)
    (one,) = ward.store.record(T, number).confirmations
    assert (one.by.id, one.role, one.at) == ("U2", "rps", ward.now)
    assert "Unconfirmed verdicts: none" in ward.say("cases unconfirmed")


def test_with_roles_only_who_has_one_confirms_and_in_no_other(ward: Ward) -> None:
    number = ward.record(NOTIFY)
    ward.say("settings role_mpe <@U2>")
    assert "is confirmed by the RPS named in the settings" in ward.say(f"confirm {number} as rps")
    assert "confirmed by the MPE, the RPS or the governance lead named" in ward.say(f"confirm {number}")
    assert ward.store.record(T, number).status == "provisional"
    assert refusals(ward) == [("U1", "confirm"), ("U1", "confirm")]
    assert "by the MPE" in ward.say(f"confirm {number}", BEN)


def test_a_verdict_with_a_caution_is_confirmed_only_as_compared(ward: Ward) -> None:
    number = ward.record(CAUTIONED)
    assert "live table" in ward.say(f"confirm {number} as mpe")
    assert ward.store.record(T, number).status == "provisional"
    assert "compared with the live table" in ward.say(f"confirm {number} as mpe compared with the live table")
    assert ward.store.record(T, number).compared


def test_confirming_twice_is_told(ward: Ward) -> None:
    number = ward.record(NOTIFY)
    ward.say(f"confirm {number} as mpe")
    assert "confirm" in ward.say(f"confirm {number} as mpe").lower()
    assert len(ward.store.record(T, number).confirmations) == 1


def confirmation(ward: Ward, number: str) -> str:
    (state,) = [d.state for d in ward.store.deadlines(T, subject=number, state="") if d.kind == "confirm"]
    return state


def test_the_reminder_to_confirm_is_the_records_and_ends_with_its_confirmation_at_once(ward: Ward) -> None:
    number, ref = kept_with_case(ward)
    assert confirmation(ward, number) == "open"
    assert f"Confirm the verdict, {number}: by Tue 1 December 2026" in ward.say(f"case {ref}")
    before = len(ward.store.audit(T))
    ward.say(f"confirm {ref} as mpe", BEN)
    assert confirmation(ward, number) == "met"
    # One transaction: nothing of the bot's own comes between, and no second write follows.
    written = [entry.what for entry in ward.store.audit(T, after=before)]
    assert written == ["record confirmed", "deadline met"]
    assert len({entry.at for entry in ward.store.audit(T, after=before)}) == 1
    assert "Confirm the verdict" not in ward.say(f"case {ref}")


def test_a_case_decided_anew_is_to_be_confirmed_anew(ward: Ward) -> None:
    number, ref = kept_with_case(ward)
    ward.say(f"confirm {number} as mpe", BEN)
    ward.later(days=3)
    ward.say(f"redecide {ref} total dose 50 mSv")
    for words in ("yes", "the physicist's estimate"):
        ward.tell(words)
    assert confirmation(ward, number) == "open"
    assert f"Confirm the verdict, {number}: by Fri 4 December 2026" in ward.say(f"case {ref}")
    ward.say(f"confirm {number} as mpe", BEN)
    assert confirmation(ward, number) == "met"


def kept_with_case(ward: Ward) -> tuple[str, str]:
    ward.say("settings nation England")
    ward.say("check")
    for words in ("CT", "2", "40 mSv", "yesterday", "none", "yes"):
        ward.tell(words)
    (case,) = ward.store.cases(T)
    return case.records[0], case.ref


# Not notifiable is a result too


def test_what_is_not_notifiable_waits_for_analysis_and_learning(ward: Ward) -> None:
    number = keep(ward)
    assert {d.kind for d in ward.store.deadlines(T, subject=number)} == {"confirm", "learning"}
    assert "the learning is still to come" in ward.say(f"analysis {number} the list was read wrongly")
    ward.say(f"learning {number} two people read the list, told at the meeting")
    assert {d.kind for d in ward.store.deadlines(T, subject=number)} == {"confirm"}
    assert [n.kind for n in ward.store.notes(T, number)] == ["analysis", "learning"]


def keep(ward: Ward) -> str:
    from bot.core.cases.opening import keep_plans
    from bot.core.messages import Command, Place, Request
    from bot.core.turn import Defaults, Turn

    number = ward.record(NOT)
    turn = Turn(ward.store, Request(T, ANA, Place("c1"), ward.now, Command("")), ward.face, Defaults())
    ward.store.set_deadlines(T, number, keep_plans(turn, "do_not_notify"), by=turn.person, now=ward.now)
    return number
