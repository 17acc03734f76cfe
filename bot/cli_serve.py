"""`irmer serve` and `irmer teams package`: what belongs to the chat platforms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot import connectable
from bot.call import Call
from bot.configuration import Settings
from bot.hosts import by_the_systems_certificates
from bot.listening import Address, one_address, one_host, one_port
from bot.paths import path_of
from bot.teams import package
from bot.teams.settings import TeamsSettings
from bot.usage import NotReady, Usage

T = TypeVar("T")


def serve(call: Call) -> int:
    call.nothing_more()
    by_the_systems_certificates()
    settings = Settings.of(call.all_settings)
    where = _listens(call, settings)
    connectable.check_installed(settings)
    if not settings.platforms and not call.is_there():  # of which none is made for this
        raise NotReady(connectable.NOTHING)
    connectable.find_a_home(call.beside())
    from bot import process  # an extra, which need not be installed
    from bot.serve import CannotListen  # of the same extra

    for line in call.brought_up_to_date():
        print(line, flush=True)
    with call.store() as store:
        connectable.check_installed(settings, store)
        try:
            process.run(
                settings, store, *where, says=lambda line: print(line, flush=True), database=call.database()
            )
        except CannotListen as error:
            raise Usage(str(error)) from None
    return 0


def _listens(call: Call, settings: Settings) -> tuple[Address, Address | None]:
    """For the platforms, and for how it is: what is set, and options before it. Raises Usage."""
    where = _typed(call, "host", one_host, settings.host), _typed(call, "port", one_port, settings.port)
    admin = _typed(call, "admin-port", one_address, settings.admin_port)
    if admin == where and where[1]:
        raise Usage("--admin-port is the port that the platforms call: give it another")
    return where, admin


def _typed(call: Call, option: str, read: Callable[[str], T], otherwise: T) -> T:
    try:
        return read(call.options[option]) if option in call.options else otherwise
    except ValueError as unfit:
        raise Usage(f"--{option} {unfit}") from None


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
