"""What an answer costs: its facts are parsed once and decided once, whatever is shown after it."""

from bot.terminal.chat import FACE
from tools.answer_cost import answer_cost


def test_a_plain_answer_is_parsed_once_and_decided_once():
    cost = answer_cost(FACE)
    assert (cost.parses, cost.decisions) == (1, 1)


def test_the_dearest_answer_enters_no_more_files_than_it_does_today():
    # The one that brings the verdict: a third are the rules', of which a verdict with its reasons needs each;
    # then the check's, the store's for a draft and who may read, and those on the way there and back.
    assert answer_cost(FACE).files <= 83
