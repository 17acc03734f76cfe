"""Plays every act with five kinds of people, and writes what came of it: the table of `docs/data.md`.

python -m tests.core.actions.who_may
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.core.actions.table import BY_NAME
from bot.core.cases.export import export
from bot.core.messages import Command, Home, Show, User
from bot.core.settings.permissions import NotAllowed
from bot.core.word_table import WORDS
from storage.model import Destination, Person
from tests.core.cases.ward import ANA, T, Ward
from tests.test_acts import PLAYS, Hospital

PAGE = Path(__file__).parents[3] / "docs" / "data.md"
BEGINS, ENDS = "<!-- who may: begins -->\n", "<!-- who may: ends -->\n"
HEAD = (
    "| What | staff with no part in it | the same, where `may_read` is *named* | a guest "
    "| of another organisation | its owner, deactivated | who is allowed |\n"
    "|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True)
class Kind:
    """Somebody who tries, and whether `may_read` is *named* meanwhile."""

    user: User
    named: bool = False


STAFF = User("U4", "Radiographer D", "member")
KINDS = (
    Kind(STAFF), Kind(STAFF, named=True), Kind(User("U5GUEST", "Guest", "guest")),
    Kind(User("U5OTHER", "Visitor", "outsider")), Kind(User(ANA.id, ANA.name, "gone")),
)  # fmt: skip
# In which of their parts Ana is allowed, who owns each case, has every role and administers.
WHO = {
    "close": "its owner", "stand_down": "its owner", "discovered": "its owner",
    "confirm": "the MPE, who did not keep it", "settings <name> <value>": "an administrator",
    "hand over": "whoever owns an open case", "redact": "a governance lead",
    "irmer export": "whom `may_export` names",
}  # fmt: skip
WORDS_TRIED = {
    "check": "check CT of the wrong patient", "settings": "settings", "hand over": "hand over to <@U2>",
}  # fmt: skip
BESIDE = ("settings <name> <value>", "irmer export")


def rows() -> tuple[str, ...]:
    """By name: the acts, the words that are about no one case, and what is neither."""
    return (*PLAYS, *(word.verb for word in WORDS if word.verb != "quit"), *BESIDE)


class Place:
    """A hospital in which everything can be tried: one for each kind, and each act on a case of its own."""

    def __init__(self, path: Path, *, named: bool) -> None:
        self.ward = Ward(path)
        self.hospital = Hospital(self.ward.store, T, ANA.id, "U2", Destination(self.ward.face.name, "c1"))
        self.set("may_export", ["os:auditor"])
        if named:
            self.set("may_read", [])

    def set(self, key: str, value: object) -> None:
        self.ward.store.set_setting(T, key, value, by=Person(ANA.id), now=self.ward.now)

    def tried(self, name: str, user: User) -> bool:
        """Was it done? What was refused has changed nothing."""
        if name == "irmer export":
            return self._exported(user)
        if name not in PLAYS:
            asked = {"settings <name> <value>": "settings ping_hour 8", **WORDS_TRIED}.get(name, name)
            return self._said(asked, user)
        play = PLAYS[name]
        subject = play.before(self.hospital)
        before = self.hospital.result(subject)
        words = play.words.format(n=subject[-4:], other="<@U2>")
        done = self._said(f"{BY_NAME[name].verb} {subject} {words}", user)
        assert done or self.hospital.result(subject) == before, name
        for draft in self.ward.store.drafts(T):
            self.ward.store.drop_draft(T, draft.key)
        return done

    def _said(self, words: str, user: User) -> bool:
        replies = self.ward.ask(Command(words), user)
        assert replies
        return not any((isinstance(one, Show) and one.refused) or isinstance(one, Home) for one in replies)

    def _exported(self, user: User) -> bool:
        try:
            with export(self.ward.store, T, user, self.ward.now):
                return True
        except NotAllowed:
            return False


def table(folder: Path) -> str:
    places = [Place(folder / f"{n}.sqlite", named=kind.named) for n, kind in enumerate(KINDS)]
    allowed = Place(folder / "allowed.sqlite", named=True)
    try:
        return HEAD + "".join(_row(name, places, allowed) for name in rows())
    finally:
        for place in (*places, allowed):
            place.ward.store.close()


def _row(name: str, places: list[Place], allowed: Place) -> str:
    cells = [_word(place.tried(name, kind.user)) for place, kind in zip(places, KINDS, strict=True)]
    user, who = ANA, WHO.get(name, "")
    user = User("os:auditor", "auditor", "member") if name == "irmer export" else user
    assert allowed.tried(name, user), name
    return f"| {_label(name)} | {' | '.join(cells)} | yes{f': {who}' if who else ''} |\n"


def _word(done: bool) -> str:
    return "yes" if done else "no"


def _label(name: str) -> str:
    return f"`{name.replace('_', ' ')}`"


def _written(text: str, made: str) -> Iterator[str]:
    before, _, rest = text.partition(BEGINS)
    yield from (before, BEGINS, made, ENDS, rest.partition(ENDS)[2])


def write(make: Callable[[Path], str] = table) -> None:
    with TemporaryDirectory() as folder:
        PAGE.write_text("".join(_written(PAGE.read_text("utf-8"), make(Path(folder)))), encoding="utf-8")


if __name__ == "__main__":
    write()
