"""What an answer costs: its facts are parsed once and decided once, whatever is shown after it."""

from bot.terminal.chat import FACE
from tools.answer_cost import answer_cost


def test_a_plain_answer_is_parsed_once_and_decided_once():
    cost = answer_cost(FACE)
    assert (cost.parses, cost.decisions) == (1, 1)


def test_the_dearest_answer_enters_no_more_files_than_it_does_today():
    # The one that brings the verdict. 28 are the rules', of which a verdict with its reasons needs each;
    # 12 are the store's, for a draft and who may read; 13 the check's; 14 lie on the way there and back;
    # 3 look whether it names anybody, 5 whether another like it is kept, and 4 are words.
    assert answer_cost(FACE).files <= 79
