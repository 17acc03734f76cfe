"""Who may do what: administrators, roles, two people, refusals in plain words and in the trail."""

from pathlib import Path

from bot.core.bot import Bot
from bot.core.messages import User
from storage.model import MACHINE, Person
from tests.core.cases.ward import ANA, BEN, CAUTIONED, NOT, NOTIFY, T, Ward
from tests.processes import irmer_here


def refusals(ward: Ward) -> list[tuple[str, str]]:
    return [(e.by.id, str(e.detail["what"])) for e in ward.store.audit(T) if e.what == "refused"]


def test_nobody_administers_by_being_first(ward: Ward) -> None:
    shown = ward.say("settings role_mpe <@U2>", BEN)
    assert "Settings are changed by an administrator, as IRMER_ADMIN or irmer admin names them" in shown
    assert ward.store.settings(T) == {}
    assert refusals(ward) == [("U2", "change settings")]
    assert "Medical physics experts: U2" in ward.say("settings role_mpe <@U2>")
    assert "may_settings" not in ward.store.settings(T)


def test_where_nobody_is_named_the_platforms_own_administrators_are(ward: Ward) -> None:
    ward.bot = Bot(ward.store)
    assert "irmer admin add typed:U2, on the machine" in ward.say("settings ping_hour 8", BEN)
    assert "Ping hour: 08:00" in ward.say("settings ping_hour 8", User("U2", "Physicist B", "admin"))


def test_a_typing_error_locks_nobody_out(ward: Ward, tmp_path: Path) -> None:
    """Neither one in the settings, nor one in who administers: who is named and nobody does not count."""
    ward.say("settings may_settings <@U2>")
    assert "Ping hour: 08:00" in ward.say("settings ping_hour 8", ANA)
    ward.bot = Bot(ward.store, admins=("typed:U5NOBODY",))
    assert "Ping hour: 07:00" in ward.say("settings ping_hour 7", User("U4", "Owner D", "admin"))
    ward.bot = Bot(ward.store, admins=("typed:U7",))
    owner = User("U4", "Owner D", "admin")
    assert "changed by an administrator" in ward.say("settings ping_hour 6", owner)
    file = str(tmp_path / "irmer.sqlite")
    status, out, _ = irmer_here("admin", "add", "slack:U04444", "--database", file)
    assert (status, "slack:U04444  named by irmer admin" in out) == (0, True)
    ward.store.set_setting(MACHINE, "administrators", ["typed:U4"], by=Person("os:root"), now=ward.now)
    assert "Ping hour: 06:00" in ward.say("settings ping_hour 6", owner)


def test_a_governance_lead_may_change_settings(ward: Ward) -> None:
    ward.say("settings role_governance <@U2>")
    assert "Ping hour: 08:00" in ward.say("settings ping_hour 8", BEN)


def test_a_role_is_held_by_people_who_exist(ward: Ward) -> None:
    for words, told in (
        ("role_mpe bob", "Who bob is cannot be found out: mention them, or pick them in the form"),
        ("role_mpe <@U5NOBODY>", "U5NOBODY is nobody that is known here"),
        ("role_mpe <@U5GUEST>", "U5GUEST is a guest account"),
        ("role_mpe <@U5OTHER>", "U5OTHER is of another organisation"),
        ("role_mpe <@U5GONE>", "U5GONE is deactivated"),
        ("role_mpe <@U5BOT>", "U5BOT is a bot"),
        ("role_mpe <#C0INC|incidents>", "Only people can hold a role, and <#C0INC|incidents> is a channel"),
        ("role_mpe me, <@U1>", "Radiographer A is named twice: name everybody once"),
        ("role_mpe <@U2>, <@U5GUEST>", "U5GUEST is a guest account"),
        ("may_export os:nobody-of-that-name", "os:nobody-of-that-name is nobody that is known here"),
    ):
        assert told in ward.say(f"settings {words}"), words
        assert len(ward.cards) == 1
    assert ward.store.settings(T) == {}
    ward.say("settings role_mpe me")
    assert "Medical physics experts: Radiographer A already, and nothing is changed" in ward.say(
        "settings role_mpe me"
    )


