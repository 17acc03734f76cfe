"""Where the key lies that signs checkpoints, and the file that they are added to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.paths import path_of
from storage.signing import Witness


def witness_of(database: Path, environ: Mapping[str, str]) -> Witness:
    """IRMER_KEYS and IRMER_CHECKPOINTS; beside the database where they are not set, which is only as safe as
    that is."""
    keys, file = environ.get("IRMER_KEYS"), environ.get("IRMER_CHECKPOINTS")
    return Witness(
        path_of(keys) if keys else database.with_suffix(".key"),
        path_of(file) if file else database.with_suffix(".checkpoints"),
    )
