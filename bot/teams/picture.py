"""A picture in Teams stands within its message, and needs neither consent nor permission there."""

from __future__ import annotations

from base64 import b64encode

from bot.chart_pictures import CONTENT_TYPE, ENDING
from bot.core.chart import Chart
from bot.teams.inputs import Element
from bot.teams.markup import plain, shorten

# What a message may hold beside its picture is 100 KB; of a picture's size nothing is published.
MOST_BYTES = 80 * 1024


def pictured(chart: Chart, made: bytes) -> Element:
    """An activity with the picture, and the words that say the same."""
    inside = f"data:{CONTENT_TYPE};base64,{b64encode(made).decode()}"
    attachment = {"contentType": CONTENT_TYPE, "contentUrl": inside, "name": f"{chart.stem}{ENDING}"}
    return {
        "type": "message", "text": plain(chart.alternative), "summary": shorten(chart.title, 500),
        "attachments": [attachment],
    }  # fmt: skip
