"""Two people at once, old buttons, one delivery twice: the second is told what the first did."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from bot.core.bot import Bot
from bot.core.messages import Command, Place, Pressed, Request, Show
from storage.case_states import ACTIVE
from storage.sqlite import open_store
from tests.core.cases.ward import ANA, BEN, BUTTONS, NOTIFY, TYPED, T, Ward


def test_the_second_to_press_is_told_what_the_first_did_and_sees_the_case_as_it_is(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.ask(Pressed("case.show", ref))
    seen = pressed.button("Begin investigation")
    pressed.ask(Pressed("case.take", f"{ref}:1"), BEN)
    pressed.ask(Pressed(seen.action, seen.value), ANA)
    assert f"{ref} has changed meanwhile: Physicist B gave it to another owner" in pressed.shown
    assert "Owner: Physicist B" in pressed.shown
    assert pressed.store.case(T, ref).state == "opened"


def test_an_old_button_on_a_closed_case_says_who_closed_it(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.ask(Pressed("case.show", ref))
    old = {label: pressed.button(label) for label in ("Notified", "Begin investigation", "Note")}
    for words in (f"notified {ref} X", f"reported {ref}", f"close {ref}"):
        pressed.say(words)
    for label in ("Notified", "Begin investigation"):
        pressed.ask(Pressed(old[label].action, old[label].value), BEN)
        assert "Radiographer A closed it" in pressed.shown
        assert f"{ref} Diagnostic, accidental exposure, 40 years: closed" in pressed.shown
    pressed.ask(Pressed(old["Note"].action, old["Note"].value), BEN)
    pressed.submit(BEN, note="found the paper form")
    assert [n.text for n in pressed.store.notes(T, ref)] == ["found the paper form"]


def test_a_form_sent_off_late_is_told_what_happened_meanwhile(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.ask(Pressed("case.show", ref))
    pressed.press("Notified")
    form = pressed.form
    pressed.say(f"notified {ref} CQC-1", BEN)
    pressed.form = form
    shown = pressed.submit(reference="CQC-2")
    assert "Physicist B notified the authority" in shown
    assert pressed.store.case(T, ref).authority_reference == "CQC-1"


def test_one_delivery_four_times_takes_one_step(pressed: Ward) -> None:
    ref = pressed.case()
    for _ in range(4):
        pressed.ask(Pressed("case.investigate", f"{ref}:1"), delivery="press-1")
        assert "under preliminary investigation" in pressed.shown
    assert pressed.store.case(T, ref).version == 2


def test_of_many_who_open_one_record_at_once_all_get_the_one_case(ward: Ward) -> None:
    number = ward.record(NOTIFY)

    def open_it(n: int) -> str:
        request = Request(T, ANA if n % 2 else BEN, Place("c1"), ward.now, Command(f"open {number}"), f"d{n}")
        replies = ward.bot.handle(request, TYPED)
        return " ".join(r.card.title for r in replies if isinstance(r, Show))

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(open_it, range(8)))
    assert len(ward.store.cases(T, states=ACTIVE)) == 1
    assert all("C26-0001" in one for one in told)


def test_buttons_that_nobody_made_are_answered_in_a_line(pressed: Ward) -> None:
    ref = pressed.case()
    for action, value in (
        ("case.nonsense", f"{ref}:1"),
        ("case.close", "x"),
        ("case.close", ""),
        ("case.done", f"{ref}:1:nothing"),
        ("case.snooze", f"{ref}:1"),
        ("case.show", "C26-9999"),
        ("case.take", "C26-9999:1"),
    ):
        pressed.ask(Pressed(action, value))
        assert len(pressed.cards) == 1, action
        assert pressed.cards[0].blocks == ()
    assert pressed.store.case(T, ref).version == 1


def test_another_tenants_button_finds_nothing(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.ask(Pressed("case.investigate", f"{ref}:1"), tenant="another")
    assert "There is no case" in pressed.shown
    assert pressed.store.case(T, ref).version == 1


def test_one_delivery_four_times_out_of_order_at_two_receivers_makes_one_case(
    ward: Ward, tmp_path: Path
) -> None:
    numbers = [ward.record(NOTIFY) for _ in range(10)]
    other = open_store(tmp_path / "irmer.sqlite")
    bots = [ward.bot, Bot(other)]
    wanted = [(number, n % 2) for number in numbers for n in range(4)]
    Random(3).shuffle(wanted)

    def receive(one: tuple[str, int]) -> None:
        number, receiver = one
        what = Pressed("case.open", number)
        request = Request(T, ANA, Place("c1"), ward.now, what, f"press:{number}")
        assert any(
            "C26-" in r.card.title for r in bots[receiver].handle(request, BUTTONS) if isinstance(r, Show)
        )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(receive, wanted))
    assert sorted(c.records for c in ward.store.cases(T)) == sorted((number,) for number in numbers)
    other.close()
