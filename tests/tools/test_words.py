"""The listing of what the bot can say: nothing that people read is left out of it."""

import ast

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
