"""The commands of irmer, a row each."""

from __future__ import annotations

from typing import NamedTuple


class CommandRow(NamedTuple):
    """A command: what it takes and does, the function that runs it, and the options that it alone has, each
    with an example of its value, or "" where it takes none."""

    takes: str
    what: str
    run: str
    options: dict[str, str] = {}  # noqa: RUF012 - never changed


CHAT, LINES, SERVE, UPKEEP = "bot.cli_chat", "bot.cli_lines", "bot.cli_serve", "bot.cli_upkeep"
ADMIN, CONNECT = "bot.cli_admin", "bot.cli_connect"
EVERYWHERE = {"database": "irmer.sqlite", "now": "2026-12-01T09:00"}
ON_CASES = CommandRow("[words]", "a command of the bot, and out", f"{CHAT}:once")

FOR_PEOPLE = {
    "chat": CommandRow("", "the bot in this terminal", f"{CHAT}:chat"),
    "check": CommandRow("[what happened]", "one check", f"{CHAT}:check"),
    "threshold": CommandRow(
        "[words]", "the criteria, by code, word or intended dose", "bot.cli_look_up:threshold"
    ),
    "case": CommandRow("NUMBER", "one record or case", f"{CHAT}:once"),
    "paper": CommandRow(
        "NUMBER [which]",
        "its papers: a draft notification, the report, and others",
        f"{CHAT}:paper",
        {"to": "FOLDER"},
    ),
    "help": CommandRow(
        "", "all that the bot understands; each of it works here too: irmer due, irmer cases", f"{CHAT}:help_"
    ),
}
FOR_MACHINES = {
    "serve": CommandRow(
        "",
        "the bot for Slack and Teams, whichever is configured",
        f"{SERVE}:serve",
        {"port": "3000", "host": "0.0.0.0", "admin-port": "9090"},
    ),
    "teams": CommandRow(
        "package [FILE]",
        "the app package that an administrator uploads to Teams",
        f"{SERVE}:teams",
        {"check": ""},
    ),
    "decide": CommandRow(
        "[FILE]", "JSON Lines of facts in, from FILE or standard input; of verdicts out", f"{LINES}:decide"
    ),
    "read": CommandRow(
        "[FILE]", "JSON Lines of texts in, from FILE or standard input; of facts out", f"{LINES}:read"
    ),
    "interview": CommandRow(
        "[FILE]", "JSON Lines of what is known in, of the next question or verdict out", f"{LINES}:interview"
    ),
    "schema": CommandRow(
        "[facts|verdict|read|interview]", "the JSON Schema of what goes in and comes out", f"{LINES}:schema"
    ),
    "admin": CommandRow(
        "add|remove|list [WHO]",
        "who administers the bot: slack:U0123ABCD, teams:<id>, os:jane",
        f"{ADMIN}:admin",
    ),
    "connect": CommandRow(
        "slack|teams|list|end [CONNECTION]",
        "one app of many in one process; its secrets come from a prompt, or a file of NAME=value lines",
        f"{CONNECT}:connect",
        {"file": "FILE", "organisation": "ID"},
    ),
    "secrets": CommandRow(
        "new-key FILE|rotate",
        "the keys that the secrets of connections are sealed with",
        f"{CONNECT}:secrets",
    ),
    "doctor": CommandRow(
        "",
        "checks the configuration and the database; with --ping it sends a test to each channel that is set, "
        "with --config it says where each setting comes from, with --network which hosts are reached, with "
        "--json it answers a monitor",
        "bot.cli_doctor:doctor",
        {"ping": "", "config": "", "network": "", "json": ""},
    ),
    "verify": CommandRow(
        "",
        "checks the database's audit trail; with --entry it keeps there that all was well",
        f"{UPKEEP}:verify",
        {"since": "irmer.checkpoints", "entry": ""},
    ),
    "keys": CommandRow("", "makes the key that checkpoints of the trail are signed with", f"{UPKEEP}:keys"),
    "org": CommandRow(
        "add|bind|unbind|list|merge …",
        "the organisations that there are, and what of a platform leads to each",
        "bot.cli_org:org",
        {"ods": "RXX", "app": "ID"},
    ),
    "migrate": CommandRow(
        "",
        "brings a database of an earlier release up to date, after a copy; serve and chat do so themselves",
        f"{UPKEEP}:migrate",
    ),
    "backup": CommandRow(
        "FILE|FOLDER",
        "a verified copy of the database; in a folder under a name of its time",
        f"{UPKEEP}:backup",
        {"keep": "14", "also": "FOLDER"},
    ),
    "copy": CommandRow(
        "",
        "all of a database's file into a new database on a server, as the owner of its tables; the file is "
        "closed then",
        f"{UPKEEP}:copy",
        {"from": "irmer.sqlite", "to": "postgresql://OWNER@HOST/DATABASE"},
    ),
    "retention": CommandRow(
        "",
        "what is older than the settings keep it; with --go it is deleted",
        "bot.cli_retention:retention",
        {"go": "", "tenant": "NAME"},
    ),
    "restore": CommandRow(
        "FILE",
        "puts a copy in the database's place: irmer serve must not run",
        f"{UPKEEP}:restore",
        {"last": "C26-0005,2026-0007"},
    ),
    "import": CommandRow(
        "FILE",
        "incidents out of another system's file: tried, and done with --go",
        "bot.cli_import:import_",
        {"map": "MAPPING.toml", "go": "CODE", "sketch": "", "texts": "keep", "tenant": "NAME"},
    ),
    "judge": CommandRow(
        "[words]",
        "the incidents that the words find, decided once more: what would come out otherwise",
        "bot.cli_register:judge",
        {"tenant": "NAME", "edition": "2023-04-19"},
    ),
    "register": CommandRow(
        "FILE [words]",
        "the incidents that the words find, all without any, as .csv, .xlsx or .jsonl",
        "bot.cli_register:register",
        {"tenant": "NAME", "excel": "", "preset": "ukhsa", "texts": "keep"},
    ),
    "export": CommandRow(
        "FILE",
        "everything that was kept, as JSON Lines for an auditor",
        f"{UPKEEP}:export",
        {"tenant": "NAME"},
    ),
}
ROWS = {**FOR_PEOPLE, **FOR_MACHINES}
