"""What a hospital has set: its settings as they are kept, and what of them does not fit.

What is kept and does not fit (of another release, or damaged) is named and counts as not set; it is never
half read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from pydantic import ValidationError

from bot.core.cards import InputKind
from bot.core.settings.definitions import SETTINGS, TenantSettings
from bot.core.settings.quiet_days import QuietDays
from bot.core.settings.setting_kinds import SettingWords
from storage.model import MACHINE, Destination
from storage.store import Store


def _is_channel(words: SettingWords) -> bool:
    return words.kind is InputKind.CHANNEL


class Chosen:
    """The settings of one tenant. `unfit` says of each that is kept and does not fit what is wrong."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        kept = {key: value for key, value in kept.items() if value is not None}
        self.unfit = {key: "is no setting of this release" for key in kept if key not in SETTINGS}
        try:
            self.settings = TenantSettings.model_validate(kept)
        except ValidationError as error:
            wrong = {str(one["loc"][0]) for one in error.errors(include_url=False, include_input=False)}
            self.settings = TenantSettings.model_validate({k: v for k, v in kept.items() if k not in wrong})
            self.unfit |= {key: f"does not fit: {SETTINGS[key].wanted}" for key in sorted(wrong)}

    def get(self, key: str) -> Any:
        return getattr(self.settings, key)

    def shown(self, key: str) -> str:
        return SETTINGS[key].shown(self.get(key)) or "not set"

    @property
    def problems(self) -> tuple[str, ...]:
        """A line for each setting that does not fit, with what holds instead."""
        return tuple(
            f"the setting {key} {why}"
            + (f"; until it is set again, {self.shown(key)} holds" if key in SETTINGS else "")
            for key, why in self.unfit.items()
        )

    @property
    def ping_days(self) -> tuple[int, ...]:
        return self.settings.ping_days

    @property
    def ping_hour(self) -> time:
        return self.settings.ping_hour

    @property
    def quiet_days(self) -> QuietDays:
        return self.settings.quiet_days

    @property
    def local_deadlines(self) -> Mapping[str, int]:
        return self.settings.local_deadlines

    def people(self, key: str) -> tuple[str, ...]:
        """Whom a setting names; `may_read` beside those whom it concerns."""
        found = self.get(key)
        return found if isinstance(found, tuple) else ()

    @property
    def places(self) -> Mapping[str, Destination]:
        """Every channel that is set, by what it is for: `incidents channel`."""
        set_ = {words.label.lower(): self.get(key) for key, words in SETTINGS.items() if _is_channel(words)}
        return {label: place for label, place in set_.items() if place is not None}

    def place(self, key: str) -> Destination | None:
        """The conversation of a channel's setting; None where there is none."""
        found: Destination | None = self.get(key)
        return found


def settings_that_do_not_fit(store: Store) -> list[str]:
    """A line for each, of every tenant: for those who look after the bot."""
    return [
        f"{tenant}: {line}"
        for tenant in store.tenants()
        if tenant != MACHINE
        for line in Chosen(store.settings(tenant)).problems
    ]
