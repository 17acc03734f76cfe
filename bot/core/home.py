"""What somebody sees who opens the bot: what waits for them, and how to begin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.core.actions.lists import next_words
from bot.core.cards import Block, Button, Card, Text, Weight
from bot.core.turn import Turn
from bot.core.words.phrases import EMPLOYER_DECIDES, moment
from storage.model import ACTIVE


def home_card(turn: Turn) -> Card:
    blocks: list[Block] = []
    draft = turn.drafts.load()
    if draft is not None:
        if not turn.face.buttons:
            # A new session: what is typed next is no answer to a question that nobody sees any more.
            turn.save(draft.with_(paused=True))
        since = moment(datetime.fromisoformat(draft.started))
        blocks.append(
            Text(
                f"A check from {since} is unfinished: type {turn.command('check')} to go on.",
                Weight.STRONG,
            )
        )
    blocks += waiting(turn)
    if not turn.face.buttons:
        blocks.append(
            Text(f"Type check, threshold, cases, due, help or quit. {EMPLOYER_DECIDES}", Weight.SUBTLE)
        )
    else:
        blocks.append(Text(EMPLOYER_DECIDES, Weight.SUBTLE))
    card = Card("Is a radiation incident notifiable under IR(ME)R?", tuple(blocks))
    if not turn.face.buttons:
        return card
    return card.with_buttons(Button("Check an incident", "check.start", style="primary"), *_cases(turn))


def _cases(turn: Turn) -> Iterator[Button]:
    """What is due, and the person's own cases, where there are any."""
    if turn.store.deadlines(turn.tenant, limit=1):
        yield Button("What is due", "case.due")
    for case in turn.store.cases(turn.tenant, states=ACTIVE, owner=turn.request.user.id, limit=5):
        yield Button(case.ref, "case.show", case.ref)


def waiting(turn: Turn) -> list[Block]:
    """The person's open cases, and what falls due next; nothing where there is none."""
    return [Text(line, Weight.STRONG) for line in next_words(turn)]
