"""The description of the API is complete and true."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from tests.warum_api.conftest import Serving
from warum_api.analyzing.examples import ANALYZED, REQUESTS
from warum_api.app import create_app
from warum_api.replies import replies
from warum_api.settings import Settings

FOLDER = tempfile.TemporaryDirectory()
SPEC: dict[str, Any] = create_app(Settings(model="nothing", data=Path(FOLDER.name))).openapi()
ROUTES = [(path, method) for path, item in SPEC["paths"].items() for method in item]


def _schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_every_route_documents_its_problems(path: str, method: str) -> None:
    operation = SPEC["paths"][path][method]
    assert operation["summary"]
    answers = {k: v for k, v in operation["responses"].items() if k[0] not in "23"}
    assert "default" in answers
    for answer in answers.values():
        assert answer["description"]
        (media,) = answer["content"]
        assert media == "application/problem+json"
        assert answer["content"][media]["schema"]["$ref"].endswith("/ProblemDocument")


def test_names_are_for_people() -> None:
    named = [SPEC["paths"][path][method]["operationId"] for path, method in ROUTES]
    assert len(named) == len(set(named))
    assert [n for n in (*named, *SPEC["components"]["schemas"]) if "__" in n or "_v1_" in n] == []


def test_nothing_is_named_that_is_not_described() -> None:
    named = set(re.findall(r'#/components/schemas/([^"]+)"', json.dumps(SPEC)))
    assert named <= SPEC["components"]["schemas"].keys()
    assert list(SPEC["webhooks"]["event"]["post"]["responses"]) == ["204"]


def test_what_is_made_says_where_it_is_found() -> None:
    made = SPEC["paths"]["/v1/projects/{project}/uploads"]["post"]["responses"]["201"]
    assert made["links"]["uploads_one"]["parameters"] == {
        "project": "$request.path.project", "upload": "$response.body#/id",
    }  # fmt: skip
    named = {SPEC["paths"][path][method]["operationId"] for path, method in ROUTES}
    for path, method in ROUTES:
        for answer in SPEC["paths"][path][method]["responses"].values():
            assert answer.get("links", {}).keys() <= named


def test_every_route_says_how_a_key_is_sent() -> None:
    schemes = SPEC["components"]["securitySchemes"]
    assert {scheme["type"] for scheme in schemes.values()} == {"http", "apiKey"}
    for path, method in ROUTES:
        operation = SPEC["paths"][path][method]
        outside = path.startswith(("/health", "/metrics", "/v1/adapters/"))
        named = [name for one in operation.get("security", ()) for name in one]
        assert outside or named == list(schemes), path


def test_analyze_names_each_of_its_problems() -> None:
    answers = SPEC["paths"]["/v1/analyze"]["post"]["responses"]
    assert set(answers) == {
        "200", "400", "401", "403", "408", "413", "415", "422", "429", "503", "504", "default",
    }  # fmt: skip
    told = " ".join(answer["description"] for answer in answers.values())
    for code in (
        "malformed_json", "undecodable_body", "not_on_loopback", "body_timeout", "body_too_large",
        "unsupported_media_type", "invalid_request", "unknown_taxonomy", "broken_taxonomy", "not_ready",
        "overloaded", "deadline",
    ):  # fmt: skip
        assert f"`{code}`" in told, code


def test_every_field_that_is_not_plain_is_described() -> None:
    for name in ("AnalyzeRequest", "CommentIn", "CategoryIn", "TaxonomyIn", "ProblemDocument"):
        for field, schema in SPEC["components"]["schemas"][name]["properties"].items():
            assert schema.get("description"), f"{name}.{field}"


def test_no_code_is_named_twice_and_every_route_says_that_it_refuses() -> None:
    for path, method in ROUTES:
        for status, answer in SPEC["paths"][path][method]["responses"].items():
            codes = re.findall(r"`(\w+)`: ", answer["description"])
            assert len(codes) == len(set(codes)), (path, status)
        if path.startswith("/v1/"):
            assert (
                "`invalid_request`"
                in SPEC["paths"][path][method]["responses"]["422"]["description"]
            )


def test_all_references_lead_somewhere() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                assert node["$ref"].rpartition("/")[2] in SPEC["components"]["schemas"]
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(SPEC)


def test_there_is_an_example_of_each_request_and_its_reply() -> None:
    content = SPEC["paths"]["/v1/analyze"]["post"]
    asked = content["requestBody"]["content"]["application/json"]["examples"]
    replied = content["responses"]["200"]["content"]["application/json"]["examples"]
    assert asked.keys() == replied.keys() == REQUESTS.keys()
    for example in asked.values():
        jsonschema.validate(example["value"], _schema("AnalyzeRequest"))
    for example in replied.values():
        jsonschema.validate(example["value"], _schema("AnalyzeReply"))


def _answers() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, method in ROUTES:
        operation = SPEC["paths"][path][method]
        for status, answer in operation["responses"].items():
            if status[0] == "2" and "application/json" in answer.get("content", {}):
                yield operation["operationId"], answer["content"]["application/json"]


def test_every_answer_has_an_example_that_is_as_described() -> None:
    answers = dict(_answers())
    assert len(answers) > 45
    for name, told in answers.items():
        shown = [told["example"]] if "example" in told else [e["value"] for e in told["examples"].values()]  # fmt: skip
        assert shown, name
        whole = {**told["schema"], "components": SPEC["components"]}
        for example in shown:
            jsonschema.validate(example, whole)
            _has_all(told["schema"], example, name)
    assert replies().keys() <= answers.keys()


def _has_all(schema: dict[str, Any], example: Any, name: str) -> None:
    """An example shows each field that is described, and none that is not."""
    if schema.get("type") == "array":
        schema, example = schema["items"], example[0]
    described = SPEC["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2])
    if described is not None:
        assert example.keys() == described["properties"].keys(), name


def test_examples_hold_no_secret() -> None:
    for name, value in replies().items():
        assert not re.search(r"whsec_\w{20}|wrm_\w{20}", json.dumps(value)), name


def test_the_examples_are_what_the_service_answers(serving: Serving) -> None:
    with serving(model="auto") as client:
        for name, example in REQUESTS.items():
            answer = client.post("/v1/analyze", json=example["value"])
            assert answer.json() == ANALYZED[name]["value"], name


def test_replies_and_problems_fit_their_schemas(service: httpx.Client) -> None:
    texts: list[Any] = ["Great staff", None, 5, "n/a", "Rude staff. Call 030 23125118"]
    comments = [{"id": i, "text": text} for i, text in enumerate(texts)]
    reply = service.post("/v1/analyze", json={"comments": comments}).json()
    jsonschema.validate(reply, _schema("AnalyzeReply"))
    for body in ({}, {"comments": [], "x": 1}, {"comments": [1], "taxonomy": "x"}):
        problem = service.post("/v1/analyze", json=body).json()
        jsonschema.validate(problem, _schema("ProblemDocument"))


def test_it_is_served_and_no_page_that_loads_from_elsewhere(service: httpx.Client) -> None:
    assert service.get("/openapi.json").json()["paths"] == SPEC["paths"]
    assert service.get("/docs").status_code == service.get("/redoc").status_code == 404
