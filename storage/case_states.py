"""The states of a case, and the steps that lead from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

CaseState = Literal["opened", "investigating", "notified", "reported", "closed", "stood_down"]
StepKind = Literal[
    "investigate", "notify", "report", "close", "stand_down", "reopen",
    "assign", "redecide", "correct_discovery", "reference",
]  # fmt: skip
ACTIVE: tuple[CaseState, ...] = ("opened", "investigating", "notified", "reported")
BEFORE_NOTIFIED: tuple[CaseState, ...] = ("opened", "investigating")
OVER: tuple[CaseState, ...] = ("closed", "stood_down")
# Which step is allowed in which states, and the state it leads to; None leaves the state as it is. `reopen`
# leads back to the state that the case was in before it ended; of one that has not, to that before it was
# notified, or its report submitted.
STEPS: Mapping[StepKind, tuple[tuple[CaseState, ...], CaseState | None]] = {
    "investigate": (("opened",), "investigating"),
    "notify": (BEFORE_NOTIFIED, "notified"),
    "report": (("notified",), "reported"),
    "close": (("reported",), "closed"),
    "stand_down": ((*BEFORE_NOTIFIED, "notified"), "stood_down"),
    "reopen": (("notified", "reported", *OVER), None),
    "assign": (ACTIVE, None),
    "redecide": (ACTIVE, None),
    "correct_discovery": (ACTIVE, None),
    "reference": (("notified", "reported"), None),
}
