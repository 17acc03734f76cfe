"""What a face asks of the conversation, and what it is answered.

A face verifies and parses what arrived, makes one `Request` of it, and renders the `Reply`s it gets back. The
conversation never waits on a network: it computes, stores, and answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from bot.core.cards import Card, Form
from bot.core.chart import Chart
from bot.core.paper import Paper
from bot.core.refused import LONGEST_TEXT
from storage.model import Standing

if TYPE_CHECKING:
    from bot.core.whose import Whence
    from storage.organisation_model import Organisation


@dataclass(frozen=True)
class Capabilities:
    """What a face can do. The conversation asks these, never the platform's name."""

    dialogs: bool  # can open a form over the conversation, and put errors on its fields
    private_answers: bool  # can answer one person within a shared conversation
    hears_everything: bool  # gets messages that do not mention the bot
    buttons: bool = True
    live_inputs: bool = False  # tells at once when an input changes
    forms_in_messages: bool = False  # a form can stand in a message, and need not be opened by a command
    folds: bool = False  # can fold a part of a card, to be shown without asking us
    command: str = "/irmer"  # how a person addresses the bot: what help texts print
    direct: str = ""  # a pattern of the ids of conversations that are somebody's direct messages
    channels: str = ""  # a pattern of the ids of those that others share; of any where it is not given
    administrators: str = ""  # who administers where nobody is named: what `Standing` "admin" means here
    name: str = ""  # under which the store keeps this face's places; passed through, never compared


@dataclass(frozen=True)
class User:
    """`id` is the platform's lasting id: what permissions and the audit trail go by. `name` is for
    display, `standing` what the platform says of them now."""

    id: str
    name: str = ""
    standing: Standing = ""


@dataclass(frozen=True)
class ChannelFacts:
    """What a platform says of a conversation that is named in a request; None where it does not say."""

    public: bool | None = None
    shared: bool | None = None  # with other organisations
    joined: bool | None = None  # is the bot in it?


@dataclass(frozen=True)
class Place:
    """Where something was said. `thread` is the id of the message that the thread hangs on."""

    conversation: str
    thread: str = ""
    personal: bool = False  # only this user and the bot see it


# What stood beside somebody's own words, not heard: what they quoted, struck out, forwarded or attached.
Aside = Literal["quoted", "struck out", "forwarded", "attached"]


@dataclass(frozen=True)
class Command:
    """`check wrong patient, CT head`: a command, the bot's own name before it or taken off."""

    text: str
    aside: tuple[Aside, ...] = ()


@dataclass(frozen=True)
class Said:
    """A message that was no command: in a personal chat, by mention, or in a thread that the bot follows.
    `crossed`: the bot's last words there came after it was written, or are on their way; or what it asks last
    stands in another place of the same chat."""

    text: str
    mentioned: bool = False
    aside: tuple[Aside, ...] = ()
    crossed: Literal["", "before", "elsewhere"] = ""


@dataclass(frozen=True)
class Pressed:
    action: str
    value: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)  # of the card that the button stands on
    message: str = ""  # id of that card's message
    tenant: str = ""  # the mark that the card bore; "" where it is of release 0.1


@dataclass(frozen=True)
class Submitted:
    """A form sent off: `form` and `key` as they were shown, the inputs by name (empty string: left empty)."""

    form: str
    key: str
    inputs: Mapping[str, str]
    tenant: str = ""  # the mark that the form bore


@dataclass(frozen=True)
class Changed:
    """An input of an open form was changed; the answer is the form as it is now."""

    form: str
    key: str
    input: str
    inputs: Mapping[str, str]
    tenant: str = ""  # the mark that the form bore


@dataclass(frozen=True)
class Edited:
    """A message that was said to the bot was changed afterwards, or deleted."""

    deleted: bool = False


@dataclass(frozen=True)
class HomeOpened:
    """Somebody opened the bot's own page."""


What = Command | Said | Edited | Pressed | Submitted | Changed | HomeOpened