def test_a_case_is_owned_by_somebody_who_exists(ward: Ward) -> None:
    ref = ward.case()
    assert "Who bob is cannot be found out" in ward.say(f"assign {ref} bob")
    assert "U5GONE is deactivated" in ward.say(f"assign {ref} <@U5GONE>")
    assert ward.store.case(T, ref).owner == Person("U1", "Radiographer A")
    assert "It is theirs now" in ward.say(f"assign {ref} <@U7>")


def test_words_that_hold_a_role_and_are_nobody_are_named_and_count_for_nothing(ward: Ward) -> None:
    """As a release before this one kept them."""
    ward.name_roles(mpe="U5NOBODY", governance="U5GONE")
    shown = ward.say("settings")
    assert "Role_mpe names U5NOBODY, who is nobody that is known here: name somebody else." in shown
    assert "Role_governance names U5GONE, who is deactivated: name somebody else." in shown
    assert "until then nobody confirms" in ward.say(f"confirm {ward.record(NOTIFY)}", BEN)


def test_settings_that_cannot_be_are_refused_in_one_line(ward: Ward) -> None:
    for words, told in (
        ("nation france", "nation wants one of"),
        ("ping_hour 25", "time of day"),
        ("ping_days soon", "days before"),
        ("mpe_days 99", "from 0 to 14"),
        ("colour blue", "There is no such setting"),
        ("incidents_channel two words", "name a channel"),
        ("incidents_channel #incidents", "name a channel"),
        ("role_mpe @somebody", "name people"),
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


def test_until_roles_are_named_nobody_confirms_and_the_bot_says_what_to_do(ward: Ward) -> None:
    number = ward.record(NOTIFY)
    shown = ward.say(f"confirm {number} as mpe", BEN)
    assert "Nobody is named as MPE, RPS or governance lead yet, and until then nobody confirms" in shown
    assert "settings role_mpe <person> names one, by an administrator" in shown
    assert ward.store.record(T, number).status == "provisional"
    assert refusals(ward) == [("U2", "confirm")]
    ward.say("settings role_rps <@U2>")
    assert f"Record {number} is confirmed by the RPS" in ward.say(f"confirm {number}", BEN)
    (one,) = ward.store.record(T, number).confirmations
    assert (one.by.id, one.role, one.at, one.same_person) == ("U2", "rps", ward.now, False)
    assert "Unconfirmed verdicts: none" in ward.say("cases unconfirmed")


def test_who_kept_a_verdict_or_changed_it_since_does_not_confirm_it(ward: Ward) -> None:
    ward.name_roles(mpe="U1", rps="U2")
    number = ward.record(NOTIFY)
    assert "it: ask another of those whom the settings name in a role." in ward.say(f"confirm {number}", ANA)
    ward.store.remember_person(T, ward.face.name, BEN.id, "member", BEN.name, now=ward.now)
    shown = ward.say(f"confirm {number}", ANA)
    asked = f"You kept or changed {number}, and a second person with a role confirms it: ask {BEN.name}."
    assert asked in shown
    kept = ward.store.record(T, number)
    ward.store.correct(
        T, number, kept.assessment, why="the dose", expected=1, by=Person("U2", "Physicist B"), now=ward.now
    )
    shown = ward.say(f"confirm {number}", BEN)
    assert "name a second person in a role, or, in a small department, settings confirm_own yes" in shown
    assert ward.store.record(T, number).status == "provisional"
    ward.name_roles(governance="U4")
    assert "by the governance lead" in ward.say(f"confirm {number}", User("U4", "Lead D", "member"))


def test_in_a_small_department_the_same_person_may_and_record_and_export_say_so(ward: Ward) -> None:
    ward.name_roles(mpe="U1")
    ward.say("settings confirm_own yes")
    number = ward.record(NOTIFY)
    assert "By the same person who kept or changed it, as the settings allow." in ward.say(
        f"confirm {number}"
    )
    assert "as MPE, the same person who had kept or changed it" in ward.say(f"case {number}", BEN)
    with ward.store.export(T, by=Person("os:root"), now=ward.now) as rows:
        assert [row["same_person"] for row in rows if row["table"] == "confirmation"] == [1]
    ward.name_roles(mpe="U2")  # a second person may add to it
    assert "is confirmed by the MPE." in ward.say(f"confirm {number}", BEN)
    assert [one.same_person for one in ward.store.record(T, number).confirmations] == [True, False]


def test_one_stranger_alone_stands_no_case_down(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case()
    stranger = User("U4", "Radiographer D", "member")
    ward.say(f"take over {ref}", stranger)
    ward.say(f"redecide {ref} total dose 4 mSv, intended dose 3 mSv, it was unintended", stranger)
    for words in ("yes", "yes", "a new estimate", "done"):
        ward.tell(words, stranger)
    number = ward.store.case(T, ref).records[-1]
    assert "is confirmed by the MPE, the RPS or the governance lead" in ward.say(
        f"confirm {number}", stranger
    )
    assert "settings are changed by" in ward.say("settings role_mpe me", stranger).lower()
    shown = ward.say(f"stand down {ref} it was nothing", stranger)
    assert "only a verdict that rules notifying out" in shown or "is provisional" in shown
    assert ward.store.case(T, ref).state == "opened"


def test_standing_down_wants_a_verdict_confirmed_by_a_second_person_with_the_role(ward: Ward) -> None:
    """What a release confirmed that asked nobody's role stays confirmed, and stands nothing down."""
    ref = ward.case()
    number = ward.store.case(T, ref).records[0]
    kept = ward.store.record(T, number)
    low = ward.store.record(T, ward.record(NOT)).assessment
    ward.store.correct(T, number, low, why="the dose", expected=1, by=kept.by, now=ward.now)
    ward.store.confirm(T, number, revision=2, role="mpe", by=kept.by, now=ward.now)
    assert ward.store.record(T, number).status == "confirmed"
    assert "confirms it again first" in ward.say(f"stand down {ref} it was low")
    ward.name_roles()
    ward.say(f"confirm {number}", BEN)
    assert "Stood down" in ward.say(f"stand down {ref} it was low")


def test_with_roles_only_who_has_one_confirms_and_in_no_other(ward: Ward) -> None:
    number = ward.record(NOTIFY)
    ward.say("settings role_mpe <@U2>")
    assert "is confirmed by the RPS named in the settings" in ward.say(f"confirm {number} as rps")
    assert "confirmed by the MPE, the RPS or the governance lead named" in ward.say(f"confirm {number}")
    assert ward.store.record(T, number).status == "provisional"
    assert refusals(ward) == [("U1", "confirm"), ("U1", "confirm")]
    assert "by the MPE" in ward.say(f"confirm {number}", BEN)


def test_a_verdict_with_a_caution_is_confirmed_only_as_compared(ward: Ward) -> None:
    ward.name_roles()
    number = ward.record(CAUTIONED)
    assert "live table" in ward.say(f"confirm {number} as mpe", BEN)
    assert ward.store.record(T, number).status == "provisional"
    shown = ward.say(f"confirm {number} as mpe compared with the live table", BEN)
    assert "compared with the live table" in shown
    assert ward.store.record(T, number).compared


def test_confirming_twice_is_told(ward: Ward) -> None:
    ward.name_roles()
    number = ward.record(NOTIFY)
    ward.say(f"confirm {number} as mpe", BEN)
    assert "was confirmed already, by Physicist B" in ward.say(f"confirm {number} as mpe", BEN)
    assert len(ward.store.record(T, number).confirmations) == 1


def confirmation(ward: Ward, number: str) -> str:
    (state,) = [d.state for d in ward.store.deadlines(T, subject=number, state="") if d.kind == "confirm"]
    return state


def test_the_reminder_to_confirm_is_the_records_and_ends_with_its_confirmation_at_once(ward: Ward) -> None:
    ward.name_roles()
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
    ward.name_roles()
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
