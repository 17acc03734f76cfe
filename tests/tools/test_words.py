"""The listing of what the bot can say: nothing that people read is left out of it."""

import ast
import re

from bot.core.actions.table import BY_WORD
from bot.core.word_table import WORD_OF
from tools.words.sentences import sentences, texts


def test_what_is_for_people_is_listed_and_what_is_not_is_left_out():
    code = '''
"""A docstring that stands here."""
log.warning("a line for the log %s", x)
PATTERN = re.compile("some words here")
def f(name: "an annotation of words") -> None:
    "Another docstring of words."
    say(f"Kept as {name}, {'with its case' if case else ''}.", "check.keep", "in two "
        "pieces")
'''
    assert sorted(texts(ast.parse(code))) == ["Kept as …, ….", "in two pieces", "with its case"]


def test_what_a_verdict_a_question_and_a_refusal_say_stand_in_it_in_order():
    listed = [text for text, _ in sentences()]
    for text in (
        "DO NOT NOTIFY — every criterion is ruled out",
        "Which of these apply?",
        "Notify …",
        "The employer, with its radiation protection adviser.",
        "As soon as possible, by … at the latest.",
        "this is the first question: there is nothing to go back to",
    ):
        assert text in listed
    assert len(listed) == len(set(listed))
    assert [text for text in listed if text.startswith(("As soon", "Which of"))] == sorted(
        text for text in listed if text.startswith(("As soon", "Which of"))
    )


# Words that are commands, and as often none.
_ALSO_ENGLISH = frozenset({"what", "hello", "hi", "done", "take", "open", "with", "theme"})
# What is said of another place than the one in which it is read.
_OF_ANY_PLACE = ("Whoever changes settings in your organisation types link", "Type link … to the bot there")


def test_what_can_be_typed_is_put_together_by_the_face() -> None:
    # A command that stands in a sentence of core's is typed so in one place, and not so in others.
    words = {one for one in (*WORD_OF, *BY_WORD, "edit") if one[0].isalpha()} - _ALSO_ENGLISH
    typed = "|".join(sorted(words, key=len, reverse=True))
    hint = re.compile(rf"\b(?:types?|says?|such as:?|try|as in)\s+(?:{typed})\b(?! and\b)")
    core = [text for text, where in sentences() if any(one.startswith("bot/core/") for one in where)]
    found = [text for text in core if hint.search(text)]
    assert [one for one in found if not one.startswith(_OF_ANY_PLACE)] == []
