"""One request while it is being answered: what every part of the conversation needs at hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bot.core import accounts, patient_numbers
from bot.core.cards import Card, Severity
from bot.core.draft import Draft, How, Source, source
from bot.core.kept_drafts import Drafts
from bot.core.messages import Capabilities, Reply, Request, Show
from rules.deadlines import uk_date
from storage.model import UNLINKED, Person, Standing
from storage.store import Store


@dataclass(frozen=True)
class Defaults:
    """What the host of the bot knows: the nation where the settings name none, where the data is kept, and
    the administrators that the environment names, a platform's name and an id each."""

    nation: str = ""
    where: str = ""
    admins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    store: Store
    request: Request
    face: Capabilities
    defaults: Defaults

    @property
    def tenant(self) -> str:
        return self.request.tenant

    @property
    def unlinked(self) -> bool:
        """Does the place lead to no organisation? Then nothing is kept, and nothing is looked up."""
        return self.request.tenant == UNLINKED

    @cached_property
    def today(self) -> date:
        return uk_date(self.request.now)

    @property
    def person(self) -> Person:
        return Person(self.request.user.id, self.request.user.name)

    def standing_of(self, user: str) -> Standing:
        """What is known of somebody by now; empty where nothing is."""
        if user == self.request.user.id:
            return self.request.user.standing
        if accounts.is_account(user):
            return accounts.standing_of(user)
        if user in self.request.people:
            return self.request.people[user]
        known = self.store.person(self.tenant, user)
        return known.standing if known else ""

    def name_of(self, user: str) -> str:
        """As the platform calls them, or was heard to; empty where nobody has said."""
        asks = self.request.user
        known = self.request.names.get(user) or (asks.name if user == asks.id else "")
        heard = None if known else self.store.person(self.tenant, user)
        return heard.name if heard else known

    def called(self, user: str) -> str:
        """The same for a sentence, where somebody always has to stand."""
        return Person(user, self.name_of(user)).called

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.store, self.request, self.face)

    @cached_property
    def settings(self) -> dict[str, Any]:
        return self.store.settings(self.tenant)

    @property
    def nation(self) -> str:
        return str(self.settings.get("nation") or self.defaults.nation)

    def source(self, how: How = "answered", words: str = "") -> Source:
        return source(self.request.user, self.request.written, how, words)

    def as_of(self, written: str) -> Turn:
        """This one, about words that waited since then."""
        return replace(self, request=replace(self.request, told_at=datetime.fromisoformat(written)))

    def holds_number(self, text: str) -> bool:
        """Does a patient's number stand in the text? Looked for once in a request."""
        if text not in self._looked_at:
            self._looked_at[text] = patient_numbers.holds_number(text)
        return self._looked_at[text]

    @cached_property
    def _looked_at(self) -> dict[str, bool]:
        return {}

    def show(self, card: Card, *, private: bool | None = None) -> Reply:
        """A new message: to the one asking, but to all where a thread is talking."""
        shared = bool(self.request.place.thread) or self.request.place.personal
        return Show(card, private=not shared if private is None else private)

    def show_openly(self, card: Card) -> Reply:
        """What holds nothing of any incident: for all to see where nobody can be answered alone."""
        return self.show(card, private=None if self.face.private_answers else False)

    def say(self, title: str, *, severity: Severity = Severity.PLAIN) -> list[Reply]:
        return [self.show(Card(title, severity=severity))]

    def refuse(
        self, title: str, severity: Severity = Severity.ALARM, *, private: bool | None = None
    ) -> Reply:
        """Why what was wanted is not done, in a line."""
        shown = self.show(Card(title, severity=severity), private=private)
        assert isinstance(shown, Show)
        return replace(shown, refused=True)

    def save(self, draft: Draft) -> Draft:
        return self.drafts.save(draft)

    def command(self, words: str) -> str:
        """How one types a command here."""
        return f"{self.face.command} {words}".strip()
