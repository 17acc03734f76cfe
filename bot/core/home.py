"""What somebody sees who opens the bot: what waits for them, and how to begin."""

from __future__ import annotations

from bot.core.actions.lists import home_buttons, next_words
from bot.core.cards import Block, Button, Card, Text, Weight
from bot.core.help import TITLE
from bot.core.turn import Turn
from bot.core.word_table import WORDS
from bot.core.words.draft_words import called
from bot.core.words.outcomes import EMPLOYER_DECIDES
from bot.core.words.phrases import listed, sentence


def home_card(turn: Turn) -> Card:
    blocks: list[Block] = []
    draft = turn.drafts.standing()
    if draft is not None and not turn.face.buttons:
        # A new session: what is typed next is no answer to a question that nobody sees any more.
        turn.save(draft.with_(paused=True))
    for left in turn.drafts.all():
        if left.holds or (draft and left.id == draft.id):
            wanted = f"type {turn.command('check')} to go on"
            blocks.append(Text(sentence(f"{called(left)}, is unfinished: {wanted}"), Weight.STRONG))
    blocks += waiting(turn)
    if not turn.face.buttons:
        blocks.append(
            Text(f"Type {listed([word.verb for word in WORDS], 'or')}. {EMPLOYER_DECIDES}", Weight.SUBTLE)
        )
    else:
        blocks.append(Text(EMPLOYER_DECIDES, Weight.SUBTLE))
    card = Card(TITLE, tuple(blocks))
    if not turn.face.buttons:
        return card
    return card.with_buttons(Button("Check an incident", "check.start", style="primary"), *home_buttons(turn))


def waiting(turn: Turn) -> list[Block]:
    """The person's open cases, and what falls due next; nothing where there is none."""
    return [Text(line, Weight.STRONG) for line in next_words(turn)]
