"""Pictures of the bot in Slack: real requests to the real bot, and the payloads it sends, drawn in a browser.

`python -m tools.pictures.slack` writes them to docs/pictures, for a desktop and for a phone.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person, words
from tests.fakes.slack_state import Message, elements_of
from tests.slack.conftest import PACE, World, bot_for
from tools.pictures.slack_page import DESKTOP, PHONE, Undrawable, page, picture

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
NOW = datetime(2026, 11, 23, 3, 10, tzinfo=ZoneInfo("Europe/London"))
Scenes = dict[str, tuple[list[Mapping[str, Any]], Mapping[str, str]]]


async def scenes() -> Scenes:
    """What is on the screen at each stop of a night's work, with the errors that stand beside its fields."""
    with tempfile.TemporaryDirectory() as folder:
        async with FakeSlack(seconds_a_message=PACE) as slack:
            slack.advance(NOW.timestamp() - slack.now())
            async with bot_for(slack, Path(folder) / "irmer.sqlite") as world:
                return await Night(world).through()


class Night:
    def __init__(self, world: World) -> None:
        self.world, self.slack = world, world.slack
        self.radiographer: Person = world.slack.radiographer
        self.seen: Scenes = {}

    async def through(self) -> Scenes:
        await self.slack.radiographer.command("settings incidents_channel #incidents")
        await self._look_up()
        await self._form()
        await self._interview()
        await self._case()
        await self._home()
        return self.seen

    async def _look_up(self) -> None:
        answer = await self.radiographer.command("threshold foetal")
        self._keep("slack-threshold", [_typed("/irmer threshold foetal"), *self._messages([answer])])
        self.slack.advance(10)
        answer = await self.radiographer.command("")
        self._keep("slack-help", [_typed("/irmer"), *self._messages([answer])])

    async def _form(self) -> None:
        person = self.radiographer
        await self.world.form(person)
        await self._changed("Was any exposure", "Yes, but not the exposure they got")
        await self._changed(
            "What kind of exposure", "X-ray, CT, mammography, dental, DXA, diagnostic fluoroscopy"
        )
        await person.fill("How old", "9")
        await person.fill("When did anybody", "2026-11-22")
        await person.fill("What effective dose did", "about 3 mSv")
        await person.fill("What effective dose was intended", "0.02 mSv")
        await person.fill("Which of these", ["None of these, or none of the others"])
        self._keep("slack-form", [self._modal()])
        await person.submit()
        labels = {b["label"]["text"]: b["block_id"] for b in self._blocks() if b["type"] == "input"}
        errors = {labels[label]: error for label, error in person.errors.items()}
        self._keep("slack-errors", [self._modal()], errors)
        await person.fill("What effective dose did", "3 mSv")
        await person.submit()
        self._keep("slack-verdict", [self._modal()])
        await person.submit()
        await self.slack.until(lambda: "Kept as record" in words(person.view))
        self._keep("slack-record", [self._modal()])
        await person.press("Add details")
        await self.slack.until(lambda: "Details of" in words(person.view))
        await person.fill("What happened", "Wrong patient called for a chest X-ray, scanned twice.")
        await person.submit()
        await self.slack.until(lambda: person.view and person.view.content["callback_id"] == "card")
        await person.close()

    async def _case(self) -> None:
        """The case's card, a step in its dialog, and the first reminder in its thread."""
        channel = self.slack.incidents
        posted = await self.slack.until(
            lambda: [
                m for m in channel.messages if "C26-0001" in m.text and not m.only_for and not m.thread_ts
            ]
        )
        card: Message = posted[0]
        self.slack.advance(6)
        await self.radiographer.press("Notified", card)
        await self.world.filled(self.radiographer)
        self._keep("slack-notified", [self._modal()])
        await self.radiographer.close()
        due = next(d for d in self.world.store.deadlines(self.world.tenant) if d.kind == "notify").due_on
        nine = datetime.combine(due - timedelta(days=3), time(9, 1), NOW.tzinfo)
        self.slack.advance(nine.timestamp() - self.slack.now())
        ping = await self.slack.until(lambda: [m for m in self._thread(card) if m.by_bot])
        self._keep("slack-case", self._messages([card, ping[-1]]))

    async def _interview(self) -> None:
        slack, channel = self.slack, self.slack.incidents
        root = await slack.physicist.mention("check", channel.id)
        await self._answered(root)
        await slack.physicist.say("nuclear medicine scan", channel.id, thread=root.ts)
        question = await self._answered(root)
        await slack.radiographer.fill("Answer", "Yes, but not the exposure they got", question)
        await slack.radiographer.press("Answer", question)
        await slack.until(lambda: question.edits)
        await self._answered(root)
        self._keep("slack-thread", self._messages([root, *self._thread(root)]))

    async def _home(self) -> None:
        await self.radiographer.open_home()
        home = await self.slack.until(lambda: self.radiographer.home)
        self._keep("slack-home", [{"kind": "home", "view": home.content}])

    def _thread(self, root: Message) -> list[Message]:
        return [m for m in self.slack.channels[root.channel].messages if m.thread_ts == root.ts]

    async def _answered(self, root: Message) -> Message:
        """The question that stands, once it is there."""

        def there() -> Message | None:
            last = (self._thread(root) or [root])[-1]
            return last if last.by_bot and not last.edits else None

        found: Message = await self.slack.until(there)
        return found

    async def _changed(self, label: str, value: str) -> None:
        view = self.radiographer.view
        assert view is not None
        was = view.hash
        await self.radiographer.fill(label, value)
        await self.slack.until(lambda: view.hash != was)

    def _blocks(self) -> Sequence[dict[str, Any]]:
        """The open dialog's blocks with what was typed standing in them."""
        view = self.radiographer.view
        assert view is not None
        blocks = [dict(block) for block in view.content["blocks"]]
        for block, element in elements_of(blocks):
            typed = view.typed.get((block["block_id"], element.get("action_id", "")))
            if typed:
                block["element"] = {**element, **_standing(typed)}
        return blocks

    def _modal(self) -> Mapping[str, Any]:
        view = self.radiographer.view
        assert view is not None
        return {"kind": "modal", "view": {**view.content, "blocks": self._blocks()}}

    def _messages(self, messages: Sequence[Message | None]) -> list[Mapping[str, Any]]:
        return [
            {
                "kind": "message", "who": "IRMER" if m.by_bot else self.slack.people[m.user].name,
                "person": not m.by_bot, "private": bool(m.only_for), "thread": bool(m.thread_ts),
                "blocks": m.blocks,
                "text": m.text.replace("<@U0IRMER>", "@IRMER"), "at": _clock(float(m.ts)),
            }
            for m in messages
            if m is not None
        ]  # fmt: skip

    def _keep(
        self, name: str, shown: Sequence[Mapping[str, Any]], errors: Mapping[str, str] | None = None
    ) -> None:
        self.seen[name] = (list(shown), errors or {})


def _typed(text: str) -> Mapping[str, Any]:
    return {"kind": "message", "who": "radiographer", "person": True, "private": False, "thread": False,
            "blocks": [], "text": text, "at": "03:10"}  # fmt: skip


def _clock(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone(NOW.tzinfo):%H:%M}"


_AS_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_user": "initial_user",
}


def _standing(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {_AS_INITIAL[key]: value for key, value in typed.items() if key in _AS_INITIAL}


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    people = {"U0RADIO": "radiographer", "U0PHYS": "physicist", "U0GOV": "governance", "U0IRMER": "IRMER"}
    try:
        for name, (shown, errors) in asyncio.run(scenes()).items():
            for width, suffix in ((DESKTOP, ""), (PHONE, "-phone")):
                path = PICTURES / f"{name}{suffix}.png"
                picture(page(shown, width, errors=errors, people=people), width, path)
                print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    except Undrawable as problem:
        print(f"pictures: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
