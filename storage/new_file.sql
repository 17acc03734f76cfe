CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT
--
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name")
--
CREATE TABLE audit (
  tenant text not null, seq integer not null check (seq >= 1),
  at text not null, by_id text not null, by_name text not null,
  what text not null, subject text not null, detail text not null,
  previous_hash text not null, hash text not null,
  primary key (tenant, seq)
) strict
--
CREATE INDEX audit_by_subject on audit (tenant, subject, seq)
--
CREATE TABLE numbering (
  tenant text not null, series text not null, last integer not null, primary key (tenant, series)
) strict, without rowid
--
CREATE TABLE decision_record (
  tenant text not null, number text not null, revision integer not null check (revision >= 1),
  corrects_revision integer, correction_reason text not null,
  recorded_at text not null, recorded_by_id text not null, recorded_by_name text not null,
  facts text not null,
  verdict text not null,
  sources text not null,
  local_incident_number text not null, dose_as_measured text not null,
  dose_estimated_by text not null, dose_estimated_how text not null, immediate_actions text not null,
  outcome text not null, codes text, guidance_edition text, discovered_on text, occurred_on text,
  what_happened text, examination_intended text, examination_performed text, equipment text, site text, heard text, salts text, program text,
  primary key (tenant, number, revision),
  foreign key (tenant, number, corrects_revision) references decision_record (tenant, number, revision),
  check ((revision = 1) = (corrects_revision is null))
) strict
--
CREATE TABLE confirmation (
  tenant text not null, number text not null, revision integer not null, seq integer not null,
  confirmed_at text not null, confirmed_by_id text not null, confirmed_by_name text not null,
  role text not null, compared_with_live_table integer not null check (compared_with_live_table in (0, 1)),
  note text not null, salts text, same_person integer check (same_person in (0, 1)),
  primary key (tenant, number, revision, seq),
  foreign key (tenant, number, revision) references decision_record (tenant, number, revision)
) strict
--
CREATE TABLE note (
  tenant text not null, subject text not null, seq integer not null,
  kind text not null check (kind in ('note', 'analysis', 'learning')), text text not null,
  written_at text not null, written_by_id text not null, written_by_name text not null, salts text,
  primary key (tenant, subject, seq)
) strict
--
CREATE TABLE case_file (
  tenant text not null, ref text not null, title text not null,
  opened_at text not null, opened_by_id text not null, opened_by_name text not null, salts text,
  primary key (tenant, ref)
) strict
--
CREATE TABLE case_record (
  tenant text not null, ref text not null, number text not null, added_at text not null,
  primary key (tenant, ref, number),
  foreign key (tenant, ref) references case_file (tenant, ref)
) strict
--
CREATE TABLE case_step (
  tenant text not null, ref text not null, version integer not null check (version >= 1),
  step text not null, state text not null
    check (state in ('opened', 'investigating', 'notified', 'reported', 'closed', 'stood_down')),
  taken_at text not null, taken_by_id text not null, taken_by_name text not null, note text not null,
  owner_id text, owner_name text, discovered_on text not null, discovered_at text,
  authority_reference text not null, record_number text, record_revision integer, salts text, done_on text,
  primary key (tenant, ref, version),
  foreign key (tenant, ref) references case_file (tenant, ref),
  foreign key (tenant, record_number, record_revision) references decision_record (tenant, number, revision)
) strict
--
CREATE INDEX case_step_by_reference on case_step (tenant, authority_reference collate nocase)
  where authority_reference != ''
--
CREATE TABLE deadline (
  tenant text not null, subject text not null, kind text not null,
  change integer not null check (change >= 1), version integer not null,
  due_on text not null, zone text not null, local_time text not null,
  due_at text not null, state text not null check (state in ('open', 'met', 'withdrawn')),
  why text not null, set_at text not null, set_by_id text not null, set_by_name text not null, salts text,
  primary key (tenant, subject, kind, change)
) strict
--
CREATE TABLE outbox (
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
) strict
--
CREATE INDEX outbox_waiting on outbox (platform, next_at)
  where ripe = 0 and state in ('due', 'sending', 'unknown')
--
CREATE INDEX outbox_ripe on outbox (platform, due_on, next_at, id)
  where ripe = 1 and state in ('due', 'sending', 'unknown')
