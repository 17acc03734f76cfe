"""The store's verbs for connections to chat platforms: see `storage.store`. They are the machine's, whose
trail tells of each change; so does that of the organisation whose one is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from storage.chat_connection_model import ChatConnection, ConnectionPlan, ConnectionState, SealedSecret
from storage.model import Person
from storage.secret_box import SecretBox


class ChatConnections(Protocol):
    def connect(
        self, plan: ConnectionPlan, secrets: Mapping[str, str], box: SecretBox | None, *, id: str = "",  # noqa: A002
        installed_at: datetime, by: Person, now: datetime,
    ) -> ChatConnection:  # fmt: skip
        """A new one, or the one of the same app in the same place, live again and with these secrets alone.
        Another app of the organisation's in the same workspace is replaced. With `id`, and without a `box`,
        it is the one that the environment sets."""

    def end_connection(
        self, id: str, state: ConnectionState, why: str, *, told_at: datetime | None = None, by: Person,  # noqa: A002
        now: datetime,
    ) -> ChatConnection | None:  # fmt: skip
        """None, and nothing is changed, where it is so already, or where what was told by the platform at
        `told_at` is of before it was installed. Of one that was revoked the secrets stay, else they go."""

    def connection_changed(
        self, id: str, told: Mapping[str, Any], *, by: Person, now: datetime  # noqa: A002
    ) -> ChatConnection | None:  # fmt: skip
        """The platform says something else of it, by the fields of its plan. None where nothing is new."""

    def connections(self) -> tuple[ChatConnection, ...]:
        """Each as it is now, whatever its state."""

    def sealed_secrets(self, connection: str = "") -> tuple[SealedSecret, ...]:
        """Of one connection, or of all."""

    def seal_anew(self, box: SecretBox, *, by: Person, now: datetime) -> int:
        """Each that is sealed by another key than the first is sealed by it; how many. Raises CannotUnseal,
        and nothing is changed, where one cannot be opened."""
