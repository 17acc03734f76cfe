"""What came after the first release's tables, in the order of the steps that brought it."""

# What holds now of each deadline, case and record, so that no list walks what lies behind. Triggers write it,
# from the append-only rows alone, and `verify` holds it against them.
CURRENT = """
create table deadline_current (
  tenant text not null, subject text not null, kind text not null, change integer not null,
  state text not null, due_on text not null, due_at text not null,
  primary key (tenant, subject, kind)
) strict, without rowid;
create index deadline_open on deadline_current (tenant, due_on, due_at, subject, kind) where state = 'open';
create trigger deadline_becomes_current after insert on deadline begin
  insert into deadline_current
  values (new.tenant, new.subject, new.kind, new.change, new.state, new.due_on, new.due_at)
  on conflict do update set change = excluded.change, state = excluded.state, due_on = excluded.due_on,
    due_at = excluded.due_at;
  update case_current set first_due = coalesce((select min(due_on) from deadline_current
    where tenant = new.tenant and subject = new.subject and +state = 'open'), '9999')
  where tenant = new.tenant and ref = new.subject;
end;

create table case_current (
  tenant text not null, ref text not null, version integer not null, state text not null, owner_id text,
  opened_at text not null,
  first_due text not null, -- of its own open deadlines; 9999 where none is open
  primary key (tenant, ref)
) strict, without rowid;
create index case_by_opening on case_current (tenant, opened_at);
create index case_active on case_current (tenant, first_due, state)
  where state in ('opened', 'investigating', 'notified', 'reported');
create index case_by_owner on case_current (tenant, owner_id, first_due, state)
  where state in ('opened', 'investigating', 'notified', 'reported');
create trigger case_step_becomes_current after insert on case_step begin
  insert into case_current
  values (new.tenant, new.ref, new.version, new.state, new.owner_id, new.taken_at, '9999')
  on conflict do update set version = excluded.version, state = excluded.state, owner_id = excluded.owner_id;
end;

create table record_current (
  tenant text not null, number text not null, revision integer not null, outcome text not null,
  kept_at text not null, confirmed integer not null,
  primary key (tenant, number)
) strict, without rowid;
create index record_by_time on record_current (tenant, kept_at);
create index record_provisional on record_current (tenant, kept_at) where confirmed = 0;
create trigger decision_record_becomes_current after insert on decision_record begin
  insert into record_current
  values (new.tenant, new.number, new.revision, new.outcome, new.recorded_at, 0)
  on conflict do update set revision = excluded.revision, outcome = excluded.outcome, confirmed = 0;
end;
create trigger confirmation_becomes_current after insert on confirmation begin
  update record_current set confirmed = 1
  where tenant = new.tenant and number = new.number and revision = new.revision;
end;

drop view decision_record_latest;
create view decision_record_latest as
  select r.*, case c.confirmed when 1 then 'confirmed' else 'provisional' end as status
  from record_current c
  join decision_record r on r.tenant = c.tenant and r.number = c.number and r.revision = c.revision;
drop view case_now;
create view case_now as
  select f.title, f.opened_at, f.opened_by_id, f.opened_by_name, s.*
  from case_current c
  join case_file f on f.tenant = c.tenant and f.ref = c.ref
  join case_step s on s.tenant = c.tenant and s.ref = c.ref and s.version = c.version;
drop view deadline_now;
create view deadline_now as
  select d.*
  from deadline_current c
  join deadline d
    on d.tenant = c.tenant and d.subject = c.subject and d.kind = c.kind and d.change = c.change;

-- Which case a record is in, and which deadline has a message to come: to be told from the index alone.
drop index case_record_by_number;
create index case_record_by_number on case_record (tenant, number, ref);
drop index outbox_dead;
create index outbox_dead_pings on outbox (tenant, subject, rule) where state = 'dead' and kind = 'ping';
create index outbox_dead_posts on outbox (tenant) where state = 'dead' and kind = 'post';
create index outbox_open on outbox (tenant, subject, rule, planned_at)
  where state in ('due', 'sending', 'unknown');
"""


# Which tenant's messages somebody sends on a platform, and when that was last seen.
SERVED = """
create table served (
  tenant text not null, platform text not null, at text not null, primary key (tenant, platform)
) strict, without rowid;
"""


# What is told of a record beside its verdict, by whoever knows it, in any order: the last of a field holds.
# Which fields there are is no matter of the schema.
DETAILS = """
create table record_detail (
  tenant text not null, number text not null, seq integer not null check (seq >= 1),
  field text not null, value text not null,
  given_at text not null, given_by_id text not null, given_by_name text not null,
  primary key (tenant, number, seq)
) strict;
"""


# What incidents are looked for and compared by, an entry a record. It can be made anew from the records at
# any time; `register_built` says by which way of making it that was done.
REGISTER = """
create table incident (
  tenant text not null, number text not null, revision integer not null, day text not null,
  kept_at text not null, kept_by_id text not null, kept_by_name text not null,
  outcome text not null, confirmed integer not null,
  nation text not null, category text not null, exposure text not null, exposed_person text not null,
  modality text not null, causes text not null, -- |wrong side|set-up|
  site text not null, equipment text not null, examination text not null,
  local_number text not null, source text not null,
  individuals integer not null, equipment_fault integer not null,
  primary key (tenant, number)
) strict, without rowid;
create index incident_by_day on incident (tenant, day);
create index incident_by_local_number on incident (tenant, local_number) where local_number != '';
create table register_built (version integer not null) strict;
insert into register_built values (0);
"""


