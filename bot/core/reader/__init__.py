"""The free-text reader: what a message says of an incident, what of it is certain, and what has to be
asked.

The same words always give the same facts. Patients' numbers are masked before anything else is read.
"""

from __future__ import annotations

from bot.core.reader.corrections import correct
from bot.core.reader.findings import FactsRead, ReadValue
from bot.core.reader.reading import read

__all__ = ["FactsRead", "ReadValue", "correct", "read"]
