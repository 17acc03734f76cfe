"""A browser that does what a person does in Microsoft's test client: `client.mjs`, a command at a time."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.e2e.playground import MODULES, find_browser

DRIVER = Path(__file__).with_name("client.mjs")


class Browser:
    """`pictures` is where screenshots go, numbered in the order they are made."""

    def __init__(self, pictures: Path) -> None:
        self._pictures, self._made = pictures, 0
        pictures.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            ["node", str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "E2E_MODULES": str(MODULES), "E2E_BROWSER": find_browser()},
        )

    def do(self, what: str, **how: Any) -> Any:
        """One act. Fails with what the browser said, and a picture of what it showed."""
        answer = self._ask({"do": what, **how})
        if not answer["ok"]:
            self._ask({"do": "picture", "path": str(self._pictures / "failed.png")})
            raise AssertionError(f"{what} {how}: {answer['value']} (see {self._pictures / 'failed.png'})")
        return answer["value"]

    def picture(self, name: str, **how: Any) -> None:
        self._made += 1
        self.do("picture", path=str(self._pictures / f"{self._made:02}-{name}.png"), **how)

    def _ask(self, act: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(act) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the browser ended"
        return dict(json.loads(line))

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
