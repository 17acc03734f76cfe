"""Microsoft's test client is for this machine alone, whatever it asks for."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.e2e.playground import LOOPBACK

LISTENING = """
const net = require("node:net"), http = require("node:http");
const ways = [[0], [0, "0.0.0.0"], ["0"], [{ port: 0 }], [{ port: 0, host: "::" }], []];
for (const way of ways) {
  const server = http.createServer();
  server.listen(...way, () => {
    console.log(server.address().address);
    server.close();
  });
}
"""


@pytest.mark.skipif(not shutil.which("node"), reason="there is no Node here")
def test_whatever_it_listens_on_is_loopback() -> None:
    done = subprocess.run(
        ["node", "--require", str(LOOPBACK), "-e", LISTENING], capture_output=True, text=True, timeout=30
    )
    assert (done.stderr, done.stdout.split()) == ("", ["127.0.0.1"] * 6)
