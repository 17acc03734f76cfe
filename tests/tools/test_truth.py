"""`make truth` keeps what was played, and goes on from where it was cut."""

from __future__ import annotations

from collections import Counter

from tools.truth.batches import WAYS, Batch, Came, batches
from tools.truth.kept import Kept

FIRST, SECOND = batches(4000, 0)[:2]


def test_every_play_is_in_one_batch_and_all_ways_are_among_the_first():
    wanted = batches(50_000, 7)
    each = Counter((batch.way, number) for batch in wanted for number in batch.numbers)
    assert {*each.values()} == {1}
    assert sum(each.values()) == 50_000 + 4  # as many of each face
    assert [batch.way for batch in wanted[: len(WAYS)]] == [*WAYS]
    assert min(number for _, number in each) == 7


def test_a_run_that_was_cut_goes_on_from_there(tmp_path):
    path = tmp_path / "kept.jsonl"
    Kept(path, "c1", 4000, 0).add(FIRST, Came(Counter(plays=50), ["words, play 3: it never ends"], 2.5))
    with path.open("a") as file:
        file.write('{"batch": ["terminal", 5')  # the machine went down
    again = Kept(path, "c1", 4000, 0)
    assert again.played == {FIRST: Came(Counter(plays=50), ["words, play 3: it never ends"], 2.5)}
    again.add(SECOND, Came(Counter(plays=20)))
    assert [*Kept(path, "c1", 4000, 0).played] == [FIRST, SECOND]


def test_what_was_played_of_other_code_or_of_other_plays_is_not_counted(tmp_path):
    path = tmp_path / "kept.jsonl"
    for code, plays, start in (("c2", 4000, 0), ("c1", 400, 0), ("c1", 4000, 1)):
        Kept(path, "c1", 4000, 0).add(Batch("words", 0, 50), Came())
        assert Kept(path, code, plays, start).played == {}
