"""A paper for whoever asked, in the personal chat: offered as a document, and put where they said yes to; or
its words, and why it is none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.core.cards import Text, Weight
from bot.core.paper import Paper
from bot.core.papers.rendered import as_cards
from bot.core.words.phrases import sentence
from bot.documents import NoDocuments, document
from bot.teams import render
from bot.teams.files import Consent, NotTaken, OfferedFile, Offers, info, put
from bot.teams.post_errors import PostError, Rejected
from bot.teams.posts import Posts, Target

NOT_LET = "Teams lets no files in from this app here: an administrator uploads its package anew"
OVER = "That document is no longer at hand: ask for it again."
DECLINED = "Nothing was put into your files. Its words come with: paper {} {} as text."
log = logging.getLogger(__name__)


class Giving:
    """`hosts` stand in for Microsoft's in a test."""

    def __init__(self, posts: Posts, clock: Callable[[], datetime], hosts: frozenset[str]) -> None:
        self._posts, self._clock, self._hosts = posts, clock, hosts
        self._offers = Offers()

    async def offer(self, to: Target, user: str, paper: Paper) -> None:
        """Raises PostError where not even the words can be posted."""
        try:
            made = await asyncio.to_thread(document, paper)
            offer = OfferedFile(to.tenant, user, paper, made, self._clock())
            await self._posts.post(to, self._offers.made(offer))
        except NoDocuments as missing:
            await self._in_words(to, paper, str(missing))
        except Rejected as rejected:
            log.warning("a document was not offered: %(error)s", {"error": rejected})
            await self._in_words(to, paper, NOT_LET)

    async def answered(self, to: Target, user: str, consent: Consent, card: str) -> None:
        """What came of an offer, in the place of the card that made it."""
        offer = self._offers.taken(consent.offer, to.tenant, user, self._clock())
        if offer is None:
            await self._instead(to, card, OVER)
        elif consent.action == "decline":
            await self._instead(to, card, DECLINED.format(offer.paper.subject, offer.paper.kind))
        else:
            await self._put(to, consent, offer, card)

    async def _put(self, to: Target, consent: Consent, offer: OfferedFile, card: str) -> None:
        try:
            await put(consent.upload_url, offer.made, self._hosts)
        except NotTaken as problem:
            log.warning("a document was not put: %(error)s", {"error": problem})
            await self._instead(to, card, f"{offer.name} could not be put into your files.")
            await self._said(self._in_words(to, offer.paper, f"your files did not take it ({problem})"))
            return
        await self._instead(to, card, f"{offer.name} is in your files.")
        await self._said(self._posts.post(to, info(consent, offer)))

    async def _in_words(self, to: Target, paper: Paper, why: str) -> None:
        first, *rest = as_cards(paper)
        first = first.headed(Text(sentence(f"{why}. Here it is as text"), Weight.WARNING))
        for card in (first, *rest):
            await self._posts.post(to, render.message(card))

    async def _instead(self, to: Target, card: str, line: str) -> None:
        if card:
            change = self._posts.changing(to, card)
            await self._said(self._posts.update(to, card, render.says(line), change))
        else:
            await self._said(self._posts.post(to, render.says(line)))

    async def _said(self, work: Awaitable[object]) -> None:
        """Nobody waits for it any more: what fails is logged."""
        try:
            await work
        except PostError as error:
            log.warning("what came of a document was not said: %(error)s", {"error": error})
