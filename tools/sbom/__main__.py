"""Writes the bill of materials: run it after `make lock`."""

from tools.sbom import BILL, bill

BILL.write_text(bill())
