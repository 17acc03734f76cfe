"""Documents and pictures into the direct messages with whoever asked, whoever else reads along."""

from __future__ import annotations

import asyncio
import logging

from bot.chart_pictures import ENDING as PNG
from bot.chart_pictures import NoCharts, picture
from bot.core.cards import Card, Text, Weight
from bot.core.chart import Chart
from bot.core.paper import Paper
from bot.core.papers.rendered import as_cards
from bot.core.words.phrases import sentence
from bot.documents import ENDING, NoDocuments, document
from bot.slack.blocks import message, messages
from bot.slack.files import share, why_not
from bot.slack.parse import ReplyContext
from bot.slack.posting import Posting
from bot.slack.web import Failed, Web

log = logging.getLogger("irmer.slack")

IN_DIRECT = "The document is in our direct messages."
PICTURE_IN_DIRECT = "The picture is in our direct messages."
TEXT_IN_DIRECT = "No document could be made: its words are in our direct messages."


class Giving:
    def __init__(self, web: Web, posting: Posting) -> None:
        self._web, self._posting = web, posting

    async def give(self, paper: Paper, context: ReplyContext) -> None:
        """A document into the direct messages, whoever else reads along where it was asked for; where none
        comes, its words, and why. Raises Failed and Unsure."""
        channel = await self._web.direct(context.user)
        try:
            made = await asyncio.to_thread(document, paper)
            await share(self._web, channel, f"{paper.stem}{ENDING}", made, title=paper.title)
            where = IN_DIRECT
        except (Failed, NoDocuments) as problem:
            log.warning("a document was not given: %(error)s", {"error": problem})
            why = why_not(problem) if isinstance(problem, Failed) else str(problem)
            first, *rest = as_cards(paper)
            first = first.headed(Text(sentence(f"{why}. Here it is as text"), Weight.WARNING))
            await self._posting.directly(
                [part for card in (first, *rest) for part in messages(card)], context
            )
            where = TEXT_IN_DIRECT
        if not context.personal and context.channel:
            await self._posting.privately([message(Card(where))], context)

    async def draw(self, chart: Chart, context: ReplyContext) -> None:
        """A picture into the direct messages; where none comes, why. Its words were said before it. Raises
        Failed and Unsure."""
        where = PICTURE_IN_DIRECT
        try:
            made = await asyncio.to_thread(picture, chart)
            name, words = f"{chart.stem}{PNG}", chart.alternative
            await share(
                self._web, await self._web.direct(context.user), name, made, title=chart.title, words=words
            )
            if context.personal or not context.channel:
                return
        except (Failed, NoCharts) as problem:
            log.warning("a picture was not given: %(error)s", {"error": problem})
            why = why_not(problem) if isinstance(problem, Failed) else str(problem)
            where = sentence(f"no picture: {why}")
        await self._posting.privately([message(Card(where))], context)
