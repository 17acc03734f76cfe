"""Where settings come from, each way that it is told wrongly, and that no value of one is ever said."""

from __future__ import annotations

import os
import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.configuration import Settings
from bot.slack.settings import SlackSettings
from bot.sources import GUARDED, KEYS, NAMES, SECRETS, gathered, key_of, lines_of, settings_of
from bot.teams.settings import TeamsSettings
from bot.usage import NotReady
from tests.processes import irmer_here

ROOT = Path(__file__).parents[1]
CANARY = "canary"
ID = "11111111-2222-4333-8444-555555555555"


def secret(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def toml(path: Path, text: str) -> dict[str, str]:
    file = path / "irmer.toml"
    file.write_text(text)
    return {"IRMER_CONFIG": str(file)}


def wrong(environment: dict[str, str]) -> list[str]:
    return gathered(environment).wrong


# What there is


def test_every_setting_of_the_models_is_known_and_so_is_which_are_secret() -> None:
    fields = [
        field for model in (Settings, SlackSettings, TeamsSettings) for field in model.model_fields.values()
    ]
    aliases = {field.validation_alias: field for field in fields if isinstance(field.validation_alias, str)}
    del aliases["DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS"]  # is refused wherever it stands
    assert aliases.keys() <= {*NAMES, *(f"{name}_FILE" for name in SECRETS)}
    assert {name for name, field in aliases.items() if field.annotation is SecretStr} == set(SECRETS)
    assert aliases.keys() >= set(GUARDED)


def test_every_name_that_the_program_reads_is_known() -> None:
    sources = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]
    named = {name for file in sources for name in re.findall(r"\bIRMER_[A-Z_]+\b", file.read_text("utf-8"))}
    assert named - {"IRMER_CONFIG", "IRMER_", "IRMER_DATABASE_FILE", "IRMER_SECRETS_KEY_FILE"} <= set(NAMES)


def test_a_key_of_the_file_is_one_settings() -> None:
    assert len(KEYS) == len(NAMES)
    assert (key_of("IRMER_ADMIN_PORT"), key_of("SLACK_API_URL")) == ("admin_port", "slack.api_url")


# Each way


