"""`irmer connect` and `irmer secrets`: the apps by which one process is in many workspaces and directories.

A secret comes from a prompt that shows nothing, or from a file, and never from the words of a command, which
others on the machine can read.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from getpass import getpass

from bot import connectable
from bot.call import Call
from bot.configuration import Settings
from bot.core.accounts import own_account
from bot.core.whose import shared_directories
from bot.hosts import by_the_systems_certificates
from bot.kept_connections import KEY, MODELS, NO_KEY, PLAIN, SECRET, box_of
from bot.paths import file_of, path_of
from bot.process_settings import ProcessSettings
from bot.slack.settings import SlackSettings
from bot.sources import lines_of
from bot.teams.settings import TeamsSettings
from bot.usage import Declined, Usage
from storage.chat_connection_model import ChatConnection, ConnectionPlan
from storage.errors import StoreError
from storage.model import Person
from storage.organisation_model import Outside
from storage.secret_box import new_key
from storage.store import Store

WANTED = (
    "irmer connect wants one of: slack, teams, list, end and a connection, such as irmer connect end slack-1"
)
# What is asked at the prompt; the rest comes by a file, or is not needed.
ASKED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "slack": (
        ("SLACK_BOT_TOKEN", "Bot token (xoxb-…, nothing is shown)"),
        ("SLACK_APP_TOKEN", "App-level token (xapp-…), or nothing where Slack calls by HTTP"),
        ("SLACK_SIGNING_SECRET", "Signing secret, or nothing with Socket Mode"),
    ),
    "teams": (
        ("TEAMS_CLIENT_ID", "Client id of the registration"),
        ("TEAMS_TENANT_ID", "Directory (tenant) id"),
        ("TEAMS_CLIENT_SECRET", "Client secret (nothing is shown)"),
        ("TEAMS_SECRET_EXPIRES", "The day on which it ends, such as 2027-03-01, or nothing"),
    ),
}


def connect(call: Call) -> int:
    """Whoever can read the key and write the database decides; each change stands in the machine's trail."""
    what = call.words[0] if call.words else ""
    if what == "list" and len(call.words) == 1:
        return _list(call)
    if what == "end" and len(call.words) == 2:
        return _end(call, call.words[1])
    if what in MODELS and len(call.words) == 1:
        return _connect(call, what)
    raise Usage(WANTED)  # which repeats nothing: a secret may have been typed there


def secrets(call: Call) -> int:
    what = call.words[0] if call.words else ""
    if what == "new-key" and len(call.words) == 2:
        path = file_of(call.words[1])
        try:
            made = new_key(path)
        except StoreError as problem:
            raise Declined(str(problem)) from None
        print(f"{path}: the key {made} seals from now on, and those after it open what they sealed.")
        print(f"Keep a copy of it apart from the backups of the database. {KEY}_FILE names it; then")
        print(
            "irmer secrets rotate seals with it what another has sealed. An irmer serve that runs reads the\n"
            "file anew whenever it opens a secret; where it is a credential of systemd's, restart it first."
        )
        return 0
    if what == "rotate" and len(call.words) == 1:
        return _rotate(call)
    raise Usage("irmer secrets wants one of: new-key FILE, rotate")


def _by() -> Person:
    account = own_account()
    return Person(account, account)


def _rotate(call: Call) -> int:
    if (box := box_of(Settings.of(call.all_settings))) is None:
        raise Usage(NO_KEY)
    with call.store() as store:
        try:
            many = store.seal_anew(box, by=_by(), now=call.now())
        except StoreError as problem:
            raise Declined(f"nothing was changed: {problem}") from None
    print(f"{many} sealed anew, by the key {box.key_id}; the earlier keys are no longer needed")
    return 0


def _list(call: Call) -> int:
    with call.store() as store:
        for one in store.connections():
            print(*_listed(one), sep="\n")
    return 0


def _listed(one: ChatConnection) -> list[str]:
    plan, whence = one.plan, " by the environment," if one.by_environment else ""
    of = f" of {plan.enterprise}" if plan.team and plan.enterprise else ""
    state = f"{one.state} ({one.why})" if one.why else one.state
    place = f"{plan.platform} {plan.team or plan.enterprise}{of}, app {plan.app or 'not told'}"
    since = f"installed {one.installed_at:%Y-%m-%d %H:%M} UTC"
    changed = f"last changed {one.at:%Y-%m-%d %H:%M} UTC by {one.by.name}"
    return [
        f"{one.title}:{whence} {place}, {state}",
        f"    leads to {one.organisation or 'what is bound'}; {since}; {changed}",
    ]


def _end(call: Call, name: str) -> int:
    with call.store() as store:
        try:
            ended = store.end_connection(name, "ended", "", by=_by(), now=call.now())
        except StoreError as problem:
            raise Declined(str(problem)) from None
    if ended is None:
        raise Declined(f"{name} has ended already")
    print(f"{name} is ended and its secrets are gone; what was kept by it stays. Remove the app there too.")
    return 0


