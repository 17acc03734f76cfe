"""From any released schema to today's, each step a small named function. A released step is never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from storage.chat_connection_tables import CHAT_CONNECTIONS
from storage.file import APPLICATION_ID, TO_VACUUM, Connection, sqlite3
from storage.later_tables import (
    APART,
    CURRENT,
    DETAILS,
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

SchemaStep = Callable[[Connection], None]
SCHEMA_STEPS: dict[str, SchemaStep] = {}  # by name, in their order
AT_ONCE = 500


def schema_step(function: SchemaStep) -> SchemaStep:
    SCHEMA_STEPS[function.__name__] = function
    return function


@schema_step
def m001_first_release(conn: Connection) -> None:
    _run(conn, FIRST)
    for trigger in triggers(FIRST_APPEND_ONLY | {"audit": AUDIT_KEY}).values():
        conn.execute(trigger)
    conn.execute(f"pragma application_id={APPLICATION_ID}")


@schema_step
def m002_what_holds_now(conn: Connection) -> None:
    """Lists walked through all that lies behind to find what holds now."""
    _run(conn, CURRENT)
    for statement in HOLDS_NOW:
        conn.execute(statement)


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


@schema_step
def m003_open_messages_in_the_trail(conn: Connection) -> None:
    """From here on the trail says of every message when it goes and where to, and how a platform is reached;
    so it does of what is there already."""
    sql = Sql(conn)
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


@schema_step
def m004_who_is_served(conn: Connection) -> None:
    """Whether anybody sends what waits could only be guessed."""
    _run(conn, SERVED)


@schema_step
def m005_details_of_records(conn: Connection) -> None:
    """What a record tells beside its verdict came before it was kept, all at once."""
    _run(conn, DETAILS)
    for trigger in triggers(LATER_APPEND_ONLY).values():
        conn.execute(trigger)


@schema_step
def m006_the_register(conn: Connection) -> None:
    """A record that opened no case was in no list. The entries are made by whoever opens the file."""
    _run(conn, REGISTER)


@schema_step
def m007_words_beside_the_trail(conn: Connection) -> None:
    """Whatever was typed was copied into the trail, from which nothing can be taken out."""
    _run(conn, APART)
    for trigger in triggers(APART_APPEND_ONLY).values():
        conn.execute(trigger)
    if take_words_out(Sql(conn)):
        conn.execute(f"pragma user_version={TO_VACUUM}")


@schema_step
def m008_who_people_are(conn: Connection) -> None:
    """A word that is nobody could hold a role, and whoever kept a verdict could confirm it."""
    _run(conn, PEOPLE)


@schema_step
def m009_what_is_brought_in(conn: Connection) -> None:
    """What was decided elsewhere is to be in the same list, and to come in once."""
    _run(conn, IMPORTS)


@schema_step
def m010_themes(conn: Connection) -> None:
    """What somebody answered of incidents that are alike was kept nowhere, and was asked again."""
    _run(conn, THEMES)
    for trigger in triggers(THEMES_APPEND_ONLY).values():
        conn.execute(trigger)


@schema_step
def m011_the_program_of_records(conn: Connection) -> None:
    """A record said by which edition it was decided, and not by which release of the program."""
    _run(conn, PROGRAM)


@schema_step
def m012_corrective_measures(conn: Connection) -> None:
    """What was to be done after an incident was words in its analysis, and nobody was reminded of it."""
    _run(conn, MEASURES)
    for trigger in triggers(MEASURES_APPEND_ONLY).values():
        conn.execute(trigger)


@schema_step
def m013_what_is_lacking(conn: Connection) -> None:
    """Of what is undecided nothing said which could be decided first. The entries are made anew by it."""
    _run(conn, TO_FIND_OUT)


@schema_step
def m014_several_processes(conn: Connection) -> None:
    """What two processes have to know of one another was in the memory of each."""
    _run(conn, SEVERAL)


@schema_step
def m015_organisations(conn: Connection) -> None:
    """A tenant was whatever a platform calls itself. Each that there is becomes an organisation of that id,
    which stands in every hash; what leads to it is bound to it from now on."""
    _run(conn, ORGANISATIONS)
    for trigger in triggers(ORGANISATION_APPEND_ONLY).values():
        conn.execute(trigger)
    sql = Sql(conn)
    for row in sql.all("select tenant, max(at) as at from audit group by tenant order by tenant"):
        if row["tenant"] != MACHINE:
            work = Work(sql, row["tenant"], BOT, moment(row["at"]))
            put_organisation(work, Organisation(row["tenant"], row["tenant"]))


@schema_step
def m016_connections(conn: Connection) -> None:
    """One process served one connection a platform, which the environment alone set up."""
    _run(conn, CHAT_CONNECTIONS)
    for trigger in triggers(CONNECTION_APPEND_ONLY).values():
        conn.execute(trigger)


@schema_step
def m017_people_moved(conn: Connection) -> None:
    """Whose workspace was moved came as somebody else."""
    _run(conn, PEOPLE_MOVED)


def _run(conn: Connection, script: str) -> None:
    """One by one: executescript() would commit the transaction that holds the other processes off."""
    for statement in _statements(script):
        conn.execute(statement)


def _statements(script: str) -> Iterator[str]:
    so_far = ""
    for line in script.splitlines(keepends=True):
        so_far += line
        if sqlite3.complete_statement(so_far):
            yield so_far.strip().removesuffix(";")
            so_far = ""