# What was written gets salts, and a place beside the trail; see `storage.seals`.
APART = """
create table remark (
  tenant text not null, subject text not null, seq integer not null, -- of the entry that it belongs to
  text text not null, salts text, primary key (tenant, subject, seq)
) strict;
alter table decision_record add column site text;
alter table decision_record add column heard text;
alter table decision_record add column salts text;
alter table confirmation add column salts text;
alter table note add column salts text;
alter table case_file add column salts text;
alter table case_step add column salts text;
alter table record_detail add column salts text;
alter table deadline add column salts text;
"""


# What each platform last said of somebody, and whether a verdict was confirmed by a second person.
PEOPLE = """
create table person (
  tenant text not null, platform text not null, id text not null,
  standing text not null
    check (standing in ('member', 'admin', 'guest', 'outsider', 'gone', 'bot', 'nobody')),
  name text not null, at text not null,
  primary key (tenant, platform, id)
) strict, without rowid;
alter table confirmation add column same_person integer check (same_person in (0, 1));
"""


# Rows of other systems that were brought in: by a digest of the reference, so that none comes twice.
IMPORTS = """
create table import_run (
  tenant text not null, id integer not null, source text not null, file text not null,
  begun_at text not null, finished_at text,
  primary key (tenant, id)
) strict, without rowid;
create table imported (
  tenant text not null, source text not null, ref text not null, content text not null,
  number text not null, run integer not null,
  primary key (tenant, source, ref)
) strict, without rowid;
create index imported_by_number on imported (tenant, number);
create index imported_by_run on imported (tenant, run);
alter table incident add column hidden integer not null default 0;
"""


# Incidents of which somebody said that they have one cause, or that they have not.
THEMES = """
create table theme (
  tenant text not null, ref text not null,
  cause text not null, category text not null,
  field text not null, value text not null, -- what they share beside those: equipment, ct 2
  opened_at text not null, opened_by_id text not null, opened_by_name text not null, salts text,
  primary key (tenant, ref)
) strict;
create table theme_incident (
  tenant text not null, ref text not null, number text not null,
  added_at text not null, added_by_id text not null, added_by_name text not null,
  primary key (tenant, ref, number)
) strict;
create index theme_by_incident on theme_incident (tenant, number);
create table theme_step (
  tenant text not null, ref text not null, version integer not null check (version >= 1),
  step text not null check (step in ('answer', 'close')),
  state text not null check (state in ('one_cause', 'unclear', 'apart', 'closed')),
  one_cause text check (one_cause in ('yes', 'no', 'not_known')),
  different_people text check (different_people in ('yes', 'no', 'not_known')),
  people integer check (people >= 1),
  case_ref text not null, why text not null,
  taken_at text not null, taken_by_id text not null, taken_by_name text not null, salts text,
  primary key (tenant, ref, version)
) strict;
"""


# Which release of the program decided and kept a record; null where an earlier one did, which did not say.
PROGRAM = """
alter table decision_record add column program text;
"""


# How many facts could still change what an undecided incident comes to: the fewest first, for whoever looks.
TO_FIND_OUT = """
alter table incident add column lacking integer not null default 0;
"""


# What is to be done after an incident, and by whom; by when says its deadline, of the kind measure:<seq>.
MEASURES = """
create table corrective_measure (
  tenant text not null, number text not null, seq integer not null check (seq >= 1),
  change integer not null check (change >= 1),
  what text not null, owner_id text, owner_name text, role text not null,
  set_at text not null, set_by_id text not null, set_by_name text not null, salts text,
  primary key (tenant, number, seq, change),
  check (owner_id is not null or role != '')
) strict;
"""


# Of what is done by several processes at once. `pace`: until when a conversation is one worker's, or is left
# alone. `process`: who runs, and how. `turn`: whose it is to do what one of them does for all.
SEVERAL = """
create table pace (
  platform text not null, tenant text not null, conversation text not null, free_at text not null,
  primary key (platform, tenant, conversation)
) strict, without rowid;
create table process (
  id text not null, release text not null, started_at text not null, seen_at text not null,
  faces text not null, trouble text not null, -- as JSON: a list of what is heard by, and of lines
  primary key (id)
) strict, without rowid;
create table turn (
  name text not null, holder text not null, until text not null,
  primary key (name)
) strict, without rowid;
"""


# What waits of one organisation's, in its order; and what goes in one message to a conversation. A server
# that has not counted its rows yet takes an index of all for as good: hence another wording of the condition.
CLAIMS = """
create index outbox_waiting_of_one on outbox (tenant, platform, next_at)
  where ripe < 1 and state in ('due', 'sending', 'unknown');
create index outbox_ripe_of_one on outbox (tenant, platform, due_on, next_at, id)
  where ripe > 0 and state in ('due', 'sending', 'unknown');
drop index outbox_ripe_by_place;
create index outbox_ripe_by_place on outbox (platform, tenant, conversation, due_on, next_at, id)
  where ripe = 1 and state in ('due', 'sending', 'unknown');
"""


# The day on which a step was taken that is told on a later one.
DONE_ON = "alter table case_step add column done_on text;"