--
CREATE INDEX outbox_by_subject on outbox (tenant, subject, rule)
--
CREATE TABLE delivery (
  tenant text not null, key text not null, at text not null, result text not null, primary key (tenant, key)
) strict, without rowid
--
CREATE INDEX delivery_by_time on delivery (tenant, at)
--
CREATE TABLE draft (
  tenant text not null, platform text not null, conversation text not null, holder text not null,
  state text not null, version integer not null, updated_at text not null,
  primary key (tenant, platform, conversation, holder)
) strict
--
CREATE TABLE setting (
  tenant text not null, key text not null, value text not null,
  set_at text not null, set_by_id text not null, set_by_name text not null,
  primary key (tenant, key)
) strict
--
CREATE TABLE address (
  tenant text not null, subject text not null, platform text not null, conversation text not null,
  thread text not null, message text not null, at text not null,
  primary key (tenant, subject, platform, conversation)
) strict
--
CREATE INDEX address_by_thread on address (tenant, platform, conversation, thread)
--
CREATE INDEX address_by_message on address (tenant, platform, conversation, message)
--
CREATE TABLE conversation_reference (
  tenant text not null, platform text not null, conversation text not null,
  data text not null, dead integer not null, why text not null,
  updated_at text not null,
  primary key (tenant, platform, conversation)
) strict
--
CREATE TRIGGER decision_record_no_delete before delete on decision_record begin select raise(abort, 'decision_record is append-only'); end
--
CREATE TRIGGER decision_record_no_replace before insert on decision_record when exists (select 1 from decision_record where tenant = new.tenant and number = new.number and revision = new.revision) begin select raise(abort, 'decision_record is append-only'); end
--
CREATE TRIGGER confirmation_no_delete before delete on confirmation begin select raise(abort, 'confirmation is append-only'); end
--
CREATE TRIGGER confirmation_no_replace before insert on confirmation when exists (select 1 from confirmation where tenant = new.tenant and number = new.number and revision = new.revision and seq = new.seq) begin select raise(abort, 'confirmation is append-only'); end
--
CREATE TRIGGER note_no_delete before delete on note begin select raise(abort, 'note is append-only'); end
--
CREATE TRIGGER note_no_replace before insert on note when exists (select 1 from note where tenant = new.tenant and subject = new.subject and seq = new.seq) begin select raise(abort, 'note is append-only'); end
--
CREATE TRIGGER case_file_no_delete before delete on case_file begin select raise(abort, 'case_file is append-only'); end
--
CREATE TRIGGER case_file_no_replace before insert on case_file when exists (select 1 from case_file where tenant = new.tenant and ref = new.ref) begin select raise(abort, 'case_file is append-only'); end
--
CREATE TRIGGER case_record_no_delete before delete on case_record begin select raise(abort, 'case_record is append-only'); end
--
CREATE TRIGGER case_record_no_replace before insert on case_record when exists (select 1 from case_record where tenant = new.tenant and ref = new.ref and number = new.number) begin select raise(abort, 'case_record is append-only'); end
--
CREATE TRIGGER case_step_no_delete before delete on case_step begin select raise(abort, 'case_step is append-only'); end
--
CREATE TRIGGER case_step_no_replace before insert on case_step when exists (select 1 from case_step where tenant = new.tenant and ref = new.ref and version = new.version) begin select raise(abort, 'case_step is append-only'); end
--
CREATE TRIGGER deadline_no_delete before delete on deadline begin select raise(abort, 'deadline is append-only'); end
--
CREATE TRIGGER deadline_no_replace before insert on deadline when exists (select 1 from deadline where tenant = new.tenant and subject = new.subject and kind = new.kind and change = new.change) begin select raise(abort, 'deadline is append-only'); end
--
CREATE TRIGGER audit_no_delete before delete on audit begin select raise(abort, 'audit is append-only'); end
--
CREATE TRIGGER audit_no_replace before insert on audit when exists (select 1 from audit where tenant = new.tenant and seq = new.seq) begin select raise(abort, 'audit is append-only'); end
--
CREATE TABLE deadline_current (
  tenant text not null, subject text not null, kind text not null, change integer not null,
  state text not null, due_on text not null, due_at text not null,
  primary key (tenant, subject, kind)
) strict, without rowid
--
CREATE INDEX deadline_open on deadline_current (tenant, due_on, due_at, subject, kind) where state = 'open'
--
CREATE TRIGGER deadline_becomes_current after insert on deadline begin
  insert into deadline_current
  values (new.tenant, new.subject, new.kind, new.change, new.state, new.due_on, new.due_at)
  on conflict do update set change = excluded.change, state = excluded.state, due_on = excluded.due_on,
    due_at = excluded.due_at;
  update case_current set first_due = coalesce((select min(due_on) from deadline_current
    where tenant = new.tenant and subject = new.subject and +state = 'open'), '9999')
  where tenant = new.tenant and ref = new.subject;
