"""A strict stand-in for the Bot Connector of Microsoft Teams, its people, and the keys that it signs with.

It signs activities to the bot with its own key, serves that key on loopback, keeps what the bot posts, and
refuses what Teams refuses: unsigned or foreign tokens, conversations where the app is not, messages that are
too big or come too fast, threads and messages that do not exist. Every card that arrives passes the limits
checker and, where it is at hand, the schema; what they find is in `complaints`, and a test ends with that
list empty.

    teams = FakeTeams().start()
    teams.bot = "http://127.0.0.1:3978/api/messages"
    teams.say("check", where=CHANNEL)
    message = teams.wait(lambda: teams.last(CHANNEL))
    teams.press(message, "Continue", total_dose="2 mSv")
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.card_limits import complaints, schema_complaints, walk
from tests.fakes.teams_connector import Connector, Fault
from tests.fakes.teams_files import Files
from tests.fakes.teams_world import (
    ALEX,
    APP,
    CHANNEL,
    CHANNELS,
    GROUP,
    MET,
    OTHER_CHANNEL,
    PEOPLE,
    TEAM,
    TENANT,
    Answer,
    Channel,
    Conversation,
    Member,
    Message,
    find_button,
    shown_values,
    wrong_choice,
)  # fmt: skip

MENTION = "http://schema.skype.com/Mention"
ISSUER = "https://api.botframework.com"
TEAMS_GIVES_UP = 15.0  # seconds: then the user is told that the bot failed
SLOW = 10.0  # from here on it may have given up
T = TypeVar("T")


@dataclass
class FakeTeams:
    app_id: str = APP
    tenant: str = TENANT
    secret: str = "a-secret"
    certificate: x509.Certificate | None = None  # by which the app is known in the secret's place
    bot: str = ""
    strict_rate: bool = True
    people: dict[str, Member] = field(default_factory=lambda: dict(PEOPLE))  # by what Teams calls them
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)  # by which activities are dated
    ahead: float = 0.0  # seconds by which its clock is ahead of the machine's
    messages: list[Message] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    refusals: list[tuple[int, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = _key()
        self._numbers = itertools.count(1_700_000_000_000)
        self.lock = threading.RLock()
        everyone = set(MET)
        self.conversations = {
            c.id: c
            for c in (
                Conversation(TEAM, "channel", set(everyone)),
                Conversation(CHANNEL, "channel", set(everyone)),
                Conversation(OTHER_CHANNEL, "channel", set(everyone)),
                Conversation(GROUP, "groupChat", set(everyone)),
                *(
                    Conversation(f"a:{m.id[3:]}", "personal", {m.id}, installed=m.id in everyone)
                    for m in self.people.values()
                ),
            )
        }
        self.unreachable: set[str] = set()  # object ids of people whom the bot may not write to
        self.deleted: set[str] = set()  # ids of people whom the directory has no more
        self.takes_tokens = True  # else whatever is asked is refused, to look as to write
        self.roles: dict[str, str] = {}  # by object id, where it is not the one that they came with
        self.teams = {TEAM: list(CHANNELS)}  # the channels of each team in which the app is
        self.unsaid: set[str] = set()  # conversations of whose members nothing is said: an error of its own
        self.team_of: dict[str, str] = {}  # by channel, where it is of another team
        self.files = Files(self)
        self.connector = Connector(self)

    def start(self) -> FakeTeams:
        self.connector.start()
        return self

    def stop(self) -> None:
        self.connector.stop()

    def add_team(self, team: str, channel: str, *members: Member) -> None:
        """A team with the app in it, that goes by the id of its first channel, and another channel of it."""
        for one in (team, channel):
            self.conversations[one] = Conversation(one, "channel", {member.id for member in members})
            self.team_of[one] = team
        self.teams[team] = [Channel(team, None), Channel(channel, "Incidents")]

    @property
    def service_url(self) -> str:
        return f"{self.connector.address}/teams/"

    @property
    def keys_url(self) -> str:
        return f"{self.connector.address}/v1/.well-known/openidconfiguration"

    def number(self) -> str:
        return str(next(self._numbers))

    def token(self, *, key: Any = None, kid: str = "k1", algorithm: str = "RS256", **claims: Any) -> str:
        """A token as the Connector signs it; a claim given as None is left out."""
        now = int(time.time())
        good = {
            "iss": ISSUER, "aud": self.app_id, "serviceurl": self.service_url, "nbf": now, "iat": now,
            "exp": now + 600,
        }  # fmt: skip
        payload = {name: value for name, value in (good | claims).items() if value is not None}
        return jwt.encode(payload, key or self.key, algorithm=algorithm, headers={"kid": kid})

    def bot_token(self, *_: object) -> str:
        """What the directory would give the bot for posting here."""
        return self.token(
            aud=ISSUER, iss=f"https://sts.windows.net/{self.tenant}/", appid=self.app_id, kid="d1"
        )

    def activity(
        self, kind: str = "message", where: str = CHANNEL, who: Member = ALEX, thread: str = "", **more: Any
    ) -> dict[str, Any]:
        place = self.conversations[where]
        personal = place.kind == "personal"
        threaded = f"{where};messageid={thread}" if thread else where
        return {
            "type": kind,
            "id": self.number(),
            "timestamp": self.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": who.id, "name": who.name, "aadObjectId": who.object_id},
            "recipient": {"id": f"28:{self.app_id}", "name": "IRMER"},
            "conversation": {
                "id": threaded, "conversationType": place.kind, "tenantId": self.tenant,
                **({} if personal else {"isGroup": True}),
            },
            "channelData": {
                "tenant": {"id": self.tenant},
                **({"team": {"id": self.team_of.get(where, TEAM)}, "channel": {"id": where}}
                   if place.kind == "channel" else {}),
            },
            **more,
        }  # fmt: skip

    def say(
        self, text: str, where: str = CHANNEL, *, mention: bool | None = None, html: str = "", **more: Any
    ) -> Answer:
        """Somebody writes. The bot hears it only when it is mentioned, or in the personal chat.

        A new message in a channel begins a thread, and its conversation id says so. What is formatted,
        `html`, comes beside it as an attachment; its text is the same without the marks, and nothing between.
        """
        place = self.conversations[where]
        mention = place.kind != "personal" if mention is None else mention
        if html:
            text = re.sub(r"<[^<>]*>", "", text or html)
        activity = self.activity("message", where, text=text, textFormat="plain", **more)
        if html:
            called = f'<p><span itemscope itemtype="{MENTION}" itemid="0">IRMER</span>&nbsp;</p>'
            content = f"<div>{called if mention else ''}{html}</div>"
            activity["attachments"] = [{"contentType": "text/html", "content": content}]
        if mention:
            activity["text"] = f"<at>IRMER</at> {text}"
            activity["entities"] = [
                {"type": "mention", "mentioned": activity["recipient"], "text": "<at>IRMER</at>"}
            ]
        thread = str(more.get("thread", ""))
        if place.kind == "channel" and not thread:
            activity["conversation"]["id"] = f"{where};messageid={activity['id']}"
            thread = activity["id"]
        with self.lock:
            self.messages.append(Message(activity["id"], where, thread, False, activity))
        assert mention or place.kind == "personal", "the bot does not hear what does not mention it"
        return self.deliver(activity)

    def edit(self, message: Message, text: str, who: Member = ALEX) -> Answer:
        """Somebody changes a message of theirs: the bot is told with the message's own id."""
        before = message.activity
        mark = "<at>IRMER</at> " if before.get("entities") else ""
        message.activity = {**before, "text": mark + text}
        message.edits += 1
        return self._corrected(message, who, "messageUpdate", "editMessage", message.activity)

    def delete(self, message: Message, who: Member = ALEX) -> Answer:
        """Somebody deletes a message of theirs: nothing of what it said is sent along."""
        with self.lock:
            self.messages.remove(message)
        return self._corrected(message, who, "messageDelete", "softDeleteMessage", {})

    def remove_app(self, where: str, who: Member = ALEX) -> None:
        """From a team it goes with all of its channels; that is told in the team's own conversation."""
        there = self._of_app(where)
        for one in there[1:]:
            self.conversations[one].installed = False
        self._moved(there[0], who, "remove", "Removed")
        self.conversations[there[0]].installed = False

    def add_app(self, where: str, who: Member = ALEX) -> None:
        there = self._of_app(where)
        for one in there:
            self.conversations[one].installed = True
        self._moved(there[0], who, "add", "Added")

    def _of_app(self, where: str) -> list[str]:
        """Where the app comes and goes together, the conversation in which that is told first."""
        if self.conversations[where].kind != "channel":
            return [where]
        team = self.team_of.get(where, TEAM)
        channels = [one.id for one in self.teams[team] if one.id in self.conversations]
        return list(dict.fromkeys((team, *channels)))

    def _moved(self, where: str, who: Member, action: str, how: str) -> None:
        told = self.activity("installationUpdate", where, who, action=action)
        came = self.activity("conversationUpdate", where, who, **{f"members{how}": [told["recipient"]]})
        if self.conversations[where].kind == "channel":
            came["channelData"]["eventType"] = f"teamMember{how}"
        for activity in (told, came):
            activity["channelData"].pop("channel", None)
            assert self.deliver(activity).status == 200

    def _corrected(
        self, message: Message, who: Member, kind: str, event: str, content: Mapping[str, Any]
    ) -> Answer:
        activity = self.activity(kind, message.conversation, who, message.thread, id=message.id)
        activity["timestamp"] = f"{activity['timestamp'][:-4]}{self.number()[-3:]}Z"
        activity["channelData"]["eventType"] = event
        activity |= {key: content[key] for key in ("text", "entities") if key in content}
        return self.deliver(activity)

    def press(self, message: Message, title: str, who: Member = ALEX, **inputs: str) -> Answer:
        """A press of a card's button, with what is filled in; the card becomes what the bot answers.

        Inputs keep what they show unless given; a required one left empty is refused by the client. What is
        left empty is left out of what is sent, as Microsoft's own renderer does it.
        """
        button = find_button(message.card, title)
        filled = shown_values(message.card) | inputs
        unknown = set(inputs) - set(shown_values(message.card))
        assert not unknown, f"the card has no input {sorted(unknown)}"
        for name, given in inputs.items():
            assert not (wrong := wrong_choice(message.card, name, given, self._findable(message, name))), (
                wrong
            )
        if button.get("associatedInputs", "auto") != "none":
            for _, node in walk(message.card):
                if node.get("isRequired") and not filled.get(node["id"]):
                    raise AssertionError(f"the client asks: {node['errorMessage']}")
        else:
            filled = {}
        filled = {name: value for name, value in filled.items() if value}
        value = {
            "action": {
                "type": "Action.Execute", "verb": button["verb"], "title": title,
                "data": {**button.get("data", {}), **filled},
            },
            "trigger": "manual",
        }  # fmt: skip
        return self.invoke(message, value, who)

    def find(self, message: Message, name: str, typed: str) -> str:
        """What is typed into a picker of people, and the one whom it finds: the id that is sent."""
        (found,) = [p for p in self._findable(message, name).values() if typed.lower() in p.name.lower()]
        return found.object_id

    def _findable(self, message: Message, name: str) -> dict[str, Member]:
        """Whom the client looks among. The whole organisation is searched in a chat with the bot alone."""
        node = next(node for _, node in walk(message.card) if node.get("id") == name)
        dataset = node.get("choices.data", {}).get("dataset", "")
        place = self.conversations[message.conversation]
        if dataset == "graph.microsoft.com/users?scope=currentContext":
            return {one: self.people[one] for one in place.members}
        if dataset == "graph.microsoft.com/users" and place.kind == "personal":
            return {one: person for one, person in self.people.items() if person.role != "guest"}
        return {}

    def invoke(self, message: Message, value: Mapping[str, Any], who: Member = ALEX) -> Answer:
        channel = self.conversations[message.conversation].kind == "channel"
        thread = message.thread or (message.id if channel else "")
        activity = self.activity(
            "invoke", message.conversation, who, thread, name="adaptiveCard/action",
            value=value, replyToId=message.id,
        )  # fmt: skip
        before = message.edits
        answer = self.deliver(activity)
        if answer.status == 200:
            self._take_card_answer(message, answer)
            message.answered = message.answered and message.edits == before
        return answer

    def _take_card_answer(self, message: Message, answer: Answer) -> None:
        body = answer.body if isinstance(answer.body, dict) else {}
        kind, value = body.get("type"), body.get("value")
        if kind == "application/vnd.microsoft.card.adaptive" and isinstance(value, dict):
            self.look_at(value)
            message.answered = True
            message.activity = {
                **message.activity,
                "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": value}],
            }
        elif kind != "application/vnd.microsoft.error" and not (
            kind == "application/vnd.microsoft.activity.message" and isinstance(value, str) and value
        ):
            self.complaints.append(f"not an answer to an Execute: {json.dumps(answer.body)[:200]}")

    def deliver(self, activity: Any, token: str | None = None) -> Answer:
        """What is answered too late, or with an error of the bot's own, comes again with the same id."""
        body = json.dumps(activity).encode()
        answer = self.send(body, self.token() if token is None else token)
        if answer.seconds > SLOW:
            self.complaints.append(f"answered after {answer.seconds:.0f} s: Teams says that the bot failed")
        if answer.status in (500, 502, 503, 504):
            answer = self.send(body, self.token() if token is None else token)
        return answer

    def send(self, body: bytes, token: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        """Raw bytes to the bot's endpoint."""
        all_headers = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        if token:
            all_headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.bot, data=body, headers=all_headers)
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=TEAMS_GIVES_UP) as response:
                status, raw = response.status, response.read()
        except urllib.error.HTTPError as error:
            status, raw = error.code, error.read()
        return Answer(status, _json(raw), time.monotonic() - began)

    def look_at(self, card: Mapping[str, Any]) -> None:
        self.complaints += complaints(card) + schema_complaints(card)

    def posted(self, where: str = "", thread: str | None = None) -> list[Message]:
        """What the bot has posted, oldest first."""
        with self.lock:
            return [
                m
                for m in self.messages
                if m.by_bot
                and (not where or m.conversation == where)
                and (thread is None or m.thread == thread)
            ]

    def last(self, where: str = "", thread: str | None = None) -> Message:
        found = self.posted(where, thread)
        assert found, f"the bot has posted nothing in {where or 'any conversation'}"
        return found[-1]

    def wait(self, look: Callable[[], T], seconds: float = 10) -> T:
        """What `look` finds as soon as that is true (an assertion in it may fail until then)."""
        until = time.monotonic() + seconds
        while True:
            try:
                if found := look():
                    return found
            except (AssertionError, LookupError):
                if time.monotonic() > until:
                    raise
            if time.monotonic() > until:
                raise AssertionError("waited in vain")
            time.sleep(0.01)


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")
