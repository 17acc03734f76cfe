"""An instruction is carried out, and answered: what was done, the case as it stands now, or what is wrong in
one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.core import patient_numbers
from bot.core.actions.act import About, Act, Instruction, Outcome
from bot.core.actions.case_card import case_card, view
from bot.core.actions.record_card import record_card
from bot.core.actions.reminder_card import answered_card
from bot.core.actions.table import BY_NAME
from bot.core.cards import Card, Input, InputKind, Pairs, Severity, Text, Weight
from bot.core.messages import Done, Open, Pressed, Replace, Reply, Show, Submitted
from bot.core.refused import Refused
from bot.core.register.alike_words import alike_to_record
from bot.core.reminders.placing import subject_here
from bot.core.settings import confirming, permissions
from bot.core.settings.chosen import Chosen
from bot.core.settings.permissions import May
from bot.core.turn import Turn
from bot.core.words.case_words import who
from bot.core.words.phrases import sentence
from bot.core.words.references import REF, THEME
from storage.case_rows import DID, STATE_WORDS
from storage.case_states import STEPS
from storage.errors import Conflict, Duplicate, NotFound, OutOfOrder
from storage.model import Case


def carry_out(turn: Turn, asked: Instruction) -> list[Reply]:
    """Raises Refused and storage.errors; nothing was done then."""
    asked = meant(turn, asked)
    act = BY_NAME[asked.act]
    for name, text in asked.given.items():
        if patient_numbers.holds_number(text):
            raise Refused(patient_numbers.NOT_KEPT, about=name)
    _allowed(turn, act, asked)
    outcome = act.run(turn, asked)
    if act.reads:
        permissions.note_reading(turn, asked.subject)
    return list(_shown(turn, asked, outcome))


def open_form(turn: Turn, asked: Instruction) -> list[Reply]:
    """The act's form, on the case as it is now; without one it is carried out. What the case is past, and
    what the person may not, is said before anything is typed."""
    asked = meant(turn, asked)
    act = BY_NAME[asked.act]
    if act.form is None:
        return carry_out(turn, asked)
    permissions.require_read(turn, asked.subject, act.name.replace("_", " "))
    if act.about is About.CASE:
        case = turn.store.case(turn.tenant, asked.subject)
        _in_order(act, case)
        asked = replace(asked, version=str(case.version))
    _allowed(turn, act, asked)
    return [Open(act.form(turn, asked))]


def form_again(turn: Turn, asked: Instruction, refused: Refused) -> list[Reply]:
    """The form once more as it was filled in, on the case as it was seen, with what is wrong beside the input
    that it is about. Raises storage.errors."""
    act = BY_NAME[asked.act]
    assert act.form is not None
    form = act.form(turn, asked)
    at = refused.about if refused.about in asked.given else next(iter(asked.given), "")
    typed = patient_numbers.without_numbers(asked.given)
    blocks = tuple(
        replace(block, value=typed.get(block.name, ""), error=str(refused) if block.name == at else "")
        if isinstance(block, Input) else block
        for block in form.blocks
    )  # fmt: skip
    return [Open(replace(form, key=asked.key, blocks=blocks))]


def meant(turn: Turn, asked: Instruction) -> Instruction:
    """Raises Refused where the act is for a case and a record is named, say."""
    act = BY_NAME[asked.act]
    if THEME.fullmatch(asked.subject):
        if not act.of_theme:
            _wrong_kind(turn, act, asked.subject, "a theme", "name a case or a record")
        return replace(asked, act=act.of_theme)
    of_case = bool(REF.fullmatch(asked.subject))
    if act.about is About.THEME:
        what = "a case" if of_case else "a record"
        _wrong_kind(turn, act, asked.subject, what, "name the theme")
    if act.about is About.CASE and not of_case:
        _wrong_kind(turn, act, asked.subject, "a record", "name the case")
    if act.about is About.RECORD and of_case:
        _wrong_kind(turn, act, asked.subject, "a case", "name the record")
    return act.meant(turn, asked)


def _wrong_kind(turn: Turn, act: Act, subject: str, what: str, wanted: str) -> None:
    shows = turn.command(f"case {subject}")
    raise Refused(
        f"{subject} is {what}: {wanted}, such as {turn.command(act.example)}. {shows} shows which it has"
    )


def _allowed(turn: Turn, act: Act, asked: Instruction) -> None:
    """Raises NotAllowed. Whoever may do anything with it may read it first."""
    permissions.require_read(turn, asked.subject, act.name.replace("_", " "))
    if act.may is May.CONFIRM:
        confirming.role_for(turn, asked["role"], asked.subject)
    if act.may is May.REDACT:
        permissions.require_governance(turn, "take a text out", asked.subject)
    if act.may is May.CLOSE:
        permissions.require_close(turn, turn.store.case(turn.tenant, asked.subject), act.doing)


def _in_order(act: Act, case: Case) -> None:
    """Raises OutOfOrder, saying who did what, where the case has gone past the step."""
    if act.steps and not any(case.state in STEPS[step][0] for step in act.steps):
        did = f"{who(case.last.by)} {DID[case.last.kind]}"
        raise OutOfOrder(f"{case.ref} is {STATE_WORDS[case.state]} ({did})")


def _shown(turn: Turn, asked: Instruction, outcome: Outcome) -> Iterator[Reply]:
    """What was sent off closes its form; a button on the case's own card makes it the case as it is now."""
    yield from outcome.replies
    if turn.face.dialogs and isinstance(turn.request.what, Submitted):
        yield Done()
    if outcome.record is not None:
        yield turn.show(record_card(turn, outcome.record))
    elif ping := _answered_ping(turn, asked, outcome):
        yield ping
    elif outcome.case is not None and _says_enough(turn, asked, outcome):
        said = turn.show(Card(sentence(outcome.said)))
        assert isinstance(said, Show)
        yield replace(said, leads_to=outcome.case.ref)
    elif outcome.case is not None:
        card = card_of(turn, outcome.case, said=sentence(outcome.said), whole=outcome.whole)
        on_its_card = asked.subject == outcome.case.ref and not asked.deadline and not outcome.whole
        pressed = isinstance(turn.request.what, Pressed)
        yield Replace(card) if pressed and on_its_card else turn.show(card)
    elif outcome.said:
        yield from turn.say(sentence(outcome.said))


