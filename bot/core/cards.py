"""What people are shown: a small tree that every face renders in its own way.

Text is plain: no markup of any platform. A face escapes it, wraps it and cuts it to its own limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum


class Severity(Enum):
    """How the title line must be taken; a face adds colour or a symbol, never colour alone."""

    PLAIN = "plain"
    SETTLED = "settled"  # nothing to notify
    WAITING = "waiting"  # undecided, or something is due
    ALARM = "alarm"  # notify, overdue, refused


class Weight(Enum):
    NORMAL = "normal"
    STRONG = "strong"
    SUBTLE = "subtle"
    WARNING = "warning"


@dataclass(frozen=True)
class Text:
    """A paragraph. Line breaks within are kept."""

    text: str
    weight: Weight = Weight.NORMAL


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Pairs:
    """Label and value, one beside the other: a record's or a deadline's lines."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_wide(self) -> bool:
        """Has it more columns than a phone of some forty letters? Then it is shown as its entries."""
        return len(self.headers) > 2

    @property
    def entries(self) -> Iterator[tuple[str, list[str]]]:
        """For each row what it is of, in a line, up to what happened; and its other cells with their
        headers."""
        first = next((n for n, header in enumerate(self.headers, 1) if header.startswith("What")), 1)
        for row in filter(None, self.rows):
            head = " ".join(filter(None, row[:first])) or "–"
            cells = zip(self.headers[first:], row[first:], strict=False)
            yield head, [f"{header}: {cell}" for header, cell in cells if cell]


@dataclass(frozen=True)
class Mention:
    """Calls people by their ids on the face's platform. `names` says beside each who it is, for where they
    cannot be called: the empty string where nobody knows, and then no id is shown either."""

    users: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Each id with what stands for it in words."""
        from storage.model import Person  # 10 ms, which a look-up does without

        known = dict(zip(self.users, self.names, strict=False))
        return tuple((user, Person(user, known.get(user, "")).called) for user in self.users)


@dataclass(frozen=True)
class Divider:
    pass


@dataclass(frozen=True)
class Option:
    value: str
    label: str


class InputKind(Enum):
    CHOICE = "choice"  # one of the options
    CHOICES = "choices"  # any of the options; the value is a comma-separated list
    TEXT = "text"  # one line
    LINES = "lines"  # several lines
    DATE = "date"  # ISO date
    DATETIME = "datetime"  # ISO date-time without offset: UK local time; T14:30 where the day is left out
    USER = "user"  # a person's id on the face's platform
    USERS = "users"  # several people's, with commas
    CHANNEL = "channel"  # a conversation's id on the face's platform


@dataclass(frozen=True)
class Input:
    """Something to fill in. `live` asks the face to send a `Changed` as soon as it is changed, where it
    can."""

    name: str
    label: str
    kind: InputKind = InputKind.TEXT
    options: tuple[Option, ...] = ()
    value: str = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    live: bool = False


@dataclass(frozen=True)
class Button:
    """`action` names what is wanted, `value` of what: it comes back with the press and is user input like
    any other.

    The press also carries the values of the card's inputs, on a form only where it `sends` them. `ask` is a
    question to confirm first.
    """

    label: str
    action: str
    value: str = ""
    style: str = "default"  # default, primary, danger
    ask: str = ""
    sends: bool = False


@dataclass(frozen=True)
class Folded:
    """Shown when it is asked for, where a face can fold (`Capabilities.folds`); elsewhere below its label."""

    label: str
    blocks: tuple[Block, ...]


Block = Text | Heading | Bullets | Pairs | Table | Mention | Divider | Input | Folded


@dataclass(frozen=True)
class Card:
    """One message. `summary` is the one line for notifications and screen readers; the title where empty.
    `picks` are the numbers of a list that stands on it, each with the words of the command that it picks.
    `tenant` is the mark of whose records it is about: its buttons and inputs bring it back."""

    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    severity: Severity = Severity.PLAIN
    summary: str = ""
    picks: tuple[tuple[int, str], ...] = ()
    tenant: str = field(default="", compare=False)

    def headed(self, *blocks: Block) -> Card:
        return replace(self, blocks=(*blocks, *self.blocks))

    def with_blocks(self, *blocks: Block) -> Card:
        return replace(self, blocks=(*self.blocks, *blocks))

    @property
    def unfolded(self) -> Card:
        """With what folds shown below its label."""
        shown: list[Block] = []
        for block in self.blocks:
            shown += (Heading(block.label), *block.blocks) if isinstance(block, Folded) else (block,)
        return replace(self, blocks=tuple(shown))

    @property
    def without_folds(self) -> Card:
        """Where what folds can be asked for in another way."""
        return replace(self, blocks=tuple(one for one in self.blocks if not isinstance(one, Folded)))

    def followed_by(self, other: Card) -> Card:
        """Both as one, where there is room for one alone."""
        blocks = (*self.blocks, Divider(), Heading(other.title), *other.blocks)
        return replace(self, blocks=blocks, buttons=(*self.buttons, *other.buttons))

    def with_buttons(self, *buttons: Button) -> Card:
        return replace(self, buttons=(*self.buttons, *buttons))

    @property
    def inputs(self) -> tuple[Input, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Input))


@dataclass(frozen=True)
class Form:
    """A card with inputs and one submit: a dialog where the face has dialogs, else a card with a button.

    `name` routes the submission; `key` finds the state that the store keeps for it. Neither is shown.
    """

    name: str
    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    submit: str = "Continue"
    buttons: tuple[Button, ...] = ()
    tenant: str = field(default="", compare=False)  # as a card's

    @property
    def inputs(self) -> tuple[Input, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Input))