def _connect(call: Call, platform: str) -> int:
    by_the_systems_certificates()
    set_ = Settings.of(call.all_settings)
    if (box := box_of(set_)) is None:
        raise Usage(f"{KEY}_FILE is not set: irmer secrets new-key FILE makes a key, which seals the secrets")
    connectable.check_installed(set_, only=platform)
    given = _given(call, platform)
    settings = MODELS[platform].of(given)
    connectable.find_a_home(call.beside())
    plan, at = asyncio.run(_introduced(platform, settings, call.now()))
    kept = tuple((name, given[name]) for name in PLAIN[platform] if given.get(name))
    secret = {name: given[name] for name in SECRET[platform] if given.get(name)}
    with call.store() as store:
        try:
            plan = replace(plan, settings=kept, organisation=_organisation(call, store, plan))
            _refuse_twin(store, plan, set_)
            made = store.connect(plan, secret, box, installed_at=at, by=_by(), now=call.now())
            _lead(call, store, made)
        except StoreError as problem:
            raise Declined(str(problem)) from None
        _say(call, store, made)
    return 0


def _given(call: Call, platform: str) -> dict[str, str]:
    names = (*SECRET[platform], *PLAIN[platform])
    found = {name: value for name in PLAIN[platform] if (value := call.settings.get(name)) and "URL" in name}
    if file := call.options.get("file"):
        return found | lines_of(path_of(file), names)
    if not sys.stdin.isatty():
        raise Usage(
            f"irmer connect {platform} asks at a terminal: give --file FILE, with lines of NAME=value"
        )
    asked = {
        name: (getpass if name in SECRET[platform] else input)(f"{words}: ").strip()
        for name, words in ASKED[platform]
    }
    return found | {name: value for name, value in asked.items() if value}


async def _introduced(platform: str, settings: object, now: datetime) -> tuple[ConnectionPlan, datetime]:
    """Raises NotReady."""
    if platform == "slack":
        from bot.slack.introduced import introduced as of_slack  # an extra, which need not be installed

        assert isinstance(settings, SlackSettings)
        return await of_slack(settings, lambda: now)
    from bot.teams.introduced import introduced as of_teams  # an extra, and 1.5 s at least

    assert isinstance(settings, TeamsSettings)
    return await of_teams(settings), now


def _outside(plan: ConnectionPlan) -> Outside:
    if plan.platform == "slack" and plan.team:
        return Outside("slack", "workspace", plan.team)
    return Outside(plan.platform, "directory", plan.team or plan.enterprise, plan.app if plan.team else "")


def _organisation(call: Call, store: Store, plan: ConnectionPlan) -> str:
    """Whose all of it is to be, "" where bindings alone say that. Raises StoreError, and Usage."""
    named, outside = call.options.get("organisation", ""), _outside(plan)
    bound = store.bound([outside])
    if not named:
        return bound or ""
    store.organisation(named)
    if plan.platform == "teams" and outside.external in _shared(call):
        raise Usage(
            f"the directory {outside.external} is shared by several organisations, and is never bound whole: "
            f"connect it without --organisation, and bind its teams with irmer org bind {named} teams team"
        )
    if bound and bound != named:
        raise Declined(f"{outside.called} leads to {bound}: irmer org unbind it there first")
    return named


def _shared(call: Call) -> frozenset[str]:
    return shared_directories(ProcessSettings.of(call.settings).shared_directories)


def _lead(call: Call, store: Store, made: ChatConnection) -> None:
    outside = _outside(made.plan)
    if made.organisation and not store.bound([outside]) and outside.external not in _shared(call):
        store.bind(made.organisation, outside, how=f"by irmer connect, {made.id}", by=_by(), now=call.now())


def _refuse_twin(store: Store, plan: ConnectionPlan, set_: Settings) -> None:
    """Two that are connected by one app hear a half each. Raises Declined."""
    place = (plan.platform, plan.team or plan.enterprise)
    for one in store.connections():
        there = (one.platform, one.plan.team or one.plan.enterprise)
        same = there == place and one.plan.app in ("", plan.app)
        if same and one.by_environment and one.platform in set_.platforms:
            raise Declined(
                f"the environment sets up {place[0]} in {place[1]} already: take its settings out, and "
                "connect it here then"
            )


def _say(call: Call, store: Store, made: ChatConnection) -> None:
    plan, anew = made.plan, " again" if made.change > 1 else ""
    print(f"{made.title}: {plan.platform} {plan.team or plan.enterprise} is connected{anew}, app {plan.app}")
    if made.organisation:
        print(f"It leads to {store.organisation(made.organisation).called}.")
    else:
        outside = _outside(plan)
        what = f"{outside.platform} {outside.kind} {outside.external}"
        if plan.platform == "teams" and outside.external in _shared(call):
            what = "teams team 19:…@thread.tacv2"
        print(f"It leads to no organisation yet: irmer org bind ID {what} says whose it is.")
    if plan.platform == "teams":
        print(f"Messaging endpoint of the bot: https://your.host/api/messages/{made.id}")
    elif any(row.name == "SLACK_SIGNING_SECRET" for row in store.sealed_secrets(made.id)):
        print(f"Request URL, where Slack calls by HTTP: https://your.host/slack/events/{made.id}")
    print("An irmer serve that runs takes it up within ten seconds.")
