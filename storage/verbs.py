"""Every verb of `storage.store.Store`, whatever the database is."""

from storage.cases import Cases
from storage.chat_connections import ChatConnections
from storage.corrective_measures import Measures
from storage.imports import Imports
from storage.memory import Memory
from storage.merging import Merging
from storage.organisations import Organisations
from storage.outbox import Outbox
from storage.person_aliases import PersonAliases
from storage.records import Records
from storage.redaction import Redaction
from storage.register import Register
from storage.register_export import RegisterExport
from storage.register_trends import RegisterTrends
from storage.retention import Retention
from storage.running_processes import RunningProcesses
from storage.themes import Themes
from storage.upkeep import Upkeep
from storage.who_serves import WhoServes


class Verbs(
    Records, Cases, Outbox, WhoServes, Memory, Redaction, Retention, Upkeep, Register, RegisterExport,
    RegisterTrends, Imports, Themes, Measures, Organisations, Merging, RunningProcesses, ChatConnections,
    PersonAliases,
):  # fmt: skip
    """A store gives it its connections."""
