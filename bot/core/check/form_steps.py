"""The steps of a check as a form: what it asks for next, or the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.cards import Block, Card, Heading, Text, Weight
from bot.core.check.agreement import agreement, agreement_form
from bot.core.check.check import Check
from bot.core.check.form import BASICS, check_form, to_show, verdict_form
from bot.core.check.of_its_case import case_of, held_to_case
from bot.core.check.said_against import exposure_anew
from bot.core.check.verdict_stage import at_verdict, verdict, verdict_not_kept
from bot.core.messages import Done, Open, Replace, Reply
from bot.core.turn import Turn
from rules.facts import FACTS


def show_form(
    turn: Turn,
    check: Check,
    notes: Sequence[str] = (),
    *,
    warnings: tuple[str, ...] = (),
    held: Card | None = None,
) -> list[Reply]:
    """The next step of the form, or the verdict where nothing is left to ask. `held` is what the check held
    when it was taken up again."""
    head: tuple[Block, ...] = (Heading(held.title), *held.blocks) if held else ()
    if (anew := exposure_anew(check)) is not check:
        again = anew.with_(asking=())
        return show_fields(turn, again, ["exposure"], notes=notes, warnings=warnings, head=head)
    names = to_show(check, live=turn.face.live_inputs)
    if not names:
        head = (*head, *(Text(note, Weight.SUBTLE) for note in notes))
        show = _show_agreement if check.to_agree else _show_verdict
        return show(turn, check, (*(Text(warning, Weight.WARNING) for warning in warnings), *head))
    return show_fields(turn, check, names, notes=notes, warnings=warnings, head=head)


def show_fields(
    turn: Turn,
    check: Check,
    names: Sequence[str],
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
    head: tuple[Block, ...] = (),
    mark: int | None = None,
) -> list[Reply]:
    """`mark` is that of the check as the form's author has seen it; the newest, unless it is given."""
    check = check.with_(stage="asking").kept(turn)
    form = check_form(
        check, names, typed=typed, errors=errors, notes=notes, warnings=warnings, head=head, mark=mark,
        ways=turn.face.forms_in_messages,
    )  # fmt: skip
    return [Open(form)]


def _show_verdict(turn: Turn, check: Check, head: tuple[Block, ...]) -> list[Reply]:
    if turn.unlinked:
        card = verdict_not_kept(turn, check).headed(*head)
        return [Done(), turn.show(card, private=True)] if turn.face.dialogs else [Replace(card)]
    check, stays = held_to_case(turn, check, case_of(turn, check.draft))
    check = _seen_alone(turn, at_verdict(turn, check))
    card = verdict(turn, check, problem=stays).headed(*head)
    return [Open(verdict_form(check.draft, card))] if turn.face.dialogs else [Replace(card)]


def _show_agreement(turn: Turn, check: Check, head: tuple[Block, ...]) -> list[Reply]:
    check = _seen_alone(turn, check.with_(stage="agreeing", standing=()).kept(turn))
    if turn.face.dialogs:
        form = agreement_form(check)
        return [Open(replace(form, blocks=(*head, *form.blocks)))]
    return [Replace(agreement(turn, check).headed(*head))]


def _seen_alone(turn: Turn, check: Check) -> Check:
    """What stands in a dialog is seen by one person, and answered there: a "yes" that somebody types is of
    what stands in the conversation."""
    by_words = turn.face.dialogs and check.draft.typed
    return check.with_(stage="asking").kept(turn) if by_words else check


def edit_form(turn: Turn, check: Check) -> list[Reply]:
    """Everything that is known or was said not to be, to be changed."""
    return show_fields(turn, check, to_change(check))


def to_change(check: Check) -> list[str]:
    known = [name for name in FACTS if name in check.draft.facts or name in check.draft.skipped]
    asked = ["age_years" if name == "age_group" else name for name in known]
    return [name for name in FACTS if name in {*asked, *BASICS, "equipment_in_clinical_use"}]
