"""`irmer threshold`: without a store, and where nobody watches without colours. With what a chat imports it
would start in 300 ms in the place of 50."""

from __future__ import annotations

from bot.call import Call
from bot.core.threshold_card import threshold_card
from bot.terminal.screen import screen


def threshold(call: Call) -> int:
    screen().show(threshold_card(call.text, "irmer"))
    return 0
