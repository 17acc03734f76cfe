"""`irmer admin`: who administers the bot, named where its file lies; the way back in after a lock-out."""

from __future__ import annotations

from bot.call import Call
from bot.core.accounts import is_account, own_account, standing_of
from bot.core.settings.administrators import ADMINISTRATORS
from bot.process_settings import ADMIN_WANTED, ProcessSettings, is_administrator_id
from bot.usage import Declined, Usage
from storage.model import MACHINE, Person
from storage.store import Store

ELSE = {
    "slack": "an owner or administrator of the workspace",
    "teams": "nobody: name somebody",
    "os": "the account that owns the database's file",
}


def admin(call: Call) -> int:
    """Whoever can write the file decides; each change stands in the trail of the machine."""
    what, who = (*call.words, "", "")[:2]
    if what == "list" and len(call.words) == 1:
        return _list(call)
    if what not in ("add", "remove") or len(call.words) != 2:
        raise Usage(
            "irmer admin wants: list, or add or remove and who, such as irmer admin add slack:U0123ABCD"
        )
    if not is_administrator_id(who):
        raise Usage(f"an administrator is {ADMIN_WANTED}")
    if what == "add" and is_account(who) and standing_of(who) == "nobody":
        raise Declined(f"{who} is no account of this machine")
    with call.store() as store:
        there = _there(store)
        if (who in there) == (what == "add"):
            raise Declined(
                f"{who} is {'an administrator already' if what == 'add' else 'no administrator here'}"
            )
        now = [*there, who] if what == "add" else [one for one in there if one != who]
        account = own_account()
        by = Person(account, account)
        store.set_setting(MACHINE, ADMINISTRATORS, now or None, by=by, now=call.now())
    return _list(call)


def _there(store: Store) -> list[str]:
    return [str(one) for one in store.setting(MACHINE, ADMINISTRATORS, ())]


def _list(call: Call) -> int:
    named = [(one, "IRMER_ADMIN") for one in ProcessSettings.of(call.settings).admins]
    with call.store() as store:
        named += [(one, "irmer admin") for one in _there(store)]
    for one, by in named:
        print(f"{one}  named by {by}")
    for platform, otherwise in ELSE.items():
        if not any(one.startswith(f"{platform}:") for one, _ in named):
            print(f"{platform}: nobody is named, and so it is {otherwise}")
    return 0
