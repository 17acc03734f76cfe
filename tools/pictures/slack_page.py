"""A page that shows Block Kit payloads as Slack does, and a picture of it by headless Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

HERE = Path(__file__).parent
DESKTOP, PHONE = 720, 375
NARROWEST = 500  # what a window of the browser is at least
SCALE = 1

Shown = Mapping[str, Any]


class Undrawable(Exception):
    """One line: what the page does not know, or what is missing on this machine."""


def page(scene: Sequence[Shown], width: int, *, errors: Mapping[str, str], people: Mapping[str, str]) -> str:
    """Raises `Undrawable` for a block or an element that the template does not know."""
    return _page({"": scene}, width, 16, errors, people)


def every(scenes: Mapping[str, Sequence[Shown]], width: int, *, people: Mapping[str, str]) -> str:
    """All of them one below the other, each by its name. Raises `Undrawable`."""
    return _page(scenes, width, 0, {}, people)


def _page(
    scenes: Mapping[str, Sequence[Shown]], width: int, margin: int, errors: Mapping[str, str],
    people: Mapping[str, str],
) -> str:  # fmt: skip

    def unknown(what: str, name: str) -> NoReturn:
        raise Undrawable(f"the page knows no {what} {name!r}: teach tools/pictures/slack.html.j2 to draw it")

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=select_autoescape(default=False), undefined=_Lenient
    )
    environment.globals |= {"unknown": unknown, "loop_first": lambda block, row: row is block["rows"][0]}
    template = environment.get_template("slack.html.j2")
    return template.render(scenes=scenes, width=width, margin=margin, errors=errors, people=people)


class _Lenient(StrictUndefined):
    """A key that a payload may leave out is false; anything else done with it fails."""

    def __bool__(self) -> bool:
        return False


def picture(html: str, width: int, path: Path) -> None:
    """Write a PNG as high as the page is. Raises `Undrawable` where there is no browser."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        raise Undrawable("pictures want Chromium: apt-get install chromium fonts-lato")
    if not _has_lato():
        raise Undrawable("pictures want the Lato font: apt-get install fonts-lato")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        script = "<script>document.title = document.documentElement.scrollHeight</script>"
        source.write_text(html + script, encoding="utf-8")
        window = max(width + 32, NARROWEST)
        dom = _run(browser, folder, f"--window-size={window},400", "--dump-dom", source.as_uri())
        height = int(re.search(r"<title>(\d+)</title>", dom)[1])  # type: ignore[index]
        _run(
            browser, folder, f"--window-size={window},{height}", f"--screenshot={path}",
            f"--force-device-scale-factor={SCALE}", "--hide-scrollbars", source.as_uri(),
        )  # fmt: skip


def _run(browser: str, folder: str, *arguments: str) -> str:
    """Its own profile each time: nothing of this machine's user is touched."""
    done = subprocess.run(
        [
            browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000",
            f"--user-data-dir={folder}/profile", *arguments,
        ],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Undrawable(f"Chromium ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout


def _has_lato() -> bool:
    listed = shutil.which("fc-list")
    return (
        listed is None
        or "Lato" in subprocess.run([listed], capture_output=True, text=True, check=False).stdout
    )
