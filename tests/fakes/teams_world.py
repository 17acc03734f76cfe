"""Who and what there is in the fake Teams: people, conversations, messages, and what a client shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.card_limits import walk

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-aaaa-bbbb-cccc-dddddddddddd"
CHANNEL = "19:incidents@thread.tacv2"
OTHER_CHANNEL = "19:governance@thread.tacv2"
TEAM = "19:general@thread.tacv2"  # a team goes by the id of its first channel
GROUP = "19:physics@thread.v2"


@dataclass(frozen=True)
class Member:
    id: str  # what Teams calls the person to this bot
    object_id: str  # the directory's lasting id
    name: str
    role: str = "user"
    tenant: str = TENANT


@dataclass(frozen=True)
class Channel:
    """As the list of a team's channels has it: of the first the name is left out."""

    id: str
    name: str | None
    type: str = "standard"


ALEX = Member("29:alex", "00000000-0000-0000-0000-00000000000a", "Alex Radiographer")
SAM = Member("29:sam", "00000000-0000-0000-0000-00000000000b", "Sam Physicist")
# Of the organisation, and in none of the conversations in which the bot is.
ROBIN = Member("29:robin", "00000000-0000-0000-0000-00000000000c", "Robin Governance")
MET = {member.id: member for member in (ALEX, SAM)}
PEOPLE = {**MET, ROBIN.id: ROBIN}
TEAM_NAME = "Radiation safety"
CHANNELS = (
    Channel(TEAM, None),
    Channel(CHANNEL, "Incidents"),
    Channel(OTHER_CHANNEL, "Governance"),
    Channel("19:board@thread.tacv2", "Board", "private"),
)


@dataclass
class Conversation:
    id: str
    kind: str  # personal, groupChat, channel
    members: set[str]
    installed: bool = True


@dataclass
class Message:
    id: str
    conversation: str
    thread: str  # id of the message that the thread hangs on, or ""
    by_bot: bool
    activity: dict[str, Any]
    edits: int = 0
    answered: bool = False  # whoever pressed sees another card than stands there for everybody else

    @property
    def card(self) -> dict[str, Any]:
        for attachment in self.activity.get("attachments") or []:
            if "name" not in attachment:  # which a file's has
                return dict(attachment["content"])
        return {}

    @property
    def file(self) -> str:
        """The name of the file that it offers, or leads to; empty where it is about none."""
        return next((str(a["name"]) for a in self.activity.get("attachments") or [] if "name" in a), "")

    @property
    def called(self) -> list[dict[str, str]]:
        """Whom its card mentions."""
        entities = (self.card.get("msteams") or {}).get("entities") or []
        return [entity["mentioned"] for entity in entities]

    @property
    def text(self) -> str:
        """All that a person reads in it."""
        shown = [self.activity.get("text") or ""]
        for _, node in walk(self.card):
            shown += [str(node[key]) for key in ("text", "title", "label", "value") if node.get(key)]
        return "\n".join(filter(None, shown))


@dataclass
class Answer:
    """What the bot's endpoint said."""

    status: int
    body: Any
    seconds: float


def find_button(card: Mapping[str, Any], title: str) -> dict[str, Any]:
    """A button by its title, also one behind "More"."""
    buttons = [node for _, node in walk(card) if node.get("type") == "Action.Execute"]
    for button in buttons:
        if button["title"] == title:
            return button
    raise AssertionError(f"no button {title!r} among {[button['title'] for button in buttons]}")


def wrong_choice(
    card: Mapping[str, Any], name: str, value: str, findable: Mapping[str, Member]
) -> str | None:
    """Why no client would send that. A picker of people sends the directory's ids of those who were picked
    from what it found, among `findable`; what was typed and not picked it does not send."""
    node = next(node for _, node in walk(card) if node.get("id") == name)
    if node["type"] != "Input.ChoiceSet":
        return None
    offered = {choice["value"] for choice in node.get("choices", [])}
    if "choices.data" in node:
        offered |= {person.object_id for person in findable.values()}
    chosen = value.split(",") if node.get("isMultiSelect") else [value]
    strange = [one for one in chosen if one and one not in offered | {one.upper() for one in offered}]
    return f"{name}: nobody can choose {strange}" if strange else None


def shown_values(card: Mapping[str, Any]) -> dict[str, str]:
    return {
        node["id"]: str(node.get("value", ""))
        for _, node in walk(card)
        if str(node.get("type", "")).startswith("Input.")
    }
