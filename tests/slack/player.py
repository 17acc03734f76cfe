"""Plays stories as a person in Slack: by the form in dialogs, or by the interview in a direct message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.core.bot import Bot
from bot.core.check.answers import read_answer
from bot.core.check.form import ENOUGH_INPUT, FLAGS_INPUT, NONE, PERSON, UNKNOWN
from bot.slack.capabilities import FORMS
from bot.slack.views import Origin
from storage.store import Store
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person, buttons, words
from tests.fakes.slack_state import Message, View, elements_of, initial
from tests.slack.conftest import PACE, World, bot_for
from tests.stories import deliver


class SlackPlayer:
    """One person at a real bot, over real requests; the fake's clock begins at the story's."""

    socket = False

    def __init__(self, path: Path, now: datetime, nation: str = "") -> None:
        self.now, self._path, self._nation = now, path, nation
        self._runner = asyncio.Runner()
        self.slack = self._runner.run(self._slack())
        self.person: Person = self.slack.radiographer
        self._start()

    async def _slack(self) -> FakeSlack:
        slack = await FakeSlack(seconds_a_message=PACE).__aenter__()
        slack.advance(self.now.timestamp() - slack.now())
        return slack

    def _start(self) -> None:
        self._runner.run(self._enter())

    async def _enter(self) -> None:
        self._stack = AsyncExitStack()
        nation = self._nation
        self.world: World = await self._stack.enter_async_context(
            bot_for(
                self.slack, self._path, socket=self.socket, make_bot=lambda store: Bot(store, nation=nation)
            )
        )
        self.store: Store = self.world.store
        self.tenant = self.world.tenant

    def restart(self) -> None:
        self._runner.run(self._stack.aclose())
        self.slack.advance(10)
        self._start()

    def close(self) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.run(self.slack.__aexit__())
        self._runner.close()
        assert self.slack.complaints == []

    def say(self, command: str) -> str:
        self.slack.advance(10)
        return words(self._runner.run(self.person.command(command)))

    def wait(self, until: datetime) -> str:
        self.slack.advance(until.timestamp() - self.slack.now())
        before = {id(m) for m in self._own()} if self._before_keeping is None else self._before_keeping
        self._before_keeping = None
        self._runner.run(deliver(self.store, self.world.service.sender, FORMS, until))
        return "\n".join(words(m) for m in self._own() if id(m) not in before)

    # What its case posts may come before anybody waits for it.
    _before_keeping: set[int] | None = None

    def _own(self) -> list[Message]:
        return [m for c in self.slack.channels.values() for m in c.messages if m.by_bot]

    def check(self, text: str, answers: Mapping[str, Any]) -> None:
        self.slack.advance(10)
        self._runner.run(self._check(text, answers))

    def keep(self, details: Mapping[str, str]) -> None:
        self._runner.run(self._keep(details))

    async def _check(self, text: str, answers: Mapping[str, Any]) -> None:
        raise NotImplementedError

    async def _keep(self, details: Mapping[str, str]) -> None:
        raise NotImplementedError

    def given(self, name: str, answers: Mapping[str, Any]) -> str | None:
        """The value that a story gives to a fact, as the rules write it; None for one it does not know."""
        if name == "age_years" and "age_group" in answers:
            return str(answers["age_group"])
        if name not in answers:
            return None
        value = read_answer(name, str(answers[name]), self.now)[1]
        return str(value).lower() if isinstance(value, bool) else str(value)

    async def _details(self, details: Mapping[str, str], kept: Message | None) -> None:
        """Its record is kept; what else it tells comes after, by the button on `kept` or in the dialog."""
        if details:
            await self.person.press("Add details", kept)
            await self._shows("case.details")
            for block, element in list(elements_of(self.view.content["blocks"])):
                name = element["action_id"]
                if block["type"] == "input" and name in details:
                    await self._put(element, details[name])
            assert await self.person.submit() == {}
            await self.slack.until(lambda: "Kept with" in words(self.view))
        if self.person.view:
            await self.person.close()

    # --- dialogs

    @property
    def view(self) -> View:
        assert self.person.view is not None
        return self.person.view

    async def _shows(self, form: str) -> None:
        def there() -> bool:
            view = self.person.view
            return view is not None and Origin.loaded(view.content["private_metadata"]).form == form

        await self.slack.until(there)

    async def _put(self, element: Mapping[str, Any], value: str) -> None:
        """Fill the input of this name, and wait for the form that comes of it."""
        name = str(element["action_id"])
        block = next(b for b, e in elements_of(self.view.content["blocks"]) if e["action_id"] == name)
        was = self.view.hash
        if element["type"] in ("checkboxes", "multi_static_select"):
            put: Any = [part.strip() for part in value.split(",")]
        elif element["type"] == "datepicker":
            put = value[:10]
        else:
            put = value
        await self.person.fill(block["label"]["text"], put)
        if block.get("dispatch_action"):
            await self.slack.until(lambda: self.view.hash != was)


class FormPlayer(SlackPlayer):
    """`/irmer check` and its dialogs."""

    async def _check(self, text: str, answers: Mapping[str, Any]) -> None:
        await self.person.command(f"check {text}".strip())
        await self._shows("check")
        for _ in range(5):
            await self._fill(answers)
            assert await self.person.submit() == {}, self.person.errors
            if self._form() == "check.agree":
                await self.person.submit()
            if self._form() == "check.verdict":
                return
        raise AssertionError(words(self.view))

    def _form(self) -> str:
        return Origin.loaded(self.view.content["private_metadata"]).form

    async def _fill(self, answers: Mapping[str, Any]) -> None:
        done: set[str] = set()
        while left := [e for b, e in elements_of(self.view.content["blocks"])
                       if b["type"] == "input" and e["action_id"] not in done]:  # fmt: skip
            element = left[0]
            done.add(element["action_id"])
            value = self._value(element, answers)
            if value is not None:
                await self._put(element, value)

    def _value(self, element: Mapping[str, Any], answers: Mapping[str, Any]) -> str | None:
        name, offered = str(element["action_id"]), [o["value"] for o in element.get("options", ())]
        if name == PERSON:
            return str(answers.get("person", UNKNOWN)).replace(" ", "_")
        if name == ENOUGH_INPUT:
            return None
        if name == FLAGS_INPUT:
            return ",".join((*(flag for flag in answers.get("flags", ()) if flag in offered), NONE))
        if name.endswith(".time"):
            found = self.given(name.removesuffix(".time"), answers) or ""
            return found[11:16] or None
        value = self.given(name, answers)
        if value is None and offered:
            state = initial(element)
            return None if state.get("selected_option") else UNKNOWN
        return value

    async def _keep(self, details: Mapping[str, str]) -> None:
        if self.person.view is None:
            await self.person.command("check")
            await self._shows("check.choice")
            await self.person.fill("What is next?", "Go on with it")
            await self.person.submit()
            await self._shows("check.verdict")
        self._before_keeping = {id(m) for m in self._own()}
        await self.person.submit()
        await self.slack.until(lambda: "Kept as record" in words(self.view))
        await self._details(details, None)


class WordsPlayer(SlackPlayer):
    """The interview in a direct message over Socket Mode: a button where there is one, else typed."""

    socket = True

    async def _check(self, text: str, answers: Mapping[str, Any]) -> None:
        card = await self._after(self.person.say(f"check {text}".strip()))
        for _ in range(40):
            if "Yes, all of it" in buttons(card):
                card = await self._after(self.person.press("Yes, all of it", card))
            if "Change an answer" in buttons(card):
                return
            card = await self._answer(card, answers)
        raise AssertionError("no verdict after 40 questions")

    async def _after(self, doing: Any) -> Message:
        """The bot's next message after this is done."""
        channel = self.slack.direct(self.person.id)
        before = len([m for m in channel.messages if m.by_bot])
        await doing

        def there() -> Message | None:
            own = [m for m in channel.messages if m.by_bot]
            return own[-1] if len(own) > before else None

        found: Message = await self.slack.until(there)
        return found

    async def _answer(self, card: Message, answers: Mapping[str, Any]) -> Message:
        actions = [e for _, e in elements_of(card.blocks) if e["type"] == "button"]
        asked = next(e["value"] for e in actions if e["action_id"].endswith(":check.answer"))
        names = asked.split(":")[1].split("+")
        offered = {
            e["value"].split(":", 2)[2]: e["text"]["text"] for e in actions if e["value"].count(":") == 2
        }
        if len(names) > 1:
            if str(answers.get("person")) in offered:
                return await self._after(self.person.press(offered[str(answers["person"])], card))
            ticked = [name for name in names if name in answers.get("flags", ())]
            if not ticked:
                return await self._after(self.person.press("None of these", card))
            await self.person.fill("Those that apply", [*ticked, NONE], card)
            return await self._after(self.person.press("Answer", card))
        (name,) = names
        value = self.given(name, answers)
        if value is None and name in answers.get("flags", ()):
            value = "true"
        if value is None:
            return await self._after(self.person.press("Don't know", card))
        if value in offered:
            return await self._after(self.person.press(offered[value], card))
        return await self._after(self.person.say(str(answers.get(name, value))))

    async def _keep(self, details: Mapping[str, str]) -> None:
        own = [m for m in self.slack.direct(self.person.id).messages if "Change an answer" in buttons(m)]
        if not own:
            raise AssertionError("no verdict is shown")
        channel = self.slack.direct(self.person.id)
        await self.person.press(buttons(own[-1])[0], own[-1])

        def kept() -> Message | None:
            return next((m for m in channel.messages if "Kept as record" in words(m)), None)

        found: Message = await self.slack.until(kept)
        # What its case posts here may come before anybody waits for it; the answer itself is none of it.
        self._before_keeping = {id(m) for m in self._own() if "C26-" not in words(m) or m is found}
        await self._details(details, found)
