"""What is written of organisations within a transaction, and read in one."""

from __future__ import annotations

from storage import masking, rows
from storage.errors import Conflict, Duplicate, Invalid, NotFound
from storage.model import MACHINE, UNLINKED
from storage.organisation_model import Binding, Organisation, Outside
from storage.sql import Row, Sql
from storage.times import moment
from storage.unit_of_work import Work

LONGEST_ID = 64
OF_NOBODY = (MACHINE, UNLINKED)
_NOW = """select * from organisation o where tenant = ? and change =
  (select max(change) from organisation m where m.tenant = o.tenant)"""


def put_organisation(work: Work, given: Organisation) -> Organisation:
    """As it is from now on."""
    last = organisation_row(work.sql, work.tenant)
    row: Row = {
        "id": given.id, "change": last["change"] + 1 if last else 1, "name": given.name,
        "ods_code": given.ods_code, "state": given.state, "merged_into": given.merged_into,
        "set_at": work.now, "set_by_id": work.by.id, "set_by_name": work.by.name,
    }  # fmt: skip
    made = work.append("organisation", row)
    told = {"name": given.name, "state": given.state}
    more = {"merged_into": given.merged_into} if given.merged_into else {}
    work.audit("organisation changed" if last else "organisation added", given.id, told | more, made)
    return given


def read_organisation(sql: Sql, tenant: str) -> Organisation:
    """One that has a trail, and of which nobody said anything, goes by its id. Raises NotFound."""
    if row := organisation_row(sql, tenant):
        return Organisation(row["tenant"], row["name"], row["ods_code"], row["state"], row["merged_into"])
    there = sql.value("select 1 from audit where tenant = ? limit 1", tenant)
    if tenant in OF_NOBODY or there is None:
        name = tenant if 0 < len(tenant) <= LONGEST_ID else "of that id"
        raise NotFound(f"there is no organisation {masking.text(name)}: irmer org list shows those there are")
    return Organisation(tenant, tenant)


def organisation_row(sql: Sql, tenant: str) -> Row | None:
    return sql.one(_NOW, tenant)


def refuse_same_code(sql: Sql, tenant: str, ods_code: str) -> None:
    other = ods_code and sql.value(
        "select tenant from organisation o where ods_code = ? and tenant != ? and change = "
        "(select max(change) from organisation m where m.tenant = o.tenant)",
        ods_code, tenant,
    )  # fmt: skip
    if other:
        raise Conflict(f"the ODS code {ods_code} is that of {other}")


def open_binding(work: Work, outside: Outside, how: str) -> Binding:
    organisation = read_organisation(work.sql, work.tenant)
    if organisation.state != "active":
        into = f" into {organisation.merged_into}" if organisation.merged_into else ""
        raise Invalid(f"{work.tenant} was {organisation.state}{into}: nothing is bound to it any more")
    there = work.sql.value(
        "select tenant from binding_open where platform = ? and app = ? and kind = ? and external = ?",
        *_key(outside),
    )  # fmt: skip
    if there == work.tenant:
        raise Duplicate(f"{outside.called} is bound to {there} already")
    if there is not None:
        raise Conflict(f"{outside.called} is bound to another organisation: unbind it there first")
    return _put(work, outside, "open", how)


def close_binding(work: Work, outside: Outside, how: str) -> Binding:
    there = work.sql.value(
        "select 1 from binding_open where tenant = ? and platform = ? and app = ? and kind = ? "
        "and external = ?",
        work.tenant, *_key(outside),
    )  # fmt: skip
    if there is None:
        raise NotFound(f"{outside.called} is not bound to {work.tenant}")
    return _put(work, outside, "closed", how)


def _key(outside: Outside) -> tuple[str, ...]:
    return (outside.platform, outside.app, outside.kind, outside.external)


def _put(work: Work, outside: Outside, state: str, how: str) -> Binding:
    if any(masking.machine(part) != part for part in _key(outside)):
        raise Invalid("a binding wants the platform's own ids")
    last = work.sql.value(
        "select max(seq) from binding where tenant = ? and kind = ?", work.tenant, outside.kind
    )
    row: Row = {
        "kind": outside.kind, "seq": (last or 0) + 1, "platform": outside.platform, "app": outside.app,
        "external": outside.external, "state": state, "how": masking.text(how),
        "set_at": work.now, "set_by_id": work.by.id, "set_by_name": work.by.name,
    }  # fmt: skip
    made = work.append("binding", row)
    told = {"platform": outside.platform, "app": outside.app, "external": outside.external}
    work.audit("bound" if state == "open" else "unbound", outside.kind, told, made)
    return as_binding(row | {"tenant": work.tenant})


def read_bindings(sql: Sql, tenant: str) -> tuple[Binding, ...]:
    """Those that hold."""
    found = sql.all(
        """select b.* from binding_open n
        join binding b on b.tenant = n.tenant and b.kind = n.kind and b.seq = n.seq
        where n.tenant = ? order by n.platform, n.kind, n.external, n.app""",
        tenant,
    )
    return tuple(map(as_binding, found))


def as_binding(row: Row) -> Binding:
    outside = Outside(row["platform"], row["kind"], row["external"], row["app"])
    return Binding(row["tenant"], outside, row["how"], rows.person(row, "set_by"), moment(row["set_at"]))