end
--
CREATE TABLE case_current (
  tenant text not null, ref text not null, version integer not null, state text not null, owner_id text,
  opened_at text not null,
  first_due text not null, -- of its own open deadlines; 9999 where none is open
  primary key (tenant, ref)
) strict, without rowid
--
CREATE INDEX case_by_opening on case_current (tenant, opened_at)
--
CREATE INDEX case_active on case_current (tenant, first_due, state)
  where state in ('opened', 'investigating', 'notified', 'reported')
--
CREATE INDEX case_by_owner on case_current (tenant, owner_id, first_due, state)
  where state in ('opened', 'investigating', 'notified', 'reported')
--
CREATE TRIGGER case_step_becomes_current after insert on case_step begin
  insert into case_current
  values (new.tenant, new.ref, new.version, new.state, new.owner_id, new.taken_at, '9999')
  on conflict do update set version = excluded.version, state = excluded.state, owner_id = excluded.owner_id;
end
--
CREATE TABLE record_current (
  tenant text not null, number text not null, revision integer not null, outcome text not null,
  kept_at text not null, confirmed integer not null,
  primary key (tenant, number)
) strict, without rowid
--
CREATE INDEX record_by_time on record_current (tenant, kept_at)
--
CREATE INDEX record_provisional on record_current (tenant, kept_at) where confirmed = 0
--
CREATE TRIGGER decision_record_becomes_current after insert on decision_record begin
  insert into record_current
  values (new.tenant, new.number, new.revision, new.outcome, new.recorded_at, 0)
  on conflict do update set revision = excluded.revision, outcome = excluded.outcome, confirmed = 0;
end
--
CREATE TRIGGER confirmation_becomes_current after insert on confirmation begin
  update record_current set confirmed = 1
  where tenant = new.tenant and number = new.number and revision = new.revision;
end
--
CREATE VIEW decision_record_latest as
  select r.*, case c.confirmed when 1 then 'confirmed' else 'provisional' end as status
  from record_current c
  join decision_record r on r.tenant = c.tenant and r.number = c.number and r.revision = c.revision
--
CREATE VIEW case_now as
  select f.title, f.opened_at, f.opened_by_id, f.opened_by_name, s.*
  from case_current c
  join case_file f on f.tenant = c.tenant and f.ref = c.ref
  join case_step s on s.tenant = c.tenant and s.ref = c.ref and s.version = c.version
--
CREATE VIEW deadline_now as
  select d.*
  from deadline_current c
  join deadline d
    on d.tenant = c.tenant and d.subject = c.subject and d.kind = c.kind and d.change = c.change
--
CREATE INDEX case_record_by_number on case_record (tenant, number, ref)
--
CREATE INDEX outbox_dead_pings on outbox (tenant, subject, rule) where state = 'dead' and kind = 'ping'
--
CREATE INDEX outbox_dead_posts on outbox (tenant) where state = 'dead' and kind = 'post'
--
CREATE INDEX outbox_open on outbox (tenant, subject, rule, planned_at)
  where state in ('due', 'sending', 'unknown')
