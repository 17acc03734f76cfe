"""`irmer serve` and `irmer teams package`: what belongs to the chat platforms."""

from __future__ import annotations

import os
from pathlib import Path

from bot.call import Call, Usage

HIGHEST_PORT = 65535


def serve(call: Call) -> int:
    from bot import host

    call.nothing_more()
    port, nation = _port(call), call.nation()
    with call.store() as store:
        try:
            host.run(os.environ, store, nation=nation, port=port, says=lambda line: print(line, flush=True))
        except host.NotServed as wrong:
            raise Usage(str(wrong)) from None
        except OSError as error:
            raise Usage(f"port {port} cannot be served: {error.strerror or error}") from None
    return 0


def _port(call: Call) -> int:
    given = call.options.get("port", "3000")
    if not given.isdecimal() or int(given[:6]) > HIGHEST_PORT:
        raise Usage(f"--port wants a number from 0 to {HIGHEST_PORT}")
    return int(given)


def teams(call: Call) -> int:
    from bot.teams import package
    from bot.teams.settings import SettingsError, from_environment

    if call.words[:1] != ["package"] or len(call.words) > 2:
        raise Usage("irmer teams wants package, and a file to write: irmer teams package irmer-teams.zip")
    path = Path((call.words[1:] or [package.DEFAULT_FILE])[0]).expanduser()
    try:
        made = package.write(path, from_environment(os.environ), os.environ)
    except SettingsError as wrong:
        raise Usage(str(wrong)) from None
    except OSError as error:
        raise Usage(f"{path} cannot be written: {error.strerror}") from None
    print(f"{path}: the app {made['name']['short']} {made['version']}, schema {made['manifestVersion']}")
    if made["developer"]["websiteUrl"] == package.WEBSITE:
        print("Set IRMER_ORGANISATION and IRMER_WEBSITE to name who stands behind it, and make it again.")
    return 0
