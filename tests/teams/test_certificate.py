"""A certificate in the place of the secret."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from bot.teams.certificate import wrong_with
from bot.teams.settings import TeamsSettings
from bot.usage import NotReady
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import TENANT
from tests.teams.running import Running
from tests.teams.test_serve import doctor

NOW = datetime.now(UTC)


@cache
def key_of(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(days: int = 300, whose: str = "ours") -> x509.Certificate:
    key = key_of(whose)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "irmer-bot")])
    return (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(NOW + timedelta(days=days)).sign(key, hashes.SHA256())
    )  # fmt: skip


def pem(path: Path, made: x509.Certificate, whose: str = "ours", passphrase: bytes = b"") -> Path:
    kept = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    private = key_of(whose).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kept)
    path.write_bytes(made.public_bytes(Encoding.PEM) + private)
    path.chmod(0o600)
    return path


def test_the_bot_writes_by_a_token_that_the_certificate_has_earned(teams: FakeTeams, tmp_path: Path):
    made = certificate()
    file = pem(tmp_path / "app.pem", made)
    teams.certificate = made
    running = Running(teams, tmp_path / "a.sqlite", certificate=str(file), client_secret=SecretStr(""))
    assert teams.say("help", "a:alex").status == 200
    running.settle()
    assert teams.posted("a:alex")
    running.stop()


def test_the_doctor_tries_the_certificate_that_the_environment_names(teams: FakeTeams, tmp_path: Path):
    """`serve` reads its settings in the same way."""
    teams.certificate = certificate()
    mine = {"TEAMS_CLIENT_SECRET": "", "TEAMS_CERTIFICATE": str(pem(tmp_path / "app.pem", teams.certificate))}
    assert doctor(teams, tmp_path, **mine) == []
    another = {
        **mine,
        "TEAMS_CERTIFICATE": str(pem(tmp_path / "b.pem", certificate(whose="another"), "another")),
    }
    assert doctor(teams, tmp_path, **another) == [
        "Teams: Microsoft gives no token for sending: check TEAMS_CERTIFICATE"
    ]


def test_the_doctor_says_a_month_before_that_a_certificate_ends(teams: FakeTeams, tmp_path: Path):
    teams.certificate = certificate(days=20)
    mine = {"TEAMS_CLIENT_SECRET": "", "TEAMS_CERTIFICATE": str(pem(tmp_path / "app.pem", teams.certificate))}
    (line,) = doctor(teams, tmp_path, **mine)
    assert line.startswith(f"Teams: the certificate ends on {NOW + timedelta(days=20):%Y-%m-%d}")
    teams.certificate = certificate(days=31)
    pem(tmp_path / "app.pem", teams.certificate)
    assert doctor(teams, tmp_path, **mine) == []


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda path: path, "cannot be read: No such file"),
        (lambda path: path.write_text("a secret") and path, "wants a PEM file"),
        (
            lambda path: path.write_bytes(certificate().public_bytes(Encoding.PEM)) and path,
            "wants a PEM file",
        ),
        (lambda path: pem(path, certificate(), passphrase=b"x"), "the key without a passphrase"),
        (lambda path: pem(path, certificate(), "another"), "a private key that is not the certificate's"),
        (lambda path: pem(path, certificate(days=-1)), "make another, and upload it"),
    ],
)
def test_a_certificate_that_will_not_do_is_said_in_one_line(tmp_path: Path, made, said):
    ids = {"TEAMS_CLIENT_ID": FakeTeams.app_id, "TEAMS_TENANT_ID": TENANT}
    with pytest.raises(NotReady) as raised:
        TeamsSettings.of({**ids, "TEAMS_CERTIFICATE": str(made(tmp_path / "app.pem"))})
    (line,) = raised.value.lines
    assert line.startswith("TEAMS_CERTIFICATE ")
    assert said in line


PAGE = Path(__file__).parents[2] / "docs" / "teams.md"


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl here")
def test_the_commands_of_the_page_make_a_file_that_is_taken(tmp_path: Path):
    commands = re.findall(r"`((?:openssl req|cat cert)[^`]+)`", PAGE.read_text())
    assert len(commands) == 2
    for command in commands:
        subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    assert wrong_with(str(tmp_path / "app.pem"), NOW + timedelta(minutes=1)) == ""


def test_a_secret_and_a_certificate_are_one_too_many(tmp_path: Path):
    ids = {"TEAMS_CLIENT_ID": FakeTeams.app_id, "TEAMS_TENANT_ID": TENANT, "TEAMS_CLIENT_SECRET": "s"}
    file = str(pem(tmp_path / "app.pem", certificate()))
    with pytest.raises(NotReady, match="take one of them out"):
        TeamsSettings.of({**ids, "TEAMS_CERTIFICATE": file})