def test_settings_come_from_the_environment_a_file_a_credential_and_toml(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    secret(credentials / "slack-bot-token", "xoxb-1\n", 0o440)
    secret(credentials / "teams-certificate", "PEM", 0o400)
    given = {
        **toml(tmp_path, 'nation = "wales"\nport = 3001\nadmin = ["os:ja", "os:jo"]\nteams.client_id = "x"'),
        "CREDENTIALS_DIRECTORY": str(credentials), "IRMER_NATION": "scotland", "HOME": "somewhere",
        "SLACK_APP_TOKEN_FILE": str(secret(tmp_path / "app", "xapp-1")), "IRMER_TENANT": " ",
    }  # fmt: skip
    found = gathered(given)
    assert found.wrong == []
    assert found.whence == {
        "IRMER_PORT": "the file of IRMER_CONFIG", "IRMER_ADMIN": "the file of IRMER_CONFIG",
        "TEAMS_CLIENT_ID": "the file of IRMER_CONFIG", "IRMER_NATION": "the environment",
        "SLACK_BOT_TOKEN": "the credential slack-bot-token",
        "SLACK_APP_TOKEN": "the file of SLACK_APP_TOKEN_FILE",
        "TEAMS_CERTIFICATE": "the credential teams-certificate",
    }  # fmt: skip
    assert found.over == {"IRMER_NATION": "the file of IRMER_CONFIG"}
    made = settings_of(given)
    assert (made["IRMER_NATION"], made["IRMER_PORT"], made["IRMER_ADMIN"]) == (
        "scotland",
        "3001",
        "os:ja, os:jo",
    )
    assert (made["SLACK_BOT_TOKEN"], made["SLACK_APP_TOKEN"]) == ("xoxb-1", "xapp-1")
    assert made["TEAMS_CERTIFICATE"] == str(credentials / "teams-certificate")
    assert made["HOME"] == "somewhere"


def test_what_windows_puts_before_a_text_is_no_part_of_it(tmp_path: Path) -> None:
    """Its editors write a mark that nobody sees, and a secret with it is another one."""
    given = toml(tmp_path, "\ufeffnation = 'wales'\n")
    given["SLACK_SIGNING_SECRET_FILE"] = str(secret(tmp_path / "signing", "\ufeffcanary\r\n"))
    assert gathered(given).values == {"IRMER_NATION": "wales", "SLACK_SIGNING_SECRET": CANARY}
    lines = secret(tmp_path / "northern.txt", "\ufeffSLACK_BOT_TOKEN=xoxb-1\r\n")
    assert lines_of(lines, SECRETS) == {"SLACK_BOT_TOKEN": "xoxb-1"}


def test_a_command_that_is_typed_looks_at_no_secret(tmp_path: Path) -> None:
    given = {"SLACK_BOT_TOKEN_FILE": str(tmp_path / "none"), "IRMER_NATION": "wales"}
    assert settings_of(given, secrets=False)["IRMER_NATION"] == "wales"
    with pytest.raises(NotReady):
        settings_of(given)


BROKEN = [
    ('nattion = "wales"', "the file of IRMER_CONFIG: there is no setting nattion, but there is nation"),
    ('[slak]\napi_url = "x"',
     "the file of IRMER_CONFIG: there is no setting slak.api_url, but there is slack.api_url"),
    ('xoxb-canary = "x"', "the file of IRMER_CONFIG has a key that cannot be a setting's name"),
    ('[slack]\nbot_token = "xoxb-canary"',
     "the file of IRMER_CONFIG: slack.bot_token is a secret and does not belong there: give it by "
     "SLACK_BOT_TOKEN_FILE, or as the credential slack-bot-token, and have it changed"),
    ("nation = true", "the file of IRMER_CONFIG: nation wants a text, a number or a list of texts"),
    ("nation = wales",
     'the file of IRMER_CONFIG is not TOML at line 1, column 10: a line is like nation = "england"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), BROKEN)
def test_what_is_wrong_with_the_file_is_said_in_one_line(tmp_path: Path, text: str, line: str) -> None:
    assert wrong(toml(tmp_path, text)) == [line]


def test_a_file_that_is_not_there_or_no_text_is_said_without_its_name(tmp_path: Path) -> None:
    told = "IRMER_CONFIG names a file that cannot be read: No such file or directory"
    assert wrong({"IRMER_CONFIG": str(tmp_path / "canary")}) == [told]
    (tmp_path / "irmer.toml").write_bytes(b"\xff\xfe")
    assert wrong({"IRMER_CONFIG": str(tmp_path / "irmer.toml")}) == [
        "the file of IRMER_CONFIG is not text in UTF-8"
    ]


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        (None, 0, "cannot be read: No such file or directory"),
        ("", 0o600, "is empty, or no text"),
        ("xoxb-canary", 0o644,
         "can be read by everybody on this machine: chmod 600 it, and have the secret changed"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_secrets_file_is_said_in_one_line(
    tmp_path: Path, text: str | None, mode: int, said: str
) -> None:
    if text is not None:
        secret(tmp_path / "token", text, mode)
    given = {"SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")}
    assert wrong(given) == [f"SLACK_BOT_TOKEN: the file of SLACK_BOT_TOKEN_FILE {said}"]


def test_a_secret_that_is_set_twice_is_refused_since_one_of_the_two_is_old(tmp_path: Path) -> None:
    secret(tmp_path / "slack-bot-token", "xoxb-canary")
    by_file = {"SLACK_BOT_TOKEN_FILE": str(tmp_path / "slack-bot-token")}
    told = "SLACK_BOT_TOKEN is set more than once: by {}: take one out"
    both = [told.format("the environment and by the file of SLACK_BOT_TOKEN_FILE")]
    assert wrong({**by_file, "SLACK_BOT_TOKEN": "xoxb-canary"}) == both
    both = [told.format("the file of SLACK_BOT_TOKEN_FILE and by the credential slack-bot-token")]
    assert wrong({**by_file, "CREDENTIALS_DIRECTORY": str(tmp_path)}) == both


def test_a_certificates_file_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    given = {"TEAMS_CERTIFICATE": str(secret(tmp_path / "app.pem", "PEM", 0o644))}
    (line,) = wrong(given)
    assert line.startswith("TEAMS_CERTIFICATE names a file that can be read by everybody on this machine")


def test_a_name_that_is_misspelt_is_told_and_another_programs_is_left_alone() -> None:
    assert wrong({"IRMER_DATABSE": "x"}) == ["there is no setting IRMER_DATABSE, but there is IRMER_DATABASE"]
    assert wrong({"IRMER_QQQ": "x"}) == ["there is no setting IRMER_QQQ: see irmer doctor --config"]
    assert wrong({"IRMER_NATION_FILE": "x"}) == [
        "IRMER_NATION_FILE is not read: only a secret comes from a file of its own"
    ]
    found = gathered({"SLACK_API_TOKEN": "x", "PATH": "y"})
    assert (found.wrong, found.unused) == (
        [],
        ["SLACK_API_TOKEN is not one of ours; there is SLACK_APP_TOKEN"],
    )


@given(
    name=st.sampled_from(
        [*NAMES, *(f"{name}_FILE" for name in SECRETS), "IRMER_CONFIG", "CREDENTIALS_DIRECTORY"]
    ),
    before=st.text(string.printable, max_size=5),
    after=st.text(string.printable, max_size=5),
)  # fmt: skip
def test_no_value_is_ever_said(name: str, before: str, after: str) -> None:
    given = {name: f"{before}{CANARY}{after}".replace("\0", "")}
    said = wrong(given)
    try:
        Settings.of({**given, **gathered(given).values})
    except NotReady as unfit:
        said += unfit.lines
    assert not [line for line in said if CANARY in line.lower() or len(line.splitlines()) != 1]


@given(text=st.text(string.ascii_letters + string.digits + "\"'=[]{}.,\n\\_- #", max_size=40))
def test_no_word_of_a_broken_file_is_ever_said(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    for content in (f"{text} {CANARY}9-X", f'nation = "{CANARY}9-X" {text}', f'["{CANARY}9-X{text}"]'):
        assert not [line for line in wrong(toml(folder, content)) if CANARY in line]


# By the command


def test_doctor_says_what_came_from_where_and_nothing_of_it(tmp_path: Path) -> None:
    given = {
        **toml(tmp_path, 'nation = "atlantis"\ntenant = "canary"\n'),
        "SLACK_BOT_TOKEN_FILE": str(secret(tmp_path / "bot", "xoxb-canary")),
        "SLACK_APP_TOKEN": "xapp-canary", "SLACK_API_TOKEN": "canary",
    }  # fmt: skip
    status, out, err = irmer_here("doctor", "--config", database=tmp_path / "canary.sqlite", **given)
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert "IRMER_DATABASE        the environment" in lines
    assert "IRMER_TENANT          the file of IRMER_CONFIG" in lines
    assert "IRMER_PORT            not set" in lines
    assert "IRMER_SHARED_DIRECTORIES not set" in lines
    assert "SLACK_BOT_TOKEN       the file of SLACK_BOT_TOKEN_FILE" in lines
    assert "not used   SLACK_API_TOKEN is not one of ours; there is SLACK_APP_TOKEN" in lines
    assert lines[-1] == "wrong      IRMER_NATION wants one of: england, wales, scotland, northern_ireland"
    assert len(lines) == len(NAMES) + 2
    assert CANARY not in out


@pytest.mark.parametrize(
    "words", [["serve"], ["chat"], ["verify"], ["case", "C26-0001"], ["register", "a.csv"]]
)
def test_every_command_stops_at_what_is_wrong_in_one_line(tmp_path: Path, words: list[str]) -> None:
    given = toml(tmp_path, 'databse = "canary"\n')
    told = "the file of IRMER_CONFIG: there is no setting databse, but there is database"
    assert irmer_here(*words, database=tmp_path / "a.sqlite", **given) == (2, "", f"irmer: {told}\n")
    assert not (tmp_path / "a.sqlite").exists()


def test_the_database_and_the_nation_of_the_file_hold_for_a_command_that_is_typed(tmp_path: Path) -> None:
    given = toml(tmp_path, f'database = "{tmp_path / "b.sqlite"}"\n')
    assert irmer_here("cases", database="", **given)[0] == 0
    assert (tmp_path / "b.sqlite").exists()


def test_the_port_may_be_set_and_an_option_goes_before_it(tmp_path: Path) -> None:
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "IRMER_PORT": "70000"}
    found = irmer_here("serve", database=tmp_path / "a.sqlite", **slack)
    assert found == (2, "", "irmer: IRMER_PORT wants a number from 0 to 65535\n")
    for looked in (["doctor", "--config"], ["doctor"]):
        status, out, _ = irmer_here(*looked, database=tmp_path / "a.sqlite", **slack)
        assert (status, out.splitlines()[-1]) == (1, "wrong      IRMER_PORT wants a number from 0 to 65535")
    found = irmer_here("serve", "--port", "x", database=tmp_path / "a.sqlite", **slack | {"IRMER_PORT": "0"})
    assert found == (2, "", "irmer: --port wants a number from 0 to 65535\n")


def test_a_look_up_reads_no_settings(tmp_path: Path) -> None:
    assert irmer_here("threshold", "4.2b", database=tmp_path / "a", IRMER_CONFIG=os.devnull + "x")[0] == 0
