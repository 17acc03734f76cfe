"""The page that pictures are made from draws whatever the bot sends, and refuses what it does not know."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.core.cards import Card, Form
from bot.slack.blocks import message
from bot.slack.views import home, modal
from tests.slack.test_blocks import cards
from tools.pictures.slack import PICTURES, scenes
from tools.pictures.slack_page import DESKTOP, PHONE, Undrawable, page, picture


def drawn(*shown: dict[str, Any]) -> str:
    return page(list(shown), DESKTOP, errors={}, people={"U0RADIO": "radiographer"})


def said(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "message", "who": "IRMER", "person": False, "private": True, "thread": False,
            "at": "03:10", "text": "", "blocks": list(blocks)}  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(cards)
def test_whatever_a_card_or_a_form_becomes_is_drawn(card: Card) -> None:
    form = Form("f", "k", card.title, card.blocks, buttons=card.buttons)
    drawn(
        said(*message(card)["blocks"]),
        {"kind": "modal", "view": modal(form)},
        {"kind": "home", "view": home(card)},
    )


UNKNOWN: list[dict[str, Any]] = [
    said({"type": "video"}),
    said({"type": "actions", "elements": [{"type": "overflow"}]}),
    said({"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": []}]}),
    said({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji"}]}]}),
    {"kind": "canvas"},
]


@pytest.mark.parametrize("shown", UNKNOWN)
def test_what_it_does_not_know_is_refused_by_name(shown: dict[str, Any]) -> None:
    with pytest.raises(Undrawable, match="the page knows no"):
        drawn(shown)


def test_words_are_drawn_and_not_run() -> None:
    html = drawn(said({"type": "header", "text": {"type": "plain_text", "text": "<script>x</script>"}}))
    assert "<script>x" not in html


async def test_every_scene_has_its_pictures() -> None:
    for name, (shown, errors) in (await scenes()).items():
        assert page(shown, PHONE, errors=errors, people={})
        for suffix in ("", "-phone"):
            assert (PICTURES / f"{name}{suffix}.png").exists(), (
                f"make pictures: {name}{suffix}.png is missing"
            )


def test_a_picture_is_made_by_the_browser_where_there_is_one(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    html = drawn(said({"type": "header", "text": {"type": "plain_text", "text": "Notify"}}))
    if shutil.which("chromium") is None:
        with pytest.raises(Undrawable, match="apt-get install chromium"):
            picture(html, PHONE, path)
        return
    picture(html, PHONE, path)
    assert path.read_bytes().startswith(b"\x89PNG")
