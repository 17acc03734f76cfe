"""What can be bound to an organisation, by platform and kind, and what its id looks like."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.usage import Usage
from storage.organisation_model import Kind, Outside

_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_THREAD = r"19:[\w.:-]{1,300}@[\w.-]{1,40}"
IDS: dict[str, dict[Kind, tuple[str, str]]] = {
    "slack": {
        "conversation": ("[CDG][A-Z0-9]{2,}", "C0123ABCD"),
        "person": ("[UW][A-Z0-9]{2,}", "U0123ABCD"),
        "workspace": ("T[A-Z0-9]+", "T0123ABCD"),
        "directory": ("E[A-Z0-9]+", "E0123ABCD"),
    },
    "teams": {
        "conversation": (rf"{_THREAD}|a:\S{{1,390}}", "19:…@thread.v2"),
        "team": (_THREAD, "19:…@thread.tacv2"),
        "person": (_GUID, "the directory's object id of somebody"),
        "directory": (_GUID, "the directory's id"),
    },
}
# What a directory is called by Slack.
_SAME: dict[str, Kind] = {"enterprise": "directory"}


def outside(platform: str, kind: str, external: str, app: str, shared: Collection[str]) -> Outside:
    """`shared` are directories that are never bound whole. Raises Usage."""
    if platform not in IDS:
        raise Usage(f"a platform is one of: {', '.join(IDS)}")
    kinds = IDS[platform]
    known = _SAME.get(kind) or next((one for one in kinds if one == kind), None)
    if known is None or known not in kinds:
        raise Usage(f"of {platform} can be bound: {', '.join(kinds)}")
    pattern, example = kinds[known]
    if not re.fullmatch(pattern, external, re.I if _GUID in pattern else 0):
        raise Usage(f"the id of a {kind} on {platform} looks like {example}")
    external = external.lower() if re.fullmatch(_GUID, external, re.I) else external
    if known == "directory" and external.lower() in shared:
        raise Usage(
            f"the {kind} {external} is shared by several organisations, and is never bound whole: bind its "
            f"{'teams' if platform == 'teams' else 'workspaces'}"
        )
    return Outside(platform, known, external, app)
