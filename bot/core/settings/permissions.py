"""Who may do what. What is not listed here everybody in the tenant may do.

Until a hospital has named people, this holds:

- settings: the first person to change a setting is named in `may_settings` by doing so. From then on those
  named there, and the governance leads, may.
- close, stand down, correct the discovery date: the case's owner, and whoever has a role; those named in
  `may_close` alone once anybody is.
- confirm: who has a role. While nobody has one at all, anybody may who says in which role; it is written down
  as they said it.
- take a text out: governance leads, and nobody while there is none.
- export: those named in `may_export`, else the governance leads, else whoever may change settings.

A refusal says who may, and goes into the audit trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from bot.core.refused import Refused
from bot.core.settings.definitions import ROLES, Chosen
from bot.core.turn import Turn
from bot.core.words.case_words import role_words
from storage.model import Case, Person
from storage.store import Store


class May(Enum):
    """Who may: what a row of the acts names."""

    ANYBODY = "everybody"
    CLOSE = "may_close, else the case's owner and whoever has a role"
    CONFIRM = "whoever has a role"
    REDACT = "governance leads"


class NotAllowed(Refused):
    """One line: who may."""


def roles(chosen: Chosen, user: str) -> tuple[str, ...]:
    return tuple(role for role in ROLES if user in chosen.people(f"role_{role}"))


def nobody_has_a_role(chosen: Chosen) -> bool:
    return not any(_named(chosen, f"role_{role}") for role in ROLES)


def _named(chosen: Chosen, key: str) -> tuple[str | None, ...]:
    """Whom a setting names. One that does not fit names somebody whom nobody is: it may have named people."""
    return (None,) if key in chosen.unfit else chosen.people(key)


def may_close(turn: Turn, case: Case) -> bool:
    chosen, user = Chosen(turn.settings), turn.request.user.id
    if named := _named(chosen, "may_close"):
        return user in named
    return (case.owner is not None and case.owner.id == user) or bool(roles(chosen, user))


def require_close(turn: Turn, case: Case, what: str) -> None:
    """For what ends a case or moves its dates. Raises NotAllowed."""
    if may_close(turn, case):
        return
    if _named(Chosen(turn.settings), "may_close"):
        why = f"only those named in the settings may {what}: ask one of them"
    else:
        why = f"only the case's owner or somebody with a role may {what}: ask one of them, or take it over"
    raise refused(turn, what, case.ref, why)


def is_governance_lead(turn: Turn) -> bool:
    return turn.request.user.id in Chosen(turn.settings).people("role_governance")


def require_governance(turn: Turn, what: str, subject: str) -> None:
    """For what only a governance lead does. Raises NotAllowed."""
    if not is_governance_lead(turn):
        why = f"only a governance lead named in the settings may {what}: settings role_governance <person>"
        raise refused(turn, what, subject, why)


def may_change_settings(turn: Turn) -> bool:
    chosen, user = Chosen(turn.settings), turn.request.user.id
    named = _named(chosen, "may_settings")
    return not named or user in named or user in chosen.people("role_governance")


def require_settings(turn: Turn) -> None:
    """Raises NotAllowed."""
    if not may_change_settings(turn):
        raise refused(
            turn,
            "change settings",
            "",
            "only those named in the settings, and governance leads, may change them",
        )


def may_export(settings: Mapping[str, Any], user: str) -> bool:
    chosen = Chosen(settings)
    named = _named(chosen, "may_export") or chosen.people("role_governance") or chosen.people("may_settings")
    return user in named


def confirming_role(turn: Turn, said: str, subject: str) -> str:
    """The role in which somebody confirms, `said` being the one that they name. Raises NotAllowed, or Refused
    where they have to name one."""
    chosen = Chosen(turn.settings)
    if nobody_has_a_role(chosen):
        if not said:
            raise Refused("say in which role you confirm: MPE, RPS or governance lead")
        return said
    have = roles(chosen, turn.request.user.id)
    if not have or (said and said not in have):
        wanted = "the MPE, the RPS or the governance lead" if not said else f"the {role_words(said)}"
        raise refused(turn, "confirm", subject, f"a verdict is confirmed by {wanted} named in the settings")
    return said or have[0]


def refused(turn: Turn, what: str, subject: str, why: str) -> NotAllowed:
    return refusal(turn.store, turn.tenant, turn.person, turn.request.now, what, subject, why)


def refusal(
    store: Store, tenant: str, by: Person, now: datetime, what: str, subject: str, why: str
) -> NotAllowed:
    """A refusal, written down."""
    store.log(tenant, "refused", subject, {"what": what, "why": why}, by=by, now=now)
    return NotAllowed(why)
