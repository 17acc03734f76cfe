"""What releases before left in a terminal's file, where a person was whatever word the environment said.

Such a word is nobody's account: what it holds by the settings is named until somebody else is, and what it
has written stays its own. A check that it left unfinished goes on under the account that owns the file, which
could read it anyhow.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.accounts import is_account
from bot.core.messages import User
from bot.core.settings.holders import held
from storage.store import Store

MINE = "user:"  # before the id of whoever holds a check


def take_over(store: Store, tenant: str, platform: str, user: User, now: datetime) -> None:
    for one in held(store, tenant):
        if not is_account(one) and store.person(tenant, one, platform) is None:
            store.remember_person(tenant, platform, one, "nobody", now=now)
    if user.standing != "admin":
        return
    for kept in store.drafts(tenant, platform=platform):
        own = replace(kept.key, holder=f"{MINE}{user.id}")
        theirs = kept.key.holder.removeprefix(MINE)
        if not is_account(theirs) and store.draft(tenant, own) is None:
            store.save_draft(tenant, own, kept.state, now=kept.updated_at, expected=0)
            store.drop_draft(tenant, kept.key)
