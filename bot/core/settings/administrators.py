"""Who administers: named by `IRMER_ADMIN` or on the machine, else whom the platform itself says so of."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.core import accounts
from bot.core.messages import User
from bot.core.organisation import NOT_OURS, OURS
from bot.core.turn import Turn
from storage.model import MACHINE
from storage.store import Store

ADMINISTRATORS = "administrators"  # the machine's setting of that name


def is_administrator(turn: Turn) -> bool:
    return administers(turn.store, turn.defaults.admins, turn.request.user, turn.face.name, _excluded(turn))


def administers(
    store: Store, admins: Iterable[str], user: User, platform: str, excluded: Callable[[str], bool]
) -> bool:
    """`admins` are those of the environment; `excluded` says of whom it is known that they do not exist."""
    if user.standing not in OURS:
        return False
    named = [
        one for one in named_administrators(store, admins, _prefix(platform, user.id)) if not excluded(one)
    ]
    if named and user.id not in named:  # who moved is kept as before, and may be named as they are called now
        moved = store.moved_people(platform)
        named = [moved.get(one, one) for one in named]
    return user.id in named if named else user.standing == "admin"


def named_administrators(store: Store, admins: Iterable[str], prefix: str) -> list[str]:
    """The ids of those who come in by one way (a platform's, `os:`), whoever named them."""
    every = dict.fromkeys((*admins, *store.setting(MACHINE, ADMINISTRATORS, ())))
    mine = [str(one) for one in every if str(one).startswith(prefix)]
    return mine if prefix == accounts.OS else [one.removeprefix(prefix) for one in mine]


def _prefix(platform: str, user: str) -> str:
    return accounts.OS if accounts.is_account(user) else f"{platform}:"


def _excluded(turn: Turn) -> Callable[[str], bool]:
    return lambda user: turn.standing_of(user) in NOT_OURS


def administrators_words(turn: Turn) -> str:
    """Who they are here, and how one is named."""
    user, excluded = turn.request.user.id, _excluded(turn)
    prefix = _prefix(turn.face.name, user)
    if not all(map(excluded, named_administrators(turn.store, turn.defaults.admins, prefix))):
        return "an administrator, as IRMER_ADMIN or irmer admin names them"
    me = user if accounts.is_account(user) else f"{prefix}{user}"
    return (
        turn.face.administrators or f"an administrator: irmer admin add {me}, on the machine, makes you one"
    )
