"""The tables, in SQL that an auditor can read with any SQLite tool: as the first release has them; what came
after it stands in `later_tables`.

Times are UTC text, dates ISO dates, people an id and the display name as it was given. What is append-only is
held so by triggers: a correction, a confirmation, a step or a moved deadline is a row of its own. What an
auditor looks for first in a record's JSON stands in columns beside it; no JSON function is in the schema,
where older SQLites would refuse it as unsafe.
"""

from __future__ import annotations

from collections.abc import Mapping

# Append-only tables, and the columns that name a row within its tenant. The audit trail holds each digest.
FIRST_APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "decision_record": ("number", "revision"),
    "confirmation": ("number", "revision", "seq"),
    "note": ("subject", "seq"),
    "case_file": ("ref",),
    "case_record": ("ref", "number"),
    "case_step": ("ref", "version"),
    "deadline": ("subject", "kind", "change"),
}
LATER_APPEND_ONLY: dict[str, tuple[str, ...]] = {"record_detail": ("number", "seq")}
APART_APPEND_ONLY: dict[str, tuple[str, ...]] = {"remark": ("subject", "seq")}
THEMES_APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "theme": ("ref",), "theme_incident": ("ref", "number"), "theme_step": ("ref", "version"),
}  # fmt: skip
MEASURES_APPEND_ONLY: dict[str, tuple[str, ...]] = {"corrective_measure": ("number", "seq", "change")}
ORGANISATION_APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "organisation": ("id", "change"), "binding": ("kind", "seq"),
}  # fmt: skip
CONNECTION_APPEND_ONLY: dict[str, tuple[str, ...]] = {"chat_connection": ("id", "change")}
APPEND_ONLY = (
    FIRST_APPEND_ONLY
    | LATER_APPEND_ONLY
    | APART_APPEND_ONLY
    | THEMES_APPEND_ONLY
    | MEASURES_APPEND_ONLY
    | ORGANISATION_APPEND_ONLY
    | CONNECTION_APPEND_ONLY
)
AUDIT_KEY = ("seq",)

