"""The rows of themes: how an answer is written, and a theme read."""

from __future__ import annotations

from storage import masking, rows
from storage.errors import Conflict, Invalid
from storage.sql import Row, Sql
from storage.theme_model import Shared, Theme, ThemeAnswer, ThemeState, ThemeStep
from storage.times import moment
from storage.unit_of_work import Work, missing

_STATE_OF: dict[str, ThemeState] = {"yes": "one_cause", "no": "apart", "not_known": "unclear"}


def answer_theme(work: Work, given: ThemeAnswer, case: str = "") -> str:
    """Opens a theme, or adds to one; its reference. Raises Invalid, NotFound and Conflict."""
    if given.one_cause not in _STATE_OF or given.different_people not in _STATE_OF:
        raise Invalid("whether it is one cause, and different people, is yes, no or not known")
    for number in given.numbers:
        if work.sql.value(
            "select 1 from record_current where tenant = ? and number = ?", work.tenant, number
        ) is None:  # fmt: skip
            raise missing(number)
    theme = read_theme(work.sql, work.tenant, given.ref) if given.ref else None
    if theme:
        require_version(theme, given.expected)
    elif len(set(given.numbers)) < 2:
        raise Invalid("a theme is of two incidents at least: name the other one")
    else:
        _require_new(work, given)
    ref, made = (theme.ref, {}) if theme else _opened(work, given.shared)
    there = theme.numbers if theme else ()
    joined = [number for number in dict.fromkeys(given.numbers) if number not in there]
    for number in joined:
        added = {"added_at": work.now, "added_by_id": work.by.id, "added_by_name": work.by.name}
        made |= work.append("theme_incident", {"ref": ref, "number": number, **added})
    step = step_row(work, theme.version + 1 if theme else 1, "answer", _STATE_OF[given.one_cause])
    step |= {
        "one_cause": given.one_cause, "different_people": given.different_people, "people": given.people,
        "case_ref": case or given.case, "why": masking.text(given.why),
    }  # fmt: skip
    made |= work.append("theme_step", {"ref": ref, **step})
    told = {
        "one_cause": given.one_cause,
        "joined": joined,
        **({"case": step["case_ref"]} if step["case_ref"] else {}),
    }
    work.audit("theme answered" if theme else "theme opened", ref, told, made)
    return ref


def _opened(work: Work, shared: Shared) -> tuple[str, dict[str, str]]:
    year = f"T{work.at.year % 100:02}"
    ref = f"{year}-{work.number(year):04}"
    head = {
        "ref": ref, "cause": masking.text(shared.cause), "category": masking.text(shared.category),
        "field": masking.text(shared.field), "value": masking.text(shared.value), "opened_at": work.now,
        "opened_by_id": work.by.id, "opened_by_name": work.by.name,
    }  # fmt: skip
    return ref, work.append("theme", head)


def step_row(work: Work, version: int, kind: str, state: ThemeState) -> Row:
    return {
        "version": version, "step": kind, "state": state, "case_ref": "", "why": "",
        "taken_at": work.now, "taken_by_id": work.by.id, "taken_by_name": work.by.name,
    }  # fmt: skip


def require_version(theme: Theme, expected: int | None) -> None:
    """Raises Conflict, saying who did what."""
    if expected is not None and expected != theme.version:
        last = theme.steps[-1]
        raise Conflict(
            f"{theme.ref} has changed meanwhile: {did(last)}. Look at it again first",
            did="answered it" if last.kind == "answer" else "closed it",
            by=last.by.called, at=last.at,
        )  # fmt: skip


def _require_new(work: Work, given: ThemeAnswer) -> None:
    """Two people may be asked at once. Raises Conflict where the same incidents are a theme already."""
    first = given.numbers[0]
    for row in work.sql.all(
        "select ref from theme_incident where tenant = ? and number = ?", work.tenant, first
    ):
        theme = read_theme(work.sql, work.tenant, row["ref"])
        if set(theme.numbers) >= set(given.numbers) and theme.shared == given.shared:
            raise Conflict(f"{theme.ref} is of these incidents: {did(theme.steps[-1])}. Look at it first")


def did(step: ThemeStep) -> str:
    return f"{step.by.called} {'answered' if step.kind == 'answer' else 'closed'} it"


def read_theme(sql: Sql, tenant: str, ref: str) -> Theme:
    """Raises NotFound."""
    row = sql.one("select * from theme where tenant = ? and ref = ?", tenant, ref)
    if row is None:
        raise missing(ref)
    numbers = sql.all(
        "select number from theme_incident where tenant = ? and ref = ? order by added_at, number",
        tenant, ref,
    )  # fmt: skip
    steps = sql.all("select * from theme_step where tenant = ? and ref = ? order by version", tenant, ref)
    return Theme(
        tenant, ref, Shared(row["cause"], row["category"], row["field"], row["value"]),
        moment(row["opened_at"]), rows.person(row, "opened_by"),
        tuple(one["number"] for one in numbers), tuple(map(_read_step, steps)),
    )  # fmt: skip


def _read_step(row: Row) -> ThemeStep:
    return ThemeStep(
        row["version"], row["step"], row["state"], row["one_cause"], row["different_people"], row["people"],
        row["case_ref"], row["why"], moment(row["taken_at"]), rows.person(row, "taken_by"),
    )  # fmt: skip
