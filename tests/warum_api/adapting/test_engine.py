"""The adapters over the real engine, with the model `fast`."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.warum_api.adapting.payloads import NOW, zendesk_event, zendesk_headers
from warum.taxonomy import shipped_text
from warum_api.adapting.adapters import Adapter
from warum_api.adapting.answering import Answering
from warum_api.adapting.rules import shipped_rule
from warum_api.engine.deadlines import Deadline
from warum_api.engine.engine import Engine
from warum_api.observing.metrics import Metrics
from warum_api.settings import Settings

OWNED = shipped_text().replace(
    "  - code: digital.stability\n", "  - code: digital.stability\n    owner: Mobile team\n"
)


class One:
    """One adapter."""

    async def find(self, adapter_id: str) -> Adapter:
        import yaml

        return Adapter(
            adapter_id, "acme", "zendesk", ("s",), shipped_rule(), taxonomy=yaml.safe_load(OWNED)
        )


async def answered(body: bytes) -> Any:
    engine = Engine(Settings(model="fast", threads=1), Metrics())
    engine.start()
    try:
        while await engine.missing():
            await asyncio.sleep(0.05)
        answering = Answering(One(), engine, most_characters=10_000, clock=lambda: NOW)
        headers = zendesk_headers(body, "s")
        return json.loads(
            await answering.answer(
                "zendesk", "z", headers, body, ui="en", deadline=Deadline.after(300)
            )
        )
    finally:
        await engine.stop()


def test_the_engine_reads_for_adapters() -> None:
    text = "Hello,\n\nthe app crashes every time I open it.\n\nSent from my iPhone"
    body = json.dumps(zendesk_event(body=text)).encode()
    (result,) = asyncio.run(answered(body))["results"]
    assert (result["category"], result["owner"]) == ("digital.stability", "Mobile team")
    evidence = result["evidence"]
    assert text[evidence["start"] : evidence["end"]] == evidence["text"]
    assert result["why"]["row"]