FIRST = """
create table audit (
  tenant text not null, seq integer not null check (seq >= 1),
  at text not null, by_id text not null, by_name text not null,
  what text not null, subject text not null, detail text not null,
  previous_hash text not null, hash text not null,
  primary key (tenant, seq)
) strict;
create index audit_by_subject on audit (tenant, subject, seq);

create table numbering (
  tenant text not null, series text not null, last integer not null, primary key (tenant, series)
) strict, without rowid;

create table decision_record (
  tenant text not null, number text not null, revision integer not null check (revision >= 1),
  corrects_revision integer, correction_reason text not null,
  recorded_at text not null, recorded_by_id text not null, recorded_by_name text not null,
  facts text not null,
  verdict text not null,
  sources text not null,
  local_incident_number text not null, dose_as_measured text not null,
  dose_estimated_by text not null, dose_estimated_how text not null, immediate_actions text not null,
  outcome text not null, codes text, guidance_edition text, discovered_on text, occurred_on text,
  what_happened text, examination_intended text, examination_performed text, equipment text,
  primary key (tenant, number, revision),
  foreign key (tenant, number, corrects_revision) references decision_record (tenant, number, revision),
  check ((revision = 1) = (corrects_revision is null))
) strict;

create table confirmation (
  tenant text not null, number text not null, revision integer not null, seq integer not null,
  confirmed_at text not null, confirmed_by_id text not null, confirmed_by_name text not null,
  role text not null, compared_with_live_table integer not null check (compared_with_live_table in (0, 1)),
  note text not null,
  primary key (tenant, number, revision, seq),
  foreign key (tenant, number, revision) references decision_record (tenant, number, revision)
) strict;

create table note (
  tenant text not null, subject text not null, seq integer not null,
  kind text not null check (kind in ('note', 'analysis', 'learning')), text text not null,
  written_at text not null, written_by_id text not null, written_by_name text not null,
  primary key (tenant, subject, seq)
) strict;

create table case_file (
  tenant text not null, ref text not null, title text not null,
  opened_at text not null, opened_by_id text not null, opened_by_name text not null,
  primary key (tenant, ref)
) strict;

create table case_record (
  tenant text not null, ref text not null, number text not null, added_at text not null,
  primary key (tenant, ref, number),
  foreign key (tenant, ref) references case_file (tenant, ref)
) strict;
create index case_record_by_number on case_record (tenant, number);

create table case_step (
  tenant text not null, ref text not null, version integer not null check (version >= 1),
  step text not null, state text not null
    check (state in ('opened', 'investigating', 'notified', 'reported', 'closed', 'stood_down')),
  taken_at text not null, taken_by_id text not null, taken_by_name text not null, note text not null,
  owner_id text, owner_name text, discovered_on text not null, discovered_at text,
  authority_reference text not null, record_number text, record_revision integer,
  primary key (tenant, ref, version),
  foreign key (tenant, ref) references case_file (tenant, ref),
  foreign key (tenant, record_number, record_revision) references decision_record (tenant, number, revision)
) strict;
create index case_step_by_reference on case_step (tenant, authority_reference collate nocase)
  where authority_reference != '';

create table deadline (
  tenant text not null, subject text not null, kind text not null,
  change integer not null check (change >= 1), version integer not null,
  due_on text not null, zone text not null, local_time text not null,
  due_at text not null, state text not null check (state in ('open', 'met', 'withdrawn')),
  why text not null, set_at text not null, set_by_id text not null, set_by_name text not null,
  primary key (tenant, subject, kind, change)
) strict;

create table outbox (
  id integer primary key, tenant text not null, kind text not null check (kind in ('ping', 'post', 'update')),
  key text not null, subject text not null,
  rule text not null, round integer not null, offset text not null, due_on text,
  platform text not null, conversation text not null, thread text not null,
  body text not null, escalation integer not null, remember integer not null,
  fallback_for text not null, planned_at text not null,
  state text not null
    check (state in ('due', 'sending', 'unknown', 'sent', 'superseded', 'cancelled', 'dead')),
  ripe integer not null default 0, next_at text not null, attempts integer not null default 0,
  before_claim text, lease_by text, lease_until text, first_try text,
  batch text not null default '', batch_thread text not null default '',
  sent_at text, message text not null default '', error text not null default '',
  unique (tenant, key)
) strict;
-- An open row waits by its time, and once that has come (it is ripe) by its deadline. Each index holds open
-- rows only, so that what was sent years ago costs nothing.
create index outbox_waiting on outbox (platform, next_at)
  where ripe = 0 and state in ('due', 'sending', 'unknown');
create index outbox_ripe on outbox (platform, due_on, next_at, id)
  where ripe = 1 and state in ('due', 'sending', 'unknown');
create index outbox_ripe_by_place on outbox (platform, tenant, conversation, due_on)
  where ripe = 1 and state in ('due', 'sending', 'unknown');
create index outbox_by_subject on outbox (tenant, subject, rule);
create index outbox_dead on outbox (tenant, subject) where state = 'dead';

create table delivery (
  tenant text not null, key text not null, at text not null, result text not null, primary key (tenant, key)
) strict, without rowid;
create index delivery_by_time on delivery (tenant, at);

create table draft (
  tenant text not null, platform text not null, conversation text not null, holder text not null,
  state text not null, version integer not null, updated_at text not null,
  primary key (tenant, platform, conversation, holder)
) strict;

create table setting (
  tenant text not null, key text not null, value text not null,
  set_at text not null, set_by_id text not null, set_by_name text not null,
  primary key (tenant, key)
) strict;

create table address (
  tenant text not null, subject text not null, platform text not null, conversation text not null,
  thread text not null, message text not null, at text not null,
  primary key (tenant, subject, platform, conversation)
) strict;
create index address_by_thread on address (tenant, platform, conversation, thread);
create index address_by_message on address (tenant, platform, conversation, message);

create table conversation_reference (
  tenant text not null, platform text not null, conversation text not null,
  data text not null, dead integer not null, why text not null,
  updated_at text not null,
  primary key (tenant, platform, conversation)
) strict;

create view decision_record_latest as
  select r.*,
    case when exists (select 1 from confirmation c
      where c.tenant = r.tenant and c.number = r.number and c.revision = r.revision)
    then 'confirmed' else 'provisional' end as status
  from decision_record r
  where revision = (select max(revision) from decision_record m
    where m.tenant = r.tenant and m.number = r.number);

create view case_now as
  select f.title, f.opened_at, f.opened_by_id, f.opened_by_name, s.*
  from case_file f join case_step s on s.tenant = f.tenant and s.ref = f.ref
  where s.version = (select max(version) from case_step m where m.tenant = f.tenant and m.ref = f.ref);

create view deadline_now as
  select * from deadline d
  where change = (select max(change) from deadline m
    where m.tenant = d.tenant and m.subject = d.subject and m.kind = d.kind);
"""


def append_only_triggers(table: str, key: tuple[str, ...]) -> dict[str, str]:
    """Name to SQL, as SQLite writes it down again. The third is for `insert or replace`, which deletes
    without telling the delete trigger."""
    same = " and ".join(f"{column} = new.{column}" for column in ("tenant", *key))
    refuse = f"begin select raise(abort, '{table} is append-only'); end"
    return {
        f"{table}_no_update": f"CREATE TRIGGER {table}_no_update before update on {table} {refuse}",
        f"{table}_no_delete": f"CREATE TRIGGER {table}_no_delete before delete on {table} {refuse}",
        f"{table}_no_replace": f"CREATE TRIGGER {table}_no_replace before insert on {table} "
        f"when exists (select 1 from {table} where {same}) {refuse}",
    }


def triggers(tables: Mapping[str, tuple[str, ...]] = APPEND_ONLY | {"audit": AUDIT_KEY}) -> dict[str, str]:
    found: dict[str, str] = {}
    for table, key in tables.items():
        found |= append_only_triggers(table, key)
    return found