--
CREATE TABLE served (
  tenant text not null, platform text not null, at text not null, primary key (tenant, platform)
) strict, without rowid
--
CREATE TABLE record_detail (
  tenant text not null, number text not null, seq integer not null check (seq >= 1),
  field text not null, value text not null,
  given_at text not null, given_by_id text not null, given_by_name text not null, salts text,
  primary key (tenant, number, seq)
) strict
--
CREATE TRIGGER record_detail_no_delete before delete on record_detail begin select raise(abort, 'record_detail is append-only'); end
--
CREATE TRIGGER record_detail_no_replace before insert on record_detail when exists (select 1 from record_detail where tenant = new.tenant and number = new.number and seq = new.seq) begin select raise(abort, 'record_detail is append-only'); end
--
CREATE TABLE incident (
  tenant text not null, number text not null, revision integer not null, day text not null,
  kept_at text not null, kept_by_id text not null, kept_by_name text not null,
  outcome text not null, confirmed integer not null,
  nation text not null, category text not null, exposure text not null, exposed_person text not null,
  modality text not null, causes text not null, -- |wrong side|set-up|
  site text not null, equipment text not null, examination text not null,
  local_number text not null, source text not null,
  individuals integer not null, equipment_fault integer not null, hidden integer not null default 0, lacking integer not null default 0,
  primary key (tenant, number)
) strict, without rowid
--
CREATE INDEX incident_by_day on incident (tenant, day)
--
CREATE INDEX incident_by_local_number on incident (tenant, local_number) where local_number != ''
--
CREATE TABLE register_built (version integer not null) strict
--
CREATE TABLE remark (
  tenant text not null, subject text not null, seq integer not null, -- of the entry that it belongs to
  text text not null, salts text, primary key (tenant, subject, seq)
) strict
--
CREATE TRIGGER remark_no_delete before delete on remark begin select raise(abort, 'remark is append-only'); end
--
CREATE TRIGGER remark_no_replace before insert on remark when exists (select 1 from remark where tenant = new.tenant and subject = new.subject and seq = new.seq) begin select raise(abort, 'remark is append-only'); end
--
CREATE TRIGGER decision_record_no_update before update on decision_record begin select raise(abort, 'decision_record is append-only'); end
--
CREATE TRIGGER confirmation_no_update before update on confirmation begin select raise(abort, 'confirmation is append-only'); end
--
CREATE TRIGGER note_no_update before update on note begin select raise(abort, 'note is append-only'); end
--
CREATE TRIGGER case_file_no_update before update on case_file begin select raise(abort, 'case_file is append-only'); end
--
CREATE TRIGGER case_record_no_update before update on case_record begin select raise(abort, 'case_record is append-only'); end
--
CREATE TRIGGER case_step_no_update before update on case_step begin select raise(abort, 'case_step is append-only'); end
--
CREATE TRIGGER deadline_no_update before update on deadline begin select raise(abort, 'deadline is append-only'); end
--
CREATE TRIGGER record_detail_no_update before update on record_detail begin select raise(abort, 'record_detail is append-only'); end
--
CREATE TRIGGER remark_no_update before update on remark begin select raise(abort, 'remark is append-only'); end
--
CREATE TRIGGER audit_no_update before update on audit begin select raise(abort, 'audit is append-only'); end
--
CREATE TABLE person (
  tenant text not null, platform text not null, id text not null,
  standing text not null
    check (standing in ('member', 'admin', 'guest', 'outsider', 'gone', 'bot', 'nobody')),
  name text not null, at text not null,
  primary key (tenant, platform, id)
) strict, without rowid
--
CREATE TABLE import_run (
  tenant text not null, id integer not null, source text not null, file text not null,
  begun_at text not null, finished_at text,
  primary key (tenant, id)
) strict, without rowid
--
CREATE TABLE imported (
  tenant text not null, source text not null, ref text not null, content text not null,
  number text not null, run integer not null,
  primary key (tenant, source, ref)
) strict, without rowid
--
CREATE INDEX imported_by_number on imported (tenant, number)
--
CREATE INDEX imported_by_run on imported (tenant, run)
--
CREATE TABLE theme (
  tenant text not null, ref text not null,
  cause text not null, category text not null,
  field text not null, value text not null, -- what they share beside those: equipment, ct 2
  opened_at text not null, opened_by_id text not null, opened_by_name text not null, salts text,
  primary key (tenant, ref)
) strict
--
CREATE TABLE theme_incident (
  tenant text not null, ref text not null, number text not null,
  added_at text not null, added_by_id text not null, added_by_name text not null,
  primary key (tenant, ref, number)
) strict
--
CREATE INDEX theme_by_incident on theme_incident (tenant, number)
--
CREATE TABLE theme_step (
  tenant text not null, ref text not null, version integer not null check (version >= 1),
  step text not null check (step in ('answer', 'close')),
  state text not null check (state in ('one_cause', 'unclear', 'apart', 'closed')),
  one_cause text check (one_cause in ('yes', 'no', 'not_known')),
  different_people text check (different_people in ('yes', 'no', 'not_known')),
  people integer check (people >= 1),
  case_ref text not null, why text not null,
  taken_at text not null, taken_by_id text not null, taken_by_name text not null, salts text,
  primary key (tenant, ref, version)
) strict
--
CREATE TRIGGER theme_no_update before update on theme begin select raise(abort, 'theme is append-only'); end
--
CREATE TRIGGER theme_no_delete before delete on theme begin select raise(abort, 'theme is append-only'); end
--
CREATE TRIGGER theme_no_replace before insert on theme when exists (select 1 from theme where tenant = new.tenant and ref = new.ref) begin select raise(abort, 'theme is append-only'); end
--
CREATE TRIGGER theme_incident_no_update before update on theme_incident begin select raise(abort, 'theme_incident is append-only'); end
--
CREATE TRIGGER theme_incident_no_delete before delete on theme_incident begin select raise(abort, 'theme_incident is append-only'); end
--
CREATE TRIGGER theme_incident_no_replace before insert on theme_incident when exists (select 1 from theme_incident where tenant = new.tenant and ref = new.ref and number = new.number) begin select raise(abort, 'theme_incident is append-only'); end
--
CREATE TRIGGER theme_step_no_update before update on theme_step begin select raise(abort, 'theme_step is append-only'); end
--
CREATE TRIGGER theme_step_no_delete before delete on theme_step begin select raise(abort, 'theme_step is append-only'); end
--
CREATE TRIGGER theme_step_no_replace before insert on theme_step when exists (select 1 from theme_step where tenant = new.tenant and ref = new.ref and version = new.version) begin select raise(abort, 'theme_step is append-only'); end
--
CREATE TABLE corrective_measure (
  tenant text not null, number text not null, seq integer not null check (seq >= 1),
  change integer not null check (change >= 1),
  what text not null, owner_id text, owner_name text, role text not null,
  set_at text not null, set_by_id text not null, set_by_name text not null, salts text,
  primary key (tenant, number, seq, change),
  check (owner_id is not null or role != '')
) strict
--
CREATE TRIGGER corrective_measure_no_update before update on corrective_measure begin select raise(abort, 'corrective_measure is append-only'); end
--
CREATE TRIGGER corrective_measure_no_delete before delete on corrective_measure begin select raise(abort, 'corrective_measure is append-only'); end
--
CREATE TRIGGER corrective_measure_no_replace before insert on corrective_measure when exists (select 1 from corrective_measure where tenant = new.tenant and number = new.number and seq = new.seq and change = new.change) begin select raise(abort, 'corrective_measure is append-only'); end
--
CREATE TABLE pace (
  platform text not null, tenant text not null, conversation text not null, free_at text not null,
  primary key (platform, tenant, conversation)
) strict, without rowid
--
CREATE TABLE process (
  id text not null, release text not null, started_at text not null, seen_at text not null,
  faces text not null, trouble text not null, -- as JSON: a list of what is heard by, and of lines
  primary key (id)
) strict, without rowid
--
CREATE TABLE turn (
  name text not null, holder text not null, until text not null,
  primary key (name)
) strict, without rowid
--
CREATE TABLE organisation (
  tenant text not null, id text not null check (id = tenant), change integer not null check (change >= 1),
  name text not null, ods_code text not null,
  state text not null check (state in ('active', 'closed', 'merged')), merged_into text not null,
  set_at text not null, set_by_id text not null, set_by_name text not null,
  primary key (tenant, id, change),
  check ((state = 'merged') = (merged_into != ''))
) strict
--
CREATE TABLE binding (
  tenant text not null,
  kind text not null check (kind in ('conversation', 'team', 'person', 'workspace', 'directory')),
  seq integer not null check (seq >= 1),
  platform text not null, app text not null, external text not null,
  state text not null check (state in ('open', 'closed')), how text not null,
  set_at text not null, set_by_id text not null, set_by_name text not null,
  primary key (tenant, kind, seq)
) strict
--
CREATE TABLE binding_open (
  platform text not null, app text not null, kind text not null, external text not null,
  tenant text not null, seq integer not null,
  primary key (platform, app, kind, external)
) strict, without rowid
--
CREATE INDEX binding_of_organisation on binding_open (tenant, kind, seq)
--
CREATE TRIGGER binding_opens after insert on binding when new.state = 'open' begin
  insert into binding_open
  values (new.platform, new.app, new.kind, new.external, new.tenant, new.seq);
