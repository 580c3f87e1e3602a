"""An empty FastAPI route with the schema of `/v1/analyze`: what the framework alone costs."""

from __future__ import annotations

from fastapi import FastAPI

from warum_api.analyzing.examples import ANALYZED
from warum_api.analyzing.schemas import AnalyzeReply, AnalyzeRequest

app = FastAPI()
_REPLY = AnalyzeReply.model_validate(ANALYZED["ticket"]["value"])


@app.post("/v1/analyze")
async def analyze(asked: AnalyzeRequest) -> AnalyzeReply:
    """The same reply to whatever comes."""
    assert asked.comments
    return _REPLY


@app.get("/health/ready")
async def ready() -> None:
    """At once."""
