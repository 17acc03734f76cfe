"""Who may do what.

- Administrators are named by `IRMER_ADMIN` or on the machine (`irmer admin`). While nobody is named for a
  platform who exists on it, it is whom the platform itself says so of: an owner or administrator of its
  workspace; at a terminal the account that owns the file. Nobody is one by being first.
- Settings: administrators always, so that no typing error locks everybody out; those named in `may_settings`,
  and the governance leads.
- Reading a case or a record: everybody of the organisation. Once `may_read` is *named*: its owner, whoever
  gave facts to it, whoever has a role, and whom it names. Whoever may not read may do nothing with it.
- Close, stand down, correct the discovery date: the case's owner, and whoever has a role; those named in
  `may_close` alone once anybody is.
- Confirm: who has a role (`confirming.py`).
- Take a text out: governance leads, and nobody while there is none.
- Export: those named in `may_export`, else the governance leads, else whoever may change settings.

A refusal says who may, and goes into the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from bot.core import accounts
from bot.core.organisation import NOT_OURS, OURS
from bot.core.refused import Refused
from bot.core.settings.administrators import administrators_words, is_administrator
from bot.core.settings.chosen import Chosen
from bot.core.settings.definitions import OF_PEOPLE, ROLES
from bot.core.turn import Turn
from bot.core.words.references import REF, THEME
from storage.model import Case, Person, Record
from storage.store import Store

UNKNOWN = "who you are cannot be found out now, and nothing is shown until it can: try again in a minute"


class May(Enum):
    """Who may: what a row of the acts names. Each of these may read as well."""

    READ = "everybody of the organisation, or, once may_read is named, its owner, whoever gave facts, roles"
    CLOSE = "may_close, else the case's owner and whoever has a role"
    CONFIRM = "whoever has a role, and neither kept the verdict nor changed it since"
    REDACT = "governance leads"


class NotAllowed(Refused):
    """One line: who may."""


# Who exists, and who holds what


def names_of(turn: Turn, key: str) -> tuple[str, ...]:
    """Whom a setting names, without those of whom it is known that they cannot hold it."""
    return tuple(one for one in Chosen(turn.settings).people(key) if turn.standing_of(one) not in NOT_OURS)


def roles(turn: Turn) -> tuple[str, ...]:
    """Of the person who asks: of somebody of whom nothing is known, none."""
    user = turn.request.user
    chosen = Chosen(turn.settings)
    return tuple(r for r in ROLES if user.standing in OURS and user.id in chosen.people(f"role_{r}"))


def nobody_has_a_role(turn: Turn) -> bool:
    return not any(names_of(turn, f"role_{role}") for role in ROLES)


def require_people(turn: Turn, named: Iterable[str], what: str) -> None:
    """Who can `what` (hold a role, own a case) exists, and is of the organisation. Raises Refused."""
    named = tuple(named)
    for user in named:
        if named.count(user) > 1:
            raise Refused(f"{turn.called(user)} is named twice: name everybody once")
        standing, called = turn.standing_of(user), turn.name_of(user) or user
        if user.startswith(("<#", "#")) or user in turn.request.channels:
            raise Refused(f"only people can {what}, and {user} is a channel: mention somebody, or pick them")
        if standing in NOT_OURS:
            who = f"{called} is {NOT_OURS[standing]}"
            raise Refused(f"only colleagues can {what}, and {who}: mention one, or pick one in the form")
        if not standing:
            how = "mention them, or pick them in the form, once they have written to me"
            if accounts.is_account(turn.request.user.id):
                how = f"name an account of this machine, such as {turn.request.user.id}"
            raise Refused(f"who {user} is cannot be found out: {how}")


def misplaced(turn: Turn) -> Iterator[str]:
    """Whom the settings name who cannot hold it, a line each."""
    chosen = Chosen(turn.settings)
    for key in OF_PEOPLE:
        for user in chosen.people(key):
            if (standing := turn.standing_of(user)) in NOT_OURS:
                called = turn.name_of(user) or user
                yield f"{key} names {called}, who is {NOT_OURS[standing]}: name somebody else"


def _named(chosen: Chosen, key: str) -> tuple[str | None, ...]:
    """Whom a setting names. One that does not fit names somebody whom nobody is: it may have named people."""
    return (None,) if key in chosen.unfit else chosen.people(key)


# Settings and export


def may_change_settings(turn: Turn) -> bool:
    user = turn.request.user
    if user.standing not in OURS:
        return False
    named = (*Chosen(turn.settings).people("may_settings"), *Chosen(turn.settings).people("role_governance"))
    return user.id in named or is_administrator(turn)


def require_settings(turn: Turn) -> None:
    """Raises NotAllowed."""
    if not may_change_settings(turn):
        others = [*names_of(turn, "may_settings"), *names_of(turn, "role_governance")]
        also = ", those named in may_settings, and governance leads" if others else ""
        why = f"settings are changed by {administrators_words(turn)}{also}"
        raise refused(turn, "change settings", "", why)


def may_export(settings: Mapping[str, Any], user: str, *, administrator: bool = False) -> bool:
    """Accounts of the machine are named `os:jane`; in releases before, `jane`."""
    chosen = Chosen(settings)
    exporters = _named(chosen, "may_export")
    named = exporters or chosen.people("role_governance") or chosen.people("may_settings")
    if not named:
        return administrator
    return user in named or (accounts.is_account(user) and user.removeprefix(accounts.OS) in exporters)


# Reading


def require_ours(turn: Turn) -> None:
    """For lists and settings, which are about no one case. Raises NotAllowed."""
    if turn.request.user.standing not in OURS:
        raise refused(turn, "look", "", UNKNOWN)


def readers(turn: Turn) -> tuple[str, ...] | None:
    """Who may read beside those whom it concerns and who has a role; None for everybody."""
    chosen = Chosen(turn.settings)
    if "may_read" in chosen.unfit:
        return ()
    named = chosen.get("may_read")
    return None if named == "everybody" else tuple(named)


def may_read(turn: Turn, subject: str) -> bool:
    if turn.request.user.standing not in OURS:
        return False
    return reads_everything(turn) or (not THEME.fullmatch(subject) and concerns(turn, subject))


def reads_everything(turn: Turn) -> bool:
    """Whatever it is about: what is looked for in every record shows something of each."""
    named = readers(turn)
    ours = turn.request.user.standing in OURS
    return ours and (named is None or turn.request.user.id in named or bool(roles(turn)))


def require_reading_everything(turn: Turn, what: str) -> None:
    """Raises NotAllowed."""
    require_ours(turn)
    if not reads_everything(turn):
        why = f"{what} are for whoever has a role and those in may_read, who may read every record"
        raise refused(turn, "look", "", why)


def concerns(turn: Turn, subject: str) -> bool:
    """Is it or a measure of it theirs, or did they give facts to it, keep or change it? Raises NotFound."""
    me, store = turn.request.user.id, turn.store
    if REF.fullmatch(subject):
        case = store.case(turn.tenant, subject)
        mine = [case.opened_by, case.owner]
        numbers: tuple[str, ...] = case.records
    else:
        refs = store.record(turn.tenant, subject).cases
        mine = [store.case(turn.tenant, ref).owner for ref in refs]
        numbers = (subject,)
    mine += [one.owner for number in numbers for one in store.measures(turn.tenant, number)]
    if any(person is not None and person.id == me for person in mine):
        return True
    return any(me in _givers(record) for number in numbers for record in store.revisions(turn.tenant, number))


def _givers(record: Record) -> set[str]:
    said = (given for given in record.assessment.sources.values() if isinstance(given, Mapping))
    return {record.by.id, *(str(given.get("id", "")) for given in said)}


def require_read(turn: Turn, subject: str, what: str) -> None:
    """Raises NotAllowed and NotFound."""
    if may_read(turn, subject):
        return
    if turn.request.user.standing not in OURS:
        why = UNKNOWN
    elif THEME.fullmatch(subject):
        why = "themes are for whoever has a role and those in may_read, who may read every record"
    else:
        why = f"{subject} is read by its owner, whoever gave facts to it, whoever has a role, and may_read"
    raise refused(turn, what, subject, why)


def note_reading(turn: Turn, subject: str) -> None:
    """By somebody whom it does not concern."""
    if THEME.fullmatch(subject) or not concerns(turn, subject):
        turn.store.log(turn.tenant, "read", subject, {}, by=turn.person, now=turn.request.now)


# What ends a case or moves its dates


def may_close(turn: Turn, case: Case) -> bool:
    user = turn.request.user.id
    if named := _named(Chosen(turn.settings), "may_close"):
        return user in named
    return (case.owner is not None and case.owner.id == user) or bool(roles(turn))


def require_close(turn: Turn, case: Case, what: str) -> None:
    """Raises NotAllowed."""
    if may_close(turn, case):
        return
    if _named(Chosen(turn.settings), "may_close"):
        why = f"only those named in the settings may {what}: ask one of them"
    else:
        why = f"only the case's owner or somebody with a role may {what}: ask one of them, or take it over"
    raise refused(turn, what, case.ref, why)


def is_governance_lead(turn: Turn) -> bool:
    return "governance" in roles(turn)


def require_governance(turn: Turn, what: str, subject: str) -> None:
    """For what only a governance lead does. Raises NotAllowed."""
    if not is_governance_lead(turn):
        names = turn.command("settings role_governance <person>")
        why = f"only a governance lead named in the settings may {what}: {names} names one"
        raise refused(turn, what, subject, why)


# Refusing


def refused(turn: Turn, what: str, subject: str, why: str) -> NotAllowed:
    return refusal(turn.store, turn.tenant, turn.person, turn.request.now, what, subject, why)


def refusal(
    store: Store, tenant: str, by: Person, now: datetime, what: str, subject: str, why: str
) -> NotAllowed:
    """A refusal, written down."""
    store.log(tenant, "refused", subject, {"what": what, "why": why}, by=by, now=now)
    return NotAllowed(why)
