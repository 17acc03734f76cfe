"""What an activity asks of the conversation, and who is named in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.core.commands import changes_nothing, is_from_memory, names, split
from bot.core.messages import Capabilities, Command, Edited, HomeOpened, Said, Submitted, What
from bot.teams import execute
from bot.teams.activity import EXECUTE, Activity
from bot.teams.contacts import PLATFORM
from bot.teams.heard import mentions_bot, words
from bot.teams.hints import DIRECT, MENTION
from bot.teams.names import PERSON, SHARED

CAPABILITIES = Capabilities(
    dialogs=False,
    private_answers=False,
    hears_everything=False,
    forms_in_messages=True,
    folds=True,
    command=MENTION,
    direct=DIRECT,
    channels=SHARED,
    name=PLATFORM,
)
PERSONAL = replace(CAPABILITIES, command="")  # where no mention is needed


def wanted(activity: Activity, called: Mapping[str, str]) -> What | None:
    """What is asked of the conversation: None where it is only told something. Raises Malformed."""
    match activity.kind:
        case "message" if isinstance(activity.value, dict) and not activity.text:
            return execute.of_data(activity.value, activity.reply_to)
        case "message" if activity.personal or activity.targeted or mentions_bot(activity):
            return _said(activity, called)
        case "messageUpdate" | "messageDelete":  # Teams tells of what it has sent to the bot before
            return Edited(deleted=activity.kind == "messageDelete")
        case "invoke" if activity.name == EXECUTE:
            return execute.wanted(activity)
        case "conversationUpdate" if activity.personal and activity.comes:
            return HomeOpened()
        case _:
            return None


def _said(activity: Activity, called: Mapping[str, str]) -> What:
    """A command opens a form, a card here; anything else may be the answer to a question that was asked."""
    text, aside = words(activity, called)
    aside = (*aside, "attached") if activity.holds_files else aside
    first, _ = split(text, CAPABILITIES)
    if first in ("", *names()):
        return Command(text, aside)
    return Said(text, mentioned=mentions_bot(activity), aside=aside)


def named_in(what: What) -> frozenset[str]:
    """Others who are named in it, by the directory's ids: also such as are typed, where a setting or a case
    is to name them."""
    if isinstance(what, Command | Said):
        bare = split(what.text, CAPABILITIES)[0] in ("settings", "assign", "hand")
        called = PERSON.findall(what.text) if bare else re.findall(rf"<@({PERSON.pattern})>", what.text)
        return frozenset(one.lower() for one in called)
    chosen = what.inputs.values() if isinstance(what, Submitted) else ()
    return frozenset(one for text in chosen for one in text.split(",") if PERSON.fullmatch(one))


def needs_no_store(what: What | None) -> bool:
    """Then it is answered at once, without a thread for what blocks."""
    return isinstance(what, Command) and is_from_memory(what.text, CAPABILITIES)


def looks_up(what: What) -> bool:
    """Does it change nothing? Then it may be answered again after a restart, and need not be written down."""
    return isinstance(what, Command) and changes_nothing(what.text, CAPABILITIES)
