"""What a nation has published, to stand beside a hospital's own: of notified incidents alone, and old by the
day it appears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

OLD = timedelta(days=730)


@dataclass(frozen=True)
class Published:
    """Shares of what was notified in a nation within a period: by a register's values, in per cent."""

    nation: str
    of: str
    until: date
    source: str
    shares: Mapping[str, float]
    counted: int

    def words(self, today: date) -> str:
        old = f"; more than {OLD.days // 365} years old" if today - self.until > OLD else ""
        return f"{self.source}: {self.counted} {self.of}{old}"


_CQC = "CQC, England, notifications from April 2023 to March 2024 (IR(ME)R annual report 2023/24)"
_END = date(2024, 3, 31)
# By what the register is counted by; the numbers of the report in brackets.
CATEGORIES = Published(
    "england", "notifications", _END, _CQC,
    # 447, 128 and 244 of 819
    {"diagnostic": 54.6, "nuclear medicine": 15.6, "radiotherapy": 29.8}, 819,
)  # fmt: skip
MODALITIES = Published(
    "england", "diagnostic notifications", _END, _CQC, {"ct": 65.0, "radiography": 25.0}, 447
)
BEGAN_WITH = Published(
    "england", "diagnostic notifications", _END, _CQC,
    # 2, 146, 10, 183 and 67 of 447; the others stand under no duty holder
    {"employer": 0.4, "referrer": 32.7, "practitioner": 2.2, "operator": 40.9, "equipment": 15.0}, 447,
)  # fmt: skip
# Interventional radiology and cardiology stand under diagnostic in the report.
GROUP_OF = {
    "diagnostic": "diagnostic", "interventional": "diagnostic",
    "nuclear_medicine": "nuclear medicine", "nuclear_medicine_therapy": "nuclear medicine",
    "radiotherapy_planning": "radiotherapy", "radiotherapy_verification": "radiotherapy",
    "radiotherapy_treatment": "radiotherapy",
}  # fmt: skip
