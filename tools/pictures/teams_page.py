"""A page that draws Adaptive Cards by Microsoft's own renderer, with the looks that Teams gives it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Sizes and distances of Teams' host configuration.
HOST = {
    "fontFamily": "Segoe UI, Lato, sans-serif",
    "supportsInteractivity": True,
    "spacing": {"small": 4, "default": 8, "medium": 12, "large": 20, "extraLarge": 28, "padding": 12},
    "separator": {"lineThickness": 1, "lineColor": "#E1DFDD"},
    "fontSizes": {"small": 12, "default": 14, "medium": 14, "large": 18, "extraLarge": 24},
    "fontWeights": {"lighter": 200, "default": 400, "bolder": 600},
    "actions": {
        "maxActions": 6, "spacing": "default", "buttonSpacing": 8, "actionsOrientation": "horizontal",
        "actionAlignment": "stretch", "showCard": {"actionMode": "inline", "inlineTopMargin": 12},
    },
    "factSet": {
        "title": {"weight": "bolder", "wrap": True, "maxWidth": 150},
        "value": {"wrap": True}, "spacing": 10,
    },
    "containerStyles": {
        **{
            style: {"backgroundColor": colour}
            for style, colour in {"default": "#FFFFFF", "emphasis": "#F0F0F0", "good": "#E7F2DA",
                                  "warning": "#FBF6D9", "attention": "#FCF4F6", "accent": "#E8EBFA"}.items()
        },
    },
    "inputs": {"label": {"inputSpacing": "small", "requiredInputs": {"weight": "default", "suffix": " *"}}},
}  # fmt: skip
STYLE = """
  body { margin: 0; background: #f0f0f0; font-family: Segoe UI, Lato, sans-serif; font-size: 14px; }
  [data-card] { background: #fff; margin: 0 0 16px; border-radius: 4px; }
  .ac-adaptiveCard { outline: none; }
  .ac-pushButton { font: 600 14px/20px Segoe UI, Lato, sans-serif; padding: 5px 12px; border-radius: 4px;
    background: #fff; border: 1px solid #d1d1d1; overflow: hidden; white-space: normal !important; }
  .ac-pushButton.style-positive { background: #5b5fc7; color: #fff; }
  .ac-pushButton.style-destructive { color: #c4314b; }
  .ac-input { font: 14px Segoe UI, Lato, sans-serif; box-sizing: border-box; width: 100%; min-width: 0; }
  .ac-textInput, .ac-dateInput, .ac-timeInput, select { padding: 6px; border: 1px solid #d1d1d1; }
  .ac-actionSet { flex-wrap: wrap; gap: 4px; }
  .ac-horizontal-separator { min-height: 0; }
  table { width: 100%; }
  .ac-textBlock ul, .ac-textBlock ol { box-sizing: border-box; margin: 0; padding-left: 20px; }
"""
SCRIPT = """
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = window.markdownit({ breaks: true }).render(text); result.didProcess = true;
  };
  for (const [name, content] of Object.entries(cards)) {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(host);
    card.onExecuteAction = () => {};
    card.parse(content);
    const place = document.createElement('div');
    place.dataset.card = name;
    place.appendChild(card.render());
    document.body.appendChild(place);
  }
"""


def page(cards: Mapping[str, Mapping[str, Any]], modules: Path) -> str:
    """`modules`: where npm has installed `adaptivecards` and `markdown-it`."""
    scripts = "".join(
        f'<script src="{(modules / path).as_uri()}"></script>'
        for path in ("markdown-it/dist/markdown-it.min.js", "adaptivecards/dist/adaptivecards.min.js")
    )
    css = (modules / "adaptivecards/dist/adaptivecards.css").as_uri()
    data = f"const cards = {_script(cards)}; const host = {_script(HOST)};"
    return (
        f'<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="{css}"><style>{STYLE}</style>'
        f"<body>{scripts}<script>{data}{SCRIPT}</script>"
    )


def _script(content: object) -> str:
    return json.dumps(content, ensure_ascii=False).replace("</", "<\\/")