def _answered_ping(turn: Turn, asked: Instruction, outcome: Outcome) -> Reply | None:
    """A reminder whose own button was pressed says what came of it, and loses the buttons of what is over."""
    what = turn.request.what
    if not (isinstance(what, Pressed) and asked.deadline and what.message and outcome.said):
        return None
    body = {"rule": asked.deadline, "message": what.message}
    chosen = Chosen(turn.settings)
    card = answered_card(turn.store, turn.tenant, asked.subject, body, turn.today, turn.face, chosen)
    return Replace(card.headed(Text(sentence(outcome.said), Weight.STRONG)))


def _says_enough(turn: Turn, asked: Instruction, outcome: Outcome) -> bool:
    """Is one line the whole answer? In a case's thread its card stands above, brought up to date; another one
    there would age."""
    here = outcome.case is not None and subject_here(turn) == outcome.case.ref
    pressed_card = isinstance(turn.request.what, Pressed) and not asked.deadline
    return here and bool(outcome.said) and not outcome.whole and not pressed_card


def card_of(turn: Turn, case: Case, *, said: str = "", whole: bool = False) -> Card:
    seen = view(turn.store, case, turn.today, turn.face)
    card = case_card(seen, whole=whole)
    if whole:
        alike = (text for one in seen.records for text in alike_to_record(turn, one).texts)
        card = card.with_blocks(*dict.fromkeys(alike))
    return replace(card, blocks=(Text(said, Weight.STRONG), *card.blocks)) if said else card


def answered(
    turn: Turn, subject: str, work: Callable[[], list[Reply]], asked: Instruction | None = None
) -> list[Reply]:
    """The replies; or what was wrong in one line, with the case as the other person left it, and with what
    was written into the dialog of `asked`, which is gone."""
    sent_off = turn.face.dialogs and isinstance(turn.request.what, Submitted)
    close: list[Reply] = [Done()] if sent_off else []
    try:
        return work()
    except Refused as refused:
        return [*close, turn.refuse(sentence(str(refused)), Severity.WAITING, private=True)]
    except (Conflict, OutOfOrder, Duplicate) as error:
        problem = turn.refuse(sentence(str(error)), private=True)
        other = error.result if isinstance(error, Duplicate) else ""
        ref = other if REF.fullmatch(other) else subject
        try:
            now = turn.store.case(turn.tenant, ref) if REF.fullmatch(ref) else None
        except NotFound:
            now = None
        if asked is not None and sent_off:
            close += [problem, *_written(turn, asked)]
        else:
            close.append(problem)
        return close if now is None else [*close, turn.show(card_of(turn, now), private=True)]


def _written(turn: Turn, asked: Instruction) -> Iterator[Reply]:
    act, typed = BY_NAME[asked.act], patient_numbers.without_numbers(asked.given)
    kinds = (InputKind.TEXT, InputKind.LINES)
    try:
        inputs = act.form(turn, asked).inputs if act.form else ()
    except (Refused, Conflict, OutOfOrder, NotFound):  # what it was about is over
        return
    pairs = tuple((one.label, typed[one.name]) for one in inputs if one.kind in kinds and typed.get(one.name))
    if pairs:
        yield turn.show(Card("What you had written", (Pairs(pairs),)), private=True)
