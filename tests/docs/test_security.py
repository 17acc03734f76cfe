"""What SECURITY.md and the page on releases leave open and say."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.links import broken_links

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text()
RELEASE = (ROOT / "docs" / "release.md").read_text()


def test_the_address_and_its_key_are_the_only_blanks() -> None:
    blanks = re.findall(r"\[ \] _([^_]+)_", SECURITY)
    assert [blank.partition(",")[0] for blank in blanks] == ["address", "key"]
    assert SECURITY.count("[ ]") == 2
    assert not re.search(r"TODO|FIXME|XXX|example\.(?:com|org)", SECURITY)


def test_its_links_lead_somewhere() -> None:
    assert broken_links(SECURITY, ROOT) == []
    assert broken_links(RELEASE, ROOT / "docs") == []


def test_what_it_names_is_there() -> None:
    for path in re.findall(r"`?((?:locks|tests|dist)/[\w./]*\w)`?", SECURITY + RELEASE):
        assert path.startswith("dist/") or (ROOT / path).exists(), path


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen here")
def test_the_signature_of_a_release_holds_and_a_changed_file_is_refused(tmp_path: Path) -> None:
    """The two commands of the page, with a key of the test's own."""

    def run(line: str, text: str = "") -> int:
        words = line.replace("dist/", "").split()
        return subprocess.run(words, cwd=tmp_path, input=text, text=True, capture_output=True).returncode

    sums = "0" * 64 + "  irmer_bot.whl\n"
    (tmp_path / "SHA256SUMS").write_text(sums)
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "irmer-release"],
        cwd=tmp_path,
        check=True,
    )
    public = (tmp_path / "irmer-release.pub").read_text().strip()
    (tmp_path / "allowed_signers").write_text(f'release@irmer namespaces="irmer-release" {public}\n')
    sign, verify = re.findall(r"^    (ssh-keygen -Y .*?)(?: < .*)?$", RELEASE, re.M)
    assert run(sign) == 0
    assert run(verify, sums) == 0
    assert run(verify, sums.replace("0", "1", 1)) != 0
