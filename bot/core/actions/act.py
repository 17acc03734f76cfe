"""One act: a row of the table, and the value that typed words, a button and a form all make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from bot.core.cards import Button, Form
from bot.core.messages import Reply
from bot.core.settings.permissions import May
from bot.core.turn import Turn
from storage.case_states import StepKind
from storage.model import Case, Record


class About(Enum):
    """What an act is done with; the value is how help writes it."""

    CASE = "<case>"
    RECORD = "<record>"
    EITHER = "<case or record>"
    DEADLINE = "<case> [deadline]"  # of a case or of a record: one that is open
    THEME = "<theme>"


@dataclass(frozen=True)
class Instruction:
    """Something to be done, whatever door it came through.

    `act` is the row's name, `subject` a case's reference or a record's number, `part` what of it, `version`
    the one of it that the person saw (empty: whichever it is now), `deadline` its kind where it is about one;
    `given` what was typed or filled in, by the input's name. All of it is user input.
    """

    act: str
    subject: str
    version: str = ""
    deadline: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    part: str = ""

    def __getitem__(self, name: str) -> str:
        return self.given.get(name, "")

    @property
    def key(self) -> str:
        """What a button's value and a form's key hold; `with_key` reads it back."""
        part = f"/{self.part}" if self.part else ""
        return f"{self.subject}{part}:{self.version}:{self.deadline}"

    @classmethod
    def with_key(cls, act: str, key: str, given: Mapping[str, str] | None = None) -> Instruction:
        whole, version, deadline = (*key.split(":", 2), "", "")[:3]
        subject, _, part = whole.partition("/")
        return cls(act, subject, version, deadline, given or {}, part)


@dataclass(frozen=True)
class Outcome:
    """What was done, in a line, and what is shown with it as it is now: a case (`whole`: with its history),
    or a record. `replies` where the conversation goes on elsewhere."""

    said: str = ""
    case: Case | None = None
    record: Record | None = None
    whole: bool = False
    replies: tuple[Reply, ...] = ()


def as_note(text: str) -> Mapping[str, str]:
    return {"note": text}


def as_it_is(_turn: Turn, asked: Instruction) -> Instruction:
    return asked


@dataclass(frozen=True)
class Act:
    """`name` stands in buttons and forms, `verb` is typed, with `also` as other words for it; `usage`
    follows the verb and what the act is about, `does` is what help says.

    `read` makes inputs of the words that follow, `form` asks for them, and `run` does it: it raises Refused
    and storage.errors. `meant` puts in the place of what was named what is meant by it. `steps` are the
    steps of a case that it takes, each with what its button on the case's card is called (empty: it has none
    there), `button` what it is called elsewhere; `ask` is confirmed before it is pressed. `looks`: it
    changes nothing. `reads`: it shows what is kept, and that it was read is written down. `at_once`: a date
    hangs on it, so that it does not wait until somebody has said whether words beside it tell who somebody
    is. `doing` says in a refusal what only those who `may` can do. `of_theme` names the act that it is where
    a theme is named: itself, or another row.
    """

    name: str
    verb: str
    about: About
    usage: str
    does: str
    run: Callable[[Turn, Instruction], Outcome]
    read: Callable[[str], Mapping[str, str]] = as_note
    form: Callable[[Turn, Instruction], Form] | None = None
    meant: Callable[[Turn, Instruction], Instruction] = as_it_is
    steps: Mapping[StepKind, str] = field(default_factory=dict)
    button: str = ""
    style: str = "default"
    ask: str = ""
    may: May = May.READ
    doing: str = ""
    also: tuple[str, ...] = ()
    looks: bool = False
    at_once: bool = False
    reads: bool = False
    of_theme: str = ""

    @property
    def action(self) -> str:
        """How a button and a form name it."""
        return f"case.{self.name}"

    @property
    def typed(self) -> str:
        """How it is typed: `stand down <case> <reason>`."""
        return self.of(self.about.value)

    def of(self, subject: str) -> str:
        """How it is typed about this one."""
        return " ".join(filter(None, (self.verb, subject, self.usage)))

    @property
    def example(self) -> str:
        named = {About.RECORD: "2026-0001", About.THEME: "T26-0001"}
        return self.of(named.get(self.about, "C26-0001"))

    def press(self, value: str, label: str = "") -> Button:
        """Its button; `value` is an instruction's key, or the beginning of one."""
        return Button(label or self.button, self.action, value, self.style, self.ask)


def case_of(turn: Turn, asked: Instruction) -> Case:
    """The case in the version that somebody saw, so that what happened since is told to them. Raises
    NotFound."""
    case = turn.store.case(turn.tenant, asked.subject)
    return replace(case, version=int(asked.version[:9])) if asked.version.isdecimal() else case
