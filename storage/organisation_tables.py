"""What the store knows of organisations. Their id is the `tenant` of every row, and no platform's: a
platform's ids lead to it.

What is asked before it is known whose something is, is read across all organisations: `binding_open`,
`link_code`, `link_try`, `unlinked`, `chosen_organisation`.
"""

ORGANISATIONS = """
create table organisation (
  tenant text not null, id text not null check (id = tenant), change integer not null check (change >= 1),
  name text not null, ods_code text not null,
  state text not null check (state in ('active', 'closed', 'merged')), merged_into text not null,
  set_at text not null, set_by_id text not null, set_by_name text not null,
  primary key (tenant, id, change),
  check ((state = 'merged') = (merged_into != ''))
) strict;

create table binding (
  tenant text not null,
  kind text not null check (kind in ('conversation', 'team', 'person', 'workspace', 'directory')),
  seq integer not null check (seq >= 1),
  platform text not null, app text not null, external text not null,
  state text not null check (state in ('open', 'closed')), how text not null,
  set_at text not null, set_by_id text not null, set_by_name text not null,
  primary key (tenant, kind, seq)
) strict;

-- The binding that holds, of which there is one: written by triggers alone.
create table binding_open (
  platform text not null, app text not null, kind text not null, external text not null,
  tenant text not null, seq integer not null,
  primary key (platform, app, kind, external)
) strict, without rowid;
create index binding_of_organisation on binding_open (tenant, kind, seq);
create trigger binding_opens after insert on binding when new.state = 'open' begin
  insert into binding_open
  values (new.platform, new.app, new.kind, new.external, new.tenant, new.seq);
end;
create trigger binding_closes after insert on binding when new.state = 'closed' begin
  delete from binding_open
  where platform = new.platform and app = new.app and kind = new.kind and external = new.external
    and tenant = new.tenant;
end;

-- A code by which a place is bound, as its digest; where it was asked for is told what became of it.
create table link_code (
  tenant text not null, digest text not null, platform text not null, conversation text not null,
  asked_at text not null, asked_by_id text not null, asked_by_name text not null, used_at text,
  primary key (digest)
) strict, without rowid;
create table link_try (
  platform text not null, conversation text not null, person text not null, at text not null,
  primary key (platform, conversation, person, at)
) strict, without rowid;

-- From where people asked whom nothing binds to an organisation, for whoever looks after the bot.
create table unlinked (
  platform text not null, kind text not null, external text not null, day text not null,
  times integer not null,
  primary key (day, platform, kind, external)
) strict, without rowid;

-- Which of their organisations somebody's own chat is about.
create table chosen_organisation (
  platform text not null, conversation text not null, tenant text not null, at text not null,
  primary key (platform, conversation)
) strict, without rowid;
"""

# What a platform calls somebody since their workspace was moved, beside the id that stands in the rows.
PEOPLE_MOVED = """
create table person_alias (
  platform text not null, old text not null, new text not null check (new != old), at text not null,
  primary key (platform, new)
) strict, without rowid;
"""
