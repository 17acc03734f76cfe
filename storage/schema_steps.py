"""From any released schema to today's, each step a small named function. A released step is never changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database, Migrations

from storage.chat_connection_tables import CHAT_CONNECTIONS
from storage.file import APPLICATION_ID, MIGRATION_SET, TO_VACUUM, Connection, sqlite3
from storage.later_tables import (
    APART,
    CLAIMS,
    CURRENT,
    DETAILS,
    DONE_ON,
    IMPORTS,
    MEASURES,
    PEOPLE,
    PROGRAM,
    REGISTER,
    SERVED,
    SEVERAL,
    THEMES,
    TO_FIND_OUT,
)
from storage.model import BOT, MACHINE
from storage.organisation_model import Organisation
from storage.organisation_rows import put_organisation
from storage.organisation_tables import ORGANISATIONS, PEOPLE_MOVED
from storage.outbox_rows import noted
from storage.sql import Sql
from storage.tables import (
    APART_APPEND_ONLY,
    AUDIT_KEY,
    CONNECTION_APPEND_ONLY,
    FIRST,
    FIRST_APPEND_ONLY,
    LATER_APPEND_ONLY,
    MEASURES_APPEND_ONLY,
    ORGANISATION_APPEND_ONLY,
    THEMES_APPEND_ONLY,
    triggers,
)
from storage.times import moment
from storage.unit_of_work import Work, reference_noted
from storage.words_apart import take_words_out

steps = Migrations(MIGRATION_SET)
AT_ONCE = 500


@steps()
def m001_first_release(db: Database) -> None:
    _run(db, FIRST)
    for trigger in triggers(FIRST_APPEND_ONLY | {"audit": AUDIT_KEY}).values():
        db.execute(trigger)
    db.execute(f"pragma application_id={APPLICATION_ID}")


@steps()
def m002_what_holds_now(db: Database) -> None:
    """Lists walked through all that lies behind to find what holds now."""
    _run(db, CURRENT)
    for statement in HOLDS_NOW:
        db.execute(statement)


HOLDS_NOW = (
    # Of a group SQLite takes the other columns from the row that has the maximum.
    """insert into deadline_current
      select tenant, subject, kind, max(change), state, due_on, due_at
      from deadline group by tenant, subject, kind""",
    """insert into case_current
      select s.tenant, s.ref, max(s.version), s.state, s.owner_id, f.opened_at,
        coalesce((select min(due_on) from deadline_current d
          where d.tenant = s.tenant and d.subject = s.ref and +d.state = 'open'), '9999')
      from case_step s join case_file f on f.tenant = s.tenant and f.ref = s.ref group by s.tenant, s.ref""",
    """insert into record_current
      select r.tenant, r.number, max(r.revision), r.outcome, first.recorded_at, 0
      from decision_record r
      join decision_record first
        on first.tenant = r.tenant and first.number = r.number and first.revision = 1
      group by r.tenant, r.number""",
    """update record_current as c set confirmed = 1 where exists (select 1 from confirmation n
      where n.tenant = c.tenant and n.number = c.number and n.revision = c.revision)""",
)


@steps()
def m003_open_messages_in_the_trail(db: Database) -> None:
    """From here on the trail says of every message when it goes and where to, and how a platform is reached;
    so it does of what is there already."""
    sql = Sql(db.conn)
    for row in sql.all("select tenant, max(at) as at from audit group by tenant order by tenant"):
        work = Work(sql, row["tenant"], BOT, moment(row["at"]))
        found = sql.all(
            "select * from outbox where tenant = ? and state != 'sent' order by id", row["tenant"]
        )
        for start in range(0, len(found), AT_ONCE):
            detail: dict[str, Any] = {"pings": {}, "cancelled": [], "superseded": [], "dead": []}
            for one in found[start : start + AT_ONCE]:
                if one["state"] in detail:
                    detail[one["state"]].append(one["key"])
                else:
                    detail["pings"] |= noted(one)
            work.audit("messages taken into the trail", "", detail)
        for one in sql.all("select * from conversation_reference where tenant = ?", work.tenant):
            work.audit("conversation reference kept", "", reference_noted(one))


@steps()
def m004_who_is_served(db: Database) -> None:
    """Whether anybody sends what waits could only be guessed."""
    _run(db, SERVED)


@steps()
def m005_details_of_records(db: Database) -> None:
    """What a record tells beside its verdict came before it was kept, all at once."""
    _run(db, DETAILS)
    for trigger in triggers(LATER_APPEND_ONLY).values():
        db.execute(trigger)


@steps()
def m006_the_register(db: Database) -> None:
    """A record that opened no case was in no list. The entries are made by whoever opens the file."""
    _run(db, REGISTER)


@steps()
def m007_words_beside_the_trail(db: Database) -> None:
    """Whatever was typed was copied into the trail, from which nothing can be taken out."""
    _run(db, APART)
    for trigger in triggers(APART_APPEND_ONLY).values():
        db.execute(trigger)
    if take_words_out(Sql(db.conn)):
        db.execute(f"pragma user_version={TO_VACUUM}")


@steps()
def m008_who_people_are(db: Database) -> None:
    """A word that is nobody could hold a role, and whoever kept a verdict could confirm it."""
    _run(db, PEOPLE)


@steps()
def m009_what_is_brought_in(db: Database) -> None:
    """What was decided elsewhere is to be in the same list, and to come in once."""
    _run(db, IMPORTS)


@steps()
def m010_themes(db: Database) -> None:
    """What somebody answered of incidents that are alike was kept nowhere, and was asked again."""
    _run(db, THEMES)
    for trigger in triggers(THEMES_APPEND_ONLY).values():
        db.execute(trigger)


@steps()
def m011_the_program_of_records(db: Database) -> None:
    """A record said by which edition it was decided, and not by which release of the program."""
    _run(db, PROGRAM)


@steps()
def m012_corrective_measures(db: Database) -> None:
    """What was to be done after an incident was words in its analysis, and nobody was reminded of it."""
    _run(db, MEASURES)
    for trigger in triggers(MEASURES_APPEND_ONLY).values():
        db.execute(trigger)


@steps()
def m013_what_is_lacking(db: Database) -> None:
    """Of what is undecided nothing said which could be decided first. The entries are made anew by it."""
    _run(db, TO_FIND_OUT)


@steps()
def m014_several_processes(db: Database) -> None:
    """What two processes have to know of one another was in the memory of each."""
    _run(db, SEVERAL)


@steps()
def m015_organisations(db: Database) -> None:
    """A tenant was whatever a platform calls itself. Each that there is becomes an organisation of that id,
    which stands in every hash; what leads to it is bound to it from now on."""
    _run(db, ORGANISATIONS)
    for trigger in triggers(ORGANISATION_APPEND_ONLY).values():
        db.execute(trigger)
    sql = Sql(db.conn)
    for row in sql.all("select tenant, max(at) as at from audit group by tenant order by tenant"):
        if row["tenant"] != MACHINE:
            work = Work(sql, row["tenant"], BOT, moment(row["at"]))
            put_organisation(work, Organisation(row["tenant"], row["tenant"]))


@steps()
def m016_connections(db: Database) -> None:
    """One process served one connection a platform, which the environment alone set up."""
    _run(db, CHAT_CONNECTIONS)
    for trigger in triggers(CONNECTION_APPEND_ONLY).values():
        db.execute(trigger)


@steps()
def m017_people_moved(db: Database) -> None:
    """Whose workspace was moved came as somebody else."""
    _run(db, PEOPLE_MOVED)


@steps()
def m018_claims_of_one(db: Database) -> None:
    """Who sends for one organisation walked through what waited for the others."""
    _run(db, CLAIMS)


@steps()
def m019_the_day_of_a_step(db: Database) -> None:
    """What was told afterwards was taken for done when it was told."""
    _run(db, DONE_ON)


def apply(conn: Connection, *, stop_before: str | None = None) -> None:
    steps.apply(Database(conn, execute_plugins=False, strict=True), stop_before=stop_before)


def _run(db: Database, script: str) -> None:
    """One by one: executescript() would commit the transaction that holds the other processes off."""
    for statement in _statements(script):
        db.execute(statement)


def _statements(script: str) -> Iterator[str]:
    so_far = ""
    for line in script.splitlines(keepends=True):
        so_far += line
        if sqlite3.complete_statement(so_far):
            yield so_far.strip().removesuffix(";")
            so_far = ""