end
--
CREATE TRIGGER binding_closes after insert on binding when new.state = 'closed' begin
  delete from binding_open
  where platform = new.platform and app = new.app and kind = new.kind and external = new.external
    and tenant = new.tenant;
end
--
CREATE TABLE link_code (
  tenant text not null, digest text not null, platform text not null, conversation text not null,
  asked_at text not null, asked_by_id text not null, asked_by_name text not null, used_at text,
  primary key (digest)
) strict, without rowid
--
CREATE TABLE link_try (
  platform text not null, conversation text not null, person text not null, at text not null,
  primary key (platform, conversation, person, at)
) strict, without rowid
--
CREATE TABLE unlinked (
  platform text not null, kind text not null, external text not null, day text not null,
  times integer not null,
  primary key (day, platform, kind, external)
) strict, without rowid
--
CREATE TABLE chosen_organisation (
  platform text not null, conversation text not null, tenant text not null, at text not null,
  primary key (platform, conversation)
) strict, without rowid
--
CREATE TRIGGER organisation_no_update before update on organisation begin select raise(abort, 'organisation is append-only'); end
--
CREATE TRIGGER organisation_no_delete before delete on organisation begin select raise(abort, 'organisation is append-only'); end
--
CREATE TRIGGER organisation_no_replace before insert on organisation when exists (select 1 from organisation where tenant = new.tenant and id = new.id and change = new.change) begin select raise(abort, 'organisation is append-only'); end
--
CREATE TRIGGER binding_no_update before update on binding begin select raise(abort, 'binding is append-only'); end
--
CREATE TRIGGER binding_no_delete before delete on binding begin select raise(abort, 'binding is append-only'); end
--
CREATE TRIGGER binding_no_replace before insert on binding when exists (select 1 from binding where tenant = new.tenant and kind = new.kind and seq = new.seq) begin select raise(abort, 'binding is append-only'); end
--
CREATE TABLE chat_connection (
  tenant text not null, id text not null, change integer not null check (change >= 1),
  platform text not null, app text not null, team text not null, enterprise text not null,
  bot_user text not null, called text not null, scopes text not null, settings text not null,
  organisation text not null,
  state text not null check (state in ('live', 'revoked', 'replaced', 'ended')), why text not null,
  installed_at text not null, set_at text not null, set_by_id text not null, set_by_name text not null,
  primary key (tenant, id, change)
) strict
--
CREATE TABLE chat_secret (
  tenant text not null, connection text not null, name text not null,
  sealed text not null, key_id text not null, changed_at text not null,
  primary key (tenant, connection, name)
) strict
--
CREATE TRIGGER chat_connection_no_update before update on chat_connection begin select raise(abort, 'chat_connection is append-only'); end
--
CREATE TRIGGER chat_connection_no_delete before delete on chat_connection begin select raise(abort, 'chat_connection is append-only'); end
--
CREATE TRIGGER chat_connection_no_replace before insert on chat_connection when exists (select 1 from chat_connection where tenant = new.tenant and id = new.id and change = new.change) begin select raise(abort, 'chat_connection is append-only'); end
--
CREATE TABLE person_alias (
  platform text not null, old text not null, new text not null check (new != old), at text not null,
  primary key (platform, new)
) strict, without rowid
--
CREATE INDEX outbox_waiting_of_one on outbox (tenant, platform, next_at)
  where ripe < 1 and state in ('due', 'sending', 'unknown')
--
CREATE INDEX outbox_ripe_of_one on outbox (tenant, platform, due_on, next_at, id)
  where ripe > 0 and state in ('due', 'sending', 'unknown')
--
CREATE INDEX outbox_ripe_by_place on outbox (platform, tenant, conversation, due_on, next_at, id)
  where ripe = 1 and state in ('due', 'sending', 'unknown')
--
insert into register_built values (0)
--
pragma application_id=1230130514
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm001_first_release', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm002_what_holds_now', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm003_open_messages_in_the_trail', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm004_who_is_served', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm005_details_of_records', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm006_the_register', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm007_words_beside_the_trail', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm008_who_people_are', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm009_what_is_brought_in', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm010_themes', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm011_the_program_of_records', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm012_corrective_measures', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm013_what_is_lacking', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm014_several_processes', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm015_organisations', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm016_connections', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm017_people_moved', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm018_claims_of_one', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
--
insert into _sqlite_migrations (migration_set, name, applied_at) values ('irmer-bot', 'm019_the_day_of_a_step', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
