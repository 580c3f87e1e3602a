"""Examples for OpenAPI; a test sends each request and compares the replies with what is shown."""

from __future__ import annotations

from typing import Any

REQUESTS: dict[str, Any] = {
    "ticket": {
        "summary": "One ticket",
        "value": {
            "comments": [
                {
                    "id": "ticket-4711",
                    "text": "Your driver was friendly, but the parcel came two days late.",
                }
            ],
            "source": "ticket",
        },
    },
    "survey": {
        "summary": "Answers of a survey, one of them broken",
        "value": {
            "comments": [
                {"id": 1, "text": "Nichts."},
                {"id": 2, "text": "Die App stürzt beim Bezahlen ab."},
                {"id": 3, "text": 12},
            ],
            "question": "Was hat Ihnen nicht gefallen?",
            "language": "de",
        },
    },
    "own_taxonomy": {
        "summary": "A taxonomy of one's own, with owners",
        "value": {
            "comments": [
                {"id": "a", "text": "I was charged twice, and then waited two weeks for an answer."}
            ],
            "taxonomy": {
                "name": "helpdesk",
                "categories": [
                    {
                        "code": "billing",
                        "title": {"en": "Billing", "de": "Rechnung"},
                        "description": "Invoices, charges, refunds and payment errors.",
                        "owner": "finance",
                    },
                    {
                        "code": "speed",
                        "title": {"en": "Speed", "de": "Tempo"},
                        "description": "How long people wait for an answer or a delivery.",
                        "owner": "operations",
                    },
                ],
            },
        },
    },
}


def show_whole(schema: dict[str, Any]) -> None:
    """Put the replies into an OpenAPI schema as they are: FastAPI leaves out what is null."""
    answered = schema["paths"]["/v1/analyze"]["post"]["responses"]["200"]
    answered["content"]["application/json"]["examples"] = ANALYZED


ANALYZED: dict[str, Any] = {
    "ticket": {
        "summary": "One ticket",
        "value": {
            "model": {"name": "auto", "version": "2+3+2"},
            "taxonomy": {"name": "cx", "hash": "f0856942d06255f5"},
            "results": [
                {
                    "id": "ticket-4711",
                    "language": "en",
                    "sentiment": -0.161,
                    "polarity": "negative",
                    "emotion": "disappointment",
                    "intent": "complaint",
                    "effort": "none",
                    "opinions": [
                        {
                            "category": "service.attitude",
                            "title": "Staff attitude",
                            "sentiment": 0.9641,
                            "polarity": "positive",
                            "confidence": 0.7638,
                            "start": 0,
                            "end": 24,
                            "evidence": "Your driver was friendly",
                            "stage": "retention",
                            "touchpoint": "contact_centre",
                            "source": "model",
                            "owner": None,
                        },
                        {
                            "category": "delivery",
                            "title": "Delivery",
                            "sentiment": 0.8398,
                            "polarity": "positive",
                            "confidence": 0.9976,
                            "start": 5,
                            "end": 11,
                            "evidence": "driver",
                            "stage": "purchase",
                            "touchpoint": "delivery",
                            "source": "model",
                            "owner": None,
                        },
                        {
                            "category": "delivery",
                            "title": "Delivery",
                            "sentiment": -0.9609,
                            "polarity": "negative",
                            "confidence": 0.9976,
                            "start": 30,
                            "end": 59,
                            "evidence": "the parcel came two days late",
                            "stage": "purchase",
                            "touchpoint": "delivery",
                            "source": "model",
                            "owner": None,
                        },
                        {
                            "category": "reliability",
                            "title": "Reliability and punctuality",
                            "sentiment": -0.9621,
                            "polarity": "negative",
                            "confidence": 0.3704,
                            "start": 30,
                            "end": 59,
                            "evidence": "the parcel came two days late",
                            "stage": "retention",
                            "touchpoint": "delivery",
                            "source": "model",
                            "owner": None,
                        },
                    ],
                    "warnings": [],
                }
            ],
        },
    },
    "survey": {
        "summary": "Answers of a survey, one of them broken",
        "value": {
            "model": {"name": "auto", "version": "2+3+2"},
            "taxonomy": {"name": "cx", "hash": "f0856942d06255f5"},
            "results": [
                {
                    "id": 1,
                    "language": "de",
                    "sentiment": 0.5,
                    "polarity": "positive",
                    "emotion": None,
                    "intent": None,
                    "effort": None,
                    "opinions": [
                        {
                            "category": "general",
                            "title": "Overall judgement without a reason",
                            "sentiment": 0.5,
                            "polarity": "positive",
                            "confidence": 0.99,
                            "start": 0,
                            "end": 7,
                            "evidence": "Nichts.",
                            "stage": "advocacy",
                            "touchpoint": "product",
                            "source": "rule",
                            "owner": None,
                        }
                    ],
                    "warnings": [],
                },
                {
                    "id": 2,
                    "language": "de",
                    "sentiment": -0.9326,
                    "polarity": "negative",
                    "emotion": "disappointment",
                    "intent": "bug_report",
                    "effort": "none",
                    "opinions": [
                        {
                            "category": "digital.stability",
                            "title": "Stability and speed online",
                            "sentiment": -0.9154,
                            "polarity": "negative",
                            "confidence": 0.9927,
                            "start": 0,
                            "end": 32,
                            "evidence": "Die App stürzt beim Bezahlen ab.",
                            "stage": "retention",
                            "touchpoint": "digital",
                            "source": "model",
                            "owner": None,
                        },
                        {
                            "category": "ordering",
                            "title": "Ordering and booking",
                            "sentiment": -0.9154,
                            "polarity": "negative",
                            "confidence": 0.4216,
                            "start": 0,
                            "end": 32,
                            "evidence": "Die App stürzt beim Bezahlen ab.",
                            "stage": "purchase",
                            "touchpoint": "digital",
                            "source": "model",
                            "owner": None,
                        },
                    ],
                    "warnings": [],
                },
                {
                    "id": 3,
                    "error": {
                        "code": "invalid_comment",
                        "message": "/text must be a string",
                        "came": "12",
                        "expected": "an object with id and text, "
                        "and maybe language, question "
                        "and source",
                    },
                },
            ],
        },
    },
    "own_taxonomy": {
        "summary": "A taxonomy of one's own, with owners",
        "value": {
            "model": {"name": "auto", "version": "2+3+2"},
            "taxonomy": {"name": "helpdesk", "hash": "ff518330149287cd"},
            "results": [
                {
                    "id": "a",
                    "language": "en",
                    "sentiment": -0.95,
                    "polarity": "negative",
                    "emotion": "anger",
                    "intent": "complaint",
                    "effort": "none",
                    "opinions": [
                        {
                            "category": "billing",
                            "title": "Billing",
                            "sentiment": -0.9625,
                            "polarity": "negative",
                            "confidence": 0.9064,
                            "start": 0,
                            "end": 19,
                            "evidence": "I was charged twice",
                            "stage": "retention",
                            "touchpoint": "product",
                            "source": "model",
                            "owner": "finance",
                        },
                        {
                            "category": "speed",
                            "title": "Speed",
                            "sentiment": -0.8791,
                            "polarity": "negative",
                            "confidence": 0.3313,
                            "start": 30,
                            "end": 60,
                            "evidence": "waited two weeks for an answer",
                            "stage": "retention",
                            "touchpoint": "product",
                            "source": "model",
                            "owner": "operations",
                        },
                    ],
                    "warnings": [],
                }
            ],
        },
    },
}
