"""What is said of organisations: where a place leads to none, and which one a chat is about."""

from __future__ import annotations

from bot.core.cards import Card, Text, Weight
from bot.core.turn import Turn

NOWHERE = "This place leads to no organisation yet: nothing is kept here, and nothing can be looked up"
UNSURE = (
    "Which organisation this is of cannot be found out just now, so nothing is shown: try again in a minute"
)
NOT_KEPT = "Nothing of this is kept: there is no record, no case and no reminder. Write it down yourself."


def how_to_link(turn: Turn) -> str:
    link = f"{turn.command('link')} and the code here"
    if turn.request.place.personal:
        link += ", or after the bot's mention in a channel of your team"
    elif not turn.face.private_answers:  # then this is not read where it was asked
        link = "link and the code after the bot's mention, where you asked this"
    return (
        "Whoever changes settings in your organisation types link where the bot knows it, and gets a code: "
        f"type {link}, and everything works as it does there."
    )


def not_kept(turn: Turn, card: Card) -> Card:
    """A verdict, with what has to be known where nothing is kept."""
    return card.headed(Text(NOT_KEPT, Weight.WARNING), Text(how_to_link(turn), Weight.SUBTLE))
