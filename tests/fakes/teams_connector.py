"""The HTTP side of the fake: the Connector's conversations, the keys, and the faults that a test asks for."""

from __future__ import annotations

import base64
import json
import re
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.fakes.teams_files import CONSENT, INFO
from tests.fakes.teams_world import TEAM_NAME, Conversation, Member, Message

if TYPE_CHECKING:
    from tests.fakes.teams import FakeTeams

MAX_MESSAGE = 100 * 1024  # bytes of the whole message in UTF-16
PER_SECOND, PER_HALF_MINUTE = 7, 60
CARD = "application/vnd.microsoft.card.adaptive"
PNG = "image/png"


@dataclass
class Fault:
    """What happens to the next message: refused with a status, answered so although taken, or cut off."""

    status: int = 0  # 0: the connection is reset
    taken: bool = False
    retry_after: int | None = None
    delay: float = 0.0
    body: bytes | None = None


class Refusal(Exception):
    def __init__(self, status: int, code: str, retry_after: int | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.retry_after = status, code, retry_after


class Connector:
    def __init__(self, teams: FakeTeams) -> None:
        self.teams = teams
        self.second = 1.0  # how long one lasts where the pace is counted
        self.times: dict[str, deque[float]] = defaultdict(deque)
        self.server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        assert self.server is not None, "not started"
        return f"http://127.0.0.1:{self.server.server_port}"

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"connector": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.teams.key.public_key()))
        own = {**key, "use": "sig", "alg": "RS256"}
        endorsed = {"endorsements": ["webchat", "msteams"]}
        # The same key under other names, which Microsoft does not vouch for where Teams is concerned.
        others = [{**own, "kid": "other", "endorsements": ["webchat"]}, {**own, "kid": "none"}]
        return {"keys": [{**own, "kid": "k1", **endorsed}, *others]}

    def give_token(self, raw: bytes) -> tuple[int, dict[str, Any]]:
        """What the directory answers to an app that wants to write here."""
        asked = dict(parse_qsl(raw.decode()))
        if self.teams.certificate is not None:
            return self.by_certificate(asked, self.teams.certificate)
        wanted = {
            "grant_type": "client_credentials",
            "client_id": self.teams.app_id,
            "client_secret": self.teams.secret,
            "scope": "https://api.botframework.com/.default",
        }
        if asked != wanted:
            return 401, {"error": "invalid_client"}
        return 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": self.teams.bot_token()}

    def by_certificate(
        self, asked: dict[str, str], certificate: x509.Certificate
    ) -> tuple[int, dict[str, Any]]:
        """A certificate's holder signs for each token anew, and names the certificate by its fingerprint."""
        try:
            assertion = asked["client_assertion"]
            name = jwt.get_unverified_header(assertion)["x5t#S256"]
            claims = jwt.decode(
                assertion, certificate.public_key(), algorithms=["PS256"],
                audience=f"https://login.microsoftonline.com/{self.teams.tenant}/oauth2/v2.0/token",
            )  # fmt: skip
            fingerprint = base64.urlsafe_b64encode(certificate.fingerprint(hashes.SHA256())).rstrip(b"=")
            good = (
                asked["grant_type"] == "client_credentials"
                and asked["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                and asked["client_id"] == claims["iss"] == claims["sub"] == self.teams.app_id
                and asked["scope"] == "https://api.botframework.com/.default"
                and name.rstrip("=") == fingerprint.decode()
                and "client_secret" not in asked
            )
        except (KeyError, jwt.InvalidTokenError):
            good = False
        if not good:
            return 401, {"error": "invalid_client", "error_description": "AADSTS700027"}
        return 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": self.teams.bot_token()}

    def check_token(self, authorization: str) -> None:
        if not self.teams.takes_tokens:
            raise Refusal(401, "Unauthorized")
        try:
            claims = jwt.decode(
                authorization.removeprefix("Bearer "), self.teams.key.public_key(), algorithms=["RS256"],
                audience="https://api.botframework.com",
            )  # fmt: skip
        except jwt.InvalidTokenError as error:
            raise Refusal(401, f"Unauthorized: {error}") from None
        if claims.get("appid") != self.teams.app_id:
            raise Refusal(401, "Unauthorized: another app")

    def slow_down(self, conversation: str) -> None:
        now, times = time.monotonic(), self.times[conversation]
        while times and times[0] <= now - 30 * self.second:
            times.popleft()
        if len(times) >= PER_HALF_MINUTE:
            raise Refusal(429, "TooManyRequests", int(times[0] + 31 - now))
        if len(times) >= PER_SECOND and times[-PER_SECOND] > now - self.second:
            raise Refusal(429, "TooManyRequests", 1)
        times.append(now)

    def conversation(self, name: str) -> tuple[Conversation, str]:
        base, _, thread = name.partition(";messageid=")
        found = self.teams.conversations.get(base)
        if found is None:
            raise Refusal(404, "ConversationNotFound")
        if not found.installed:
            raise Refusal(403, "BotNotInConversationRoster")
        if thread:
            if found.kind != "channel":
                raise Refusal(400, "BadSyntax: a thread where there are none")
            if not any(m.id == thread and m.conversation == base for m in self.teams.messages):
                raise Refusal(404, "ActivityNotFoundInConversation")
        return found, thread

    def write(self, path: str, method: str, raw: bytes) -> tuple[int, dict[str, Any]]:
        matched = re.fullmatch(r"/teams/v3/conversations/([^/]+)/activities(?:/([^/]+))?", path)
        if not matched:
            raise Refusal(404, f"no such address: {path}")
        conversation, thread = self.conversation(unquote(matched[1]))
        if len(raw.decode().encode("utf-16-le")) > MAX_MESSAGE:
            raise Refusal(413, "MessageSizeTooBig")
        try:
            activity = json.loads(raw)
        except ValueError:
            raise Refusal(400, "BadSyntax") from None
        if self.teams.strict_rate:
            self.slow_down(conversation.id)
        self.check_message(activity, conversation)
        if method == "PUT":
            for message in self.teams.messages:
                if message.id == unquote(matched[2] or "") and message.conversation == conversation.id:
                    if not message.by_bot:
                        raise Refusal(403, "MessageWritesBlocked: not the bot's message")
                    message.activity, message.edits = activity, message.edits + 1
                    message.answered = False
                    return 200, {"id": message.id}
            raise Refusal(404, "ActivityNotFoundInConversation")
        if activity.get("text") and any(
            a.get("contentType") == CARD for a in activity.get("attachments") or []
        ):
            self.teams.complaints.append("a text beside a card becomes two messages, and no id is told")
        message = Message(self.teams.number(), conversation.id, thread, True, activity)
        self.teams.messages.append(message)
        return 201, {"id": message.id}

    def check_picture(self, activity: dict[str, Any], attachment: dict[str, Any]) -> None:
        """Within the message, as data; whoever does not see it reads the words beside it."""
        head, _, data = str(attachment.get("contentUrl", "")).partition(",")
        if head != f"data:{PNG};base64":
            raise Refusal(400, "BadArgument: a picture from elsewhere")
        if not base64.b64decode(data, validate=True).startswith(b"\x89PNG"):
            raise Refusal(400, "BadArgument: no picture")
        if len(data) > 140_000:
            raise Refusal(413, "RequestEntityTooLarge")
        if not activity.get("text"):
            self.teams.complaints.append("a picture without words: a screen reader says nothing of it")

    def check_message(self, activity: Any, conversation: Conversation) -> None:
        if not isinstance(activity, dict) or activity.get("type") != "message":
            raise Refusal(400, "BadArgument: no message")
        cards = activity.get("attachments") or []
        if not activity.get("text") and not cards:
            raise Refusal(400, "BadArgument: an empty message")
        if cards and not activity.get("summary"):
            self.teams.complaints.append("a card without a summary: the notification says only 'sent a card'")
        for attachment in cards:
            if attachment.get("contentType") in (CONSENT, INFO):
                if wrong := self.teams.files.wrong_with(attachment, conversation.kind):
                    raise Refusal(400, f"BadArgument: {wrong}")
                continue
            if attachment.get("contentType") == PNG:
                self.check_picture(activity, attachment)
                continue
            if attachment.get("contentType") != CARD:
                raise Refusal(400, f"BadArgument: {attachment.get('contentType')}")
            self.teams.look_at(attachment["content"])
            self.check_mentions(
                (attachment["content"].get("msteams") or {}).get("entities", []), conversation
            )
        for entity in activity.get("entities") or []:
            if entity.get("type") == "mention" and entity.get("text") not in (activity.get("text") or ""):
                self.teams.complaints.append(f"the mention {entity.get('text')!r} is not in the text")
        self.check_mentions(activity.get("entities") or [], conversation)

    def check_mentions(self, entities: list[dict[str, Any]], conversation: Conversation) -> None:
        for entity in entities:
            called = (entity.get("mentioned") or {}).get("id")
            known = {
                i for member in conversation.members for i in (member, self.teams.people[member].object_id)
            }
            if entity.get("type") == "mention" and called not in known:
                raise Refusal(400, f"BadArgument: mention of {called!r}, who is not here")

    def open_personal(self, raw: bytes) -> tuple[int, dict[str, Any]]:
        asked = json.loads(raw)
        members, tenant = (
            asked.get("members") or [],
            (asked.get("channelData") or {}).get("tenant", {}).get("id"),
        )
        if len(members) != 1 or self.teams.tenant not in (tenant, asked.get("tenantId")):
            raise Refusal(400, "BadArgument: one member and the tenant are wanted")
        for person in self.teams.people.values():
            if members[0].get("id") in (person.id, person.object_id):
                chat = self.teams.conversations[f"a:{person.id[3:]}"]
                if person.object_id in self.teams.unreachable or not self.meets(person):
                    raise Refusal(403, "ForbiddenOperationException: the app is not installed for this user")
                return 201, {"id": chat.id}
        raise Refusal(404, "UserNotFound")

    def meets(self, person: Member) -> bool:
        """Is the app where they are: in their own chat, or in a team or a group chat that they are in?"""
        return any(one.installed and person.id in one.members for one in self.teams.conversations.values())

    def look_up(self, path: str) -> dict[str, Any]:
        matched = re.fullmatch(r"/teams/v3/teams/([^/]+)(/conversations)?", path)
        if not matched:
            return dict(self.member(path))
        team = unquote(matched[1])
        if team not in self.teams.teams:
            raise Refusal(404, "TeamNotFound")
        if matched[2] is None:
            return {"id": team, "name": TEAM_NAME}
        return {"conversations": [vars(channel) for channel in self.teams.teams[team]]}

    def member(self, path: str) -> dict[str, str]:
        matched = re.fullmatch(r"/teams/v3/conversations/([^/]+)/members/([^/]+)", path)
        if not matched:
            raise Refusal(404, f"no such address: {path}")
        found, _ = self.conversation(unquote(matched[1]))
        if found.id in self.teams.unsaid:
            raise Refusal(503, "ServiceUnavailable")
        if unquote(matched[2]) in self.teams.deleted:
            raise Refusal(404, "MemberNotFoundInConversation")
        for person in (self.teams.people[member] for member in found.members):
            if unquote(matched[2]) in (person.id, person.object_id):
                return {
                    "id": person.id, "name": person.name, "aadObjectId": person.object_id,
                    "userRole": self.teams.roles.get(person.object_id, person.role),
                    "tenantId": person.tenant,
                }  # fmt: skip
        raise Refusal(404, "MemberNotFoundInConversation")


class _Handler(BaseHTTPRequestHandler):
    connector: Connector
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path == "/v1/.well-known/openidconfiguration":
            self.answer(200, {"jwks_uri": f"{self.connector.address}/v1/.well-known/keys"})
        elif self.path == f"/{self.connector.teams.tenant}/v2.0/.well-known/openid-configuration":
            login = f"https://login.microsoftonline.com/{self.connector.teams.tenant}"
            at = {"issuer": f"{login}/v2.0", "authorization_endpoint": f"{login}/oauth2/v2.0/authorize"}
            self.answer(200, {**at, "token_endpoint": f"{login}/oauth2/v2.0/token"})
        elif self.path == "/v1/.well-known/keys":
            self.answer(200, self.connector.keys())
        else:
            self.guarded(lambda: (200, self.connector.look_up(self.path)))

    def do_POST(self) -> None:
        self.change()

    def do_PUT(self) -> None:
        self.change()

    def change(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == f"/{self.connector.teams.tenant}/oauth2/v2.0/token":
            self.answer(*self.connector.give_token(raw))
            return
        if self.path.startswith("/upload/"):
            self.answer(self.connector.teams.files.put(self.path, dict(self.headers), raw), {})
            return
        if self.path == "/teams/v3/conversations":
            self.guarded(lambda: self.connector.open_personal(raw))
            return
        teams = self.connector.teams
        with teams.lock:
            fault = teams.faults.pop(0) if teams.faults else None
        if fault is None:
            self.guarded(lambda: self.connector.write(self.path, self.command, raw))
            return
        if fault.taken:
            with teams.lock:
                self.connector.write(self.path, self.command, raw)
        time.sleep(fault.delay)
        if not fault.status:
            self.reset()
        elif fault.body is not None:
            self.raw(fault.status, fault.body)
        else:
            self.refuse(Refusal(fault.status, "Fault", fault.retry_after))

    def guarded(self, work: Any) -> None:
        try:
            self.connector.check_token(self.headers.get("Authorization", ""))
            with self.connector.teams.lock:
                status, body = work()
        except Refusal as refusal:
            self.connector.teams.refusals.append((refusal.status, refusal.code))
            self.refuse(refusal)
        else:
            self.answer(status, body)

    def refuse(self, refusal: Refusal) -> None:
        headers = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
        body = {"error": {"code": refusal.code.split(":")[0], "message": refusal.code}}
        self.answer(refusal.status, body, headers)

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.raw(status, json.dumps(body).encode(), headers)

    def raw(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """Cut the connection so that the client sees a reset, not an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def date_time_string(self, timestamp: float | None = None) -> str:
        teams = self.connector.teams
        return super().date_time_string(timestamp or teams.clock().timestamp() + teams.ahead)

    def log_message(self, *_: object) -> None:
        pass
