"""What the store knows of connections to chat platforms. They are the machine's, not an organisation's."""

CHAT_CONNECTIONS = """
create table chat_connection (
  tenant text not null, id text not null, change integer not null check (change >= 1),
  platform text not null, app text not null, team text not null, enterprise text not null,
  bot_user text not null, called text not null, scopes text not null, settings text not null,
  organisation text not null,
  state text not null check (state in ('live', 'revoked', 'replaced', 'ended')), why text not null,
  installed_at text not null, set_at text not null, set_by_id text not null, set_by_name text not null,
  primary key (tenant, id, change)
) strict;

-- What a connection signs in with. The key that opens it lies outside of the database.
create table chat_secret (
  tenant text not null, connection text not null, name text not null,
  sealed text not null, key_id text not null, changed_at text not null,
  primary key (tenant, connection, name)
) strict;
"""
