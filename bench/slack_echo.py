"""A bare bolt app as a process for bench.slack: signature, one listener, an echo. Nothing could do less."""

from __future__ import annotations

import asyncio
import json
import os
import socket

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    client = AsyncWebClient(os.environ.pop("SLACK_BOT_TOKEN"), base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(
        client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"], process_before_response=True
    )

    @app.command("/irmer")
    async def echo(ack, command):  # type: ignore[no-untyped-def]
        await ack(f"echo {command['text']}")

    # Named as TCP, or asyncio leaves Nagle's delay of 40 ms on.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        AsyncSlackRequestHandler(app), lifespan="off", log_level="warning", access_log=False
    )
    print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"}), flush=True)
    await uvicorn.Server(config).serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(main())
