"""What an answer costs: its facts are parsed once and decided once, whatever is shown after it."""

from bot.terminal.chat import FACE
from tools.house import answer_cost


def test_a_plain_answer_is_parsed_once_and_decided_once():
    cost = answer_cost(FACE)
    assert (cost.parses, cost.decisions) == (1, 1)


def test_the_dearest_answer_enters_no_more_files_than_it_does_today():
    # 28 of them are the rules', of which the verdict with its reasons needs each;
    # 3 are the verdict's card: what is next, what it rests on, and why;
    # 8 look whether it names anybody, 1 whether it names another incident.
    assert answer_cost(FACE).files <= 75