@lru_cache(256)
def mark_of(tenant: str) -> str:
    """A tenant's mark on what is shown in its name: short, and no other's."""
    return sha256(tenant.encode()).hexdigest()[:8]


def too_long(what: What) -> bool:
    """Is any of its texts longer than is taken?"""
    match what:
        case Command(text) | Said(text):
            texts: tuple[str, ...] = (text,)
        case Pressed(action, value, inputs):
            texts = (action, value, *inputs, *inputs.values())
        case Submitted(form, key, inputs) | Changed(form, key, _, inputs):
            texts = (form, key, *inputs, *inputs.values())
        case _:
            texts = ()
    return any(len(text) > LONGEST_TEXT for text in texts)


@dataclass(frozen=True)
class Request:
    """One thing that somebody wants. `delivery` is the platform's id for it: the same twice is answered
    once. `names` and `people` are of others who are named in it by id, `channels` of conversations, as far as
    the face knows them. `whence`: by what it was told whose it is; `several`: the organisations that the
    person is in, where they are more than one: `tenant` is the one that this chat is about, if any yet.
    `told_at`: when its words were written, by the clock of `now`, where that was before."""

    tenant: str
    user: User
    place: Place
    now: datetime
    what: What
    delivery: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Standing] = field(default_factory=dict)
    channels: Mapping[str, ChannelFacts] = field(default_factory=dict)
    whence: Whence | None = None
    several: tuple[Organisation, ...] = ()
    told_at: datetime | None = None

    @property
    def written(self) -> datetime:
        """When its words were written: "today" is that day."""
        return self.told_at or self.now

    def of(self, tenant: str, whence: Whence, several: tuple[Organisation, ...]) -> Request:
        """The same once it is known whose it is. Every request passes here, and `replace` takes twice as
        long."""
        return Request(
            tenant, self.user, self.place, self.now, self.what, self.delivery, self.names, self.people,
            self.channels, whence, several, self.told_at,
        )  # fmt: skip


@dataclass(frozen=True)
class Show:
    """A new message. `private`: to the asking user alone (a face without private answers uses their personal
    chat).

    `place` is where the request came from unless given. `case` names the case whose message this is: the face
    tells the store its address, so that it can be brought up to date and replied to later. `refused`: it says
    why what was wanted is not done. `leads_to`: the case to whose card a link is wanted.
    """

    card: Card
    private: bool = True
    place: Place | None = None
    case: str = ""
    refused: bool = False
    leads_to: str = ""


@dataclass(frozen=True)
class Replace:
    """The message whose button was pressed becomes this card."""

    card: Card


@dataclass(frozen=True)
class Refresh:
    """The message of this case, wherever it stands, becomes this card."""

    case: str
    card: Card


@dataclass(frozen=True)
class Open:
    """A form to fill in; where one is open already it takes its place (also to show errors on its fields)."""

    form: Form


@dataclass(frozen=True)
class Done:
    """The open form has served and closes; what remains to be said follows in other replies."""


@dataclass(frozen=True)
class Home:
    card: Card


@dataclass(frozen=True)
class Leave:
    """The person said goodbye. A face that has nothing to close ignores it."""


@dataclass(frozen=True)
class Give:
    """A document for whoever asked, and for nobody else: made of the paper by the face, which gives the paper
    as text where it cannot. It is the last of the replies to one request."""

    paper: Paper


@dataclass(frozen=True)
class Picture:
    """A chart beside words that say the same, for whoever asked and for nobody else: drawn by the face, which
    says why where it cannot. It is the last of the replies to one request."""

    chart: Chart


def not_sent(command: str) -> str:
    """Said by a face that could not send what it was given; `command` is how one addresses the bot there."""
    return (
        "Not all of my answer could be sent. What was done is done and kept: ask again, or look it up by its "
        f"number, such as {f'{command} case C26-0001'.strip()}."
    )


Reply = Show | Replace | Refresh | Open | Done | Home | Leave | Give | Picture
