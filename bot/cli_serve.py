"""`irmer serve` and `irmer teams package`: what belongs to the chat platforms."""

from __future__ import annotations

import ipaddress

from bot import host
from bot.call import Call
from bot.configuration import Settings
from bot.hosts import by_the_systems_certificates
from bot.paths import path_of
from bot.teams import package
from bot.teams.settings import TeamsSettings
from bot.usage import NotReady, Usage

HIGHEST_PORT = 65535


def serve(call: Call) -> int:
    call.nothing_more()
    by_the_systems_certificates()
    settings = Settings.of(call.all_settings)
    where = (_host(call), _number(*_given(call, "port", "3000"))), _admin(call)
    host.check_installed(settings)
    if not settings.platforms and not call.is_there():  # of which none is made for this
        raise NotReady(host.NOTHING)
    host.find_a_home(call.beside())
    from bot import process  # an extra, which need not be installed
    from bot.serve import CannotListen  # of the same extra

    for line in call.brought_up_to_date():
        print(line, flush=True)
    with call.store() as store:
        host.check_installed(settings, store)
        try:
            process.run(
                settings, store, *where, says=lambda line: print(line, flush=True), database=call.database()
            )
        except CannotListen as error:
            raise Usage(str(error)) from None
    return 0


def _given(call: Call, option: str, otherwise: str) -> tuple[str, str]:
    """What an option says, or its setting; and which of the two it was."""
    if (given := call.options.get(option)) is not None:
        return given, f"--{option}"
    name = f"IRMER_{option.upper().replace('-', '_')}"
    return call.settings.get(name) or otherwise, name


def _host(call: Call) -> str:
    given, name = _given(call, "host", "127.0.0.1")
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        wants = "wants an address of this machine: 127.0.0.1, or 0.0.0.0 for all it has"
        raise Usage(f"{name} {wants}") from None


def _number(given: str, name: str) -> int:
    if not (given.isascii() and given.isdecimal()) or int(given[:6]) > HIGHEST_PORT:
        raise Usage(f"{name} wants a number from 0 to {HIGHEST_PORT}")
    return int(given)


def _admin(call: Call) -> tuple[str, int] | None:
    """`9090`, on this machine alone, or `0.0.0.0:9090`."""
    given, name = _given(call, "admin-port", "")
    if not given:
        return None
    address, _, port = given.rpartition(":")
    try:
        where = str(ipaddress.ip_address(address.strip("[]") or "127.0.0.1"))
    except ValueError:
        raise Usage(f"{name} wants a port, or an address and a port: 9090, 0.0.0.0:9090") from None
    return where, _number(port, name)


def teams(call: Call) -> int:
    if call.words[:1] != ["package"] or len(call.words) > 2:
        raise Usage("irmer teams wants package, and a file to write: irmer teams package irmer-teams.zip")
    path = path_of((call.words[1:] or [package.DEFAULT_FILE])[0])
    settings = TeamsSettings.of(call.all_settings)
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
