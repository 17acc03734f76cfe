"""`settings`: what a hospital has set, one setting changed, or all in a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core import patient_numbers
from bot.core.cards import Button, Card, Form, Input, Pairs, Text, Weight
from bot.core.messages import Done, Open, Reply
from bot.core.refused import Refused
from bot.core.reminders.placing import here
from bot.core.settings import permissions
from bot.core.settings.definitions import SETTINGS, BadSetting, Chosen, Setting
from bot.core.turn import Turn
from bot.core.words.phrases import sentence

FORM = "case.settings"
CHANNELS = ("incidents_channel", "fallback_channel", "escalation_channel")
# What moves the reminders of deadlines that are there already.
SCHEDULE = ("ping_days", "ping_hour", "quiet_days")


def command(turn: Turn, rest: str) -> list[Reply]:
    """Raises Refused."""
    key, _, value = rest.strip().partition(" ")
    if not key:
        return [turn.show(settings_card(turn))]
    setting = _named(key)
    if not value.strip():
        shown = Chosen(turn.settings).shown(setting.key)
        return turn.say(
            f"{setting.label}: {shown}. {turn.command(f'settings {setting.key}')} <{setting.hint}>"
        )
    permissions.require_settings(turn)
    said = change(turn, {setting.key: value.strip()})
    return turn.say(said)


def _named(key: str) -> Setting:
    plain = key.lower().replace("-", "_")
    if plain not in SETTINGS:
        raise Refused(f"there is no such setting. There are: {', '.join(SETTINGS)}")
    return SETTINGS[plain]


def settings_card(turn: Turn) -> Card:
    chosen = Chosen({"nation": turn.nation, **turn.settings})
    pairs = tuple((f"{s.label} ({s.key})", chosen.shown(s.key)) for s in SETTINGS.values())
    how = Text(f"{turn.command('settings <name> <value>')} changes one.", Weight.SUBTLE)
    first = () if chosen.people("may_settings") else (Text(FIRST_RUN, Weight.WARNING),)
    card = Card("Settings", (*first, Pairs(pairs), how))
    if turn.face.buttons and permissions.may_change_settings(turn):
        return card.with_buttons(Button("Change", "case.settings", style="primary"))
    return card


FIRST_RUN = "Nobody has been named yet who may change settings: the first person to change one is."


def change(turn: Turn, typed: Mapping[str, str]) -> str:
    """All of them or none; what is told of it. Raises Refused."""
    values: dict[str, Any] = {}
    for key, text in typed.items():
        values[key] = read(turn, SETTINGS[key], text)
    first = not Chosen(turn.settings).people("may_settings") and not Chosen(turn.settings).people(
        "role_governance"
    )
    if first and not values.get("may_settings"):
        values["may_settings"] = [turn.request.user.id]
    for key, value in values.items():
        turn.store.set_setting(turn.tenant, key, value, by=turn.person, now=turn.request.now)
    after = Chosen(turn.store.settings(turn.tenant))
    said = "; ".join(f"{SETTINGS[key].label}: {after.shown(key)}" for key in values)
    more = (
        " Deadlines that are there already keep their dates; their reminders follow."
        if _replanned(turn, values, after)
        else ""
    )
    return sentence(said) + more


def read(turn: Turn, setting: Setting, text: str) -> Any:
    """The value to keep. Raises Refused."""
    patient_numbers.refuse_numbers(text)
    words = " ".join(turn.request.user.id if word.lower() == "me" else word for word in text.split())
    try:
        value = setting.read(words if setting.key.startswith(("role_", "may_")) else text)
    except BadSetting as bad:
        raise Refused(str(bad)) from None
    if setting.key in CHANNELS:
        name = turn.request.place.conversation if value.lower() == "here" else value
        return {"platform": turn.face.name, "conversation": name} if name else None
    return value


def _replanned(turn: Turn, values: Mapping[str, Any], after: Chosen) -> bool:
    """What is still to be reminded of, by the new schedule."""
    if not any(key in values for key in SCHEDULE):
        return False
    from bot.core.reminders.replan import replan

    now = turn.request.now
    return replan(turn.store, turn.tenant, after, turn.today, here(turn), by=turn.person, now=now) > 0


# As a form


def form(turn: Turn, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> Open:
    chosen, values = Chosen({"nation": turn.nation, **turn.settings}), typed or {}
    inputs = tuple(
        Input(
            s.key, s.label, value=values.get(s.key, _as_typed(chosen, s)),
            hint=s.hint[:1].upper() + s.hint[1:], error=(errors or {}).get(s.key, ""),
        )
        for s in SETTINGS.values()
    )  # fmt: skip
    return Open(Form(FORM, "all", "Settings", inputs, "Save"))


def _as_typed(chosen: Chosen, setting: Setting) -> str:
    shown = chosen.shown(setting.key)
    return "" if shown in ("not set", "none") else shown


def submitted(turn: Turn, inputs: Mapping[str, str]) -> list[Reply]:
    """Only what was changed is set; what is wrong stands beside its input. Raises Refused."""
    permissions.require_settings(turn)
    chosen = Chosen({"nation": turn.nation, **turn.settings})
    changed = {
        key: text.strip() or "none"
        for key, text in inputs.items()
        if key in SETTINGS and text.strip() != _as_typed(chosen, SETTINGS[key])
    }
    errors: dict[str, str] = {}
    for key, text in changed.items():
        try:
            read(turn, SETTINGS[key], text)
        except Refused as refused:
            errors[key] = str(refused)
    if errors:
        return [form(turn, patient_numbers.without_numbers(inputs), errors)]
    close: list[Reply] = [Done()] if turn.face.dialogs else []
    return [*close, *turn.say(change(turn, changed) if changed else "Nothing was changed.")]
