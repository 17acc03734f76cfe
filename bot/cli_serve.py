"""`irmer serve` and `irmer teams package`: what belongs to the chat platforms."""

from __future__ import annotations

import os
from pathlib import Path

from bot import host
from bot.call import Call, Usage
from bot.configuration import Settings
from bot.teams import package
from bot.teams.settings import TeamsSettings

HIGHEST_PORT = 65535


def serve(call: Call) -> int:
    call.nothing_more()
    port, settings = _port(call), Settings.of(os.environ)
    for line in call.brought_up_to_date():
        print(line, flush=True)
    with call.store() as store:
        try:
            host.run(settings, store, port=port, says=lambda line: print(line, flush=True))
        except OSError as error:
            raise Usage(f"port {port} cannot be served: {error.strerror or error}") from None
    return 0


def _port(call: Call) -> int:
    given = call.options.get("port", "3000")
    if not given.isdecimal() or int(given[:6]) > HIGHEST_PORT:
        raise Usage(f"--port wants a number from 0 to {HIGHEST_PORT}")
    return int(given)


def teams(call: Call) -> int:
    if call.words[:1] != ["package"] or len(call.words) > 2:
        raise Usage("irmer teams wants package, and a file to write: irmer teams package irmer-teams.zip")
    path = Path((call.words[1:] or [package.DEFAULT_FILE])[0]).expanduser()
    settings = TeamsSettings.of(os.environ)
    if "check" in call.options:
        wrong = package.check(path, settings)
        made = package.manifest(settings)
        for line in wrong or [f"{made['name']['short']} {made['version']} can be uploaded."]:
            print(line)
        return 1 if wrong else 0
    try:
        made = package.write(path, settings)
    except OSError as error:
        raise Usage(f"{path} cannot be written: {error.strerror}") from None
    print(f"{path}: the app {made['name']['short']} {made['version']}, schema {made['manifestVersion']}")
    if not (settings.organisation and settings.website):
        print("Set IRMER_ORGANISATION and IRMER_WEBSITE to name who stands behind it, and make it again.")
    return 0
