"""Requests that are wrong for certain, made of those that OpenAPI describes, by chance."""

from __future__ import annotations

import json
import random
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema

Dice = random.Random
JSON = "application/json"
NONSENSE = (
    "x",
    "-1",
    "1e9x",
    "9" * 400,
    "ä☃",
    "NaN",
    "' OR 1=1 --",
    "../../etc/passwd",
    "{}",
    " ",
    "\x7f",
)
ODD: tuple[bytes, ...] = (
    b"", b"\x00" * 100, b"[" * 100_000, b'{"a":' * 50_000, b"nul", b"\xff\xfe{\x00}\x00", b"{]", b'{"a" 1}',
    b'{"\xff": 1}', b'{"a": 1}}', b"{'a': 1}", b'{"a": 01}', b'"',
)  # fmt: skip
"""No JSON, all of it."""


@dataclass
class Made:
    """A request.

    Attributes:
        method: Its method.
        path: Its path, ids filled in.
        query: Its query.
        headers: Its headers.
        body: Its body.
        why: What is wrong with it for certain.
    """

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    why: list[str] = field(default_factory=list)


class Damaging:
    """Makes wrong requests to all routes.

    Args:
        spec: OpenAPI.
        ids: What stands in paths for what is there.
        seed: Of chance.
    """

    def __init__(self, spec: Mapping[str, Any], ids: Mapping[str, str], seed: int) -> None:
        self._spec, self._ids, self.dice = spec, ids, Dice(seed)
        self.operations = [
            (method, path, operation)
            for path, item in spec["paths"].items()
            for method, operation in item.items()
        ]

    def request(self) -> Made:
        """A request that can only be refused."""
        while True:
            method, path, operation = self.dice.choice(self.operations)
            made = Made(method.upper(), self._path(path))
            self._fill(made, operation)
            ways: list[Callable[[Made, str, Mapping[str, Any]], None]] = [
                self._unknown_id, self._unknown_path, self._wrong_method, self._wrong_parameter,
                self._wrong_body, self._wrong_body, self._wrong_body, self._no_json, self._odd_header,
            ]  # fmt: skip
            for way in self.dice.sample(ways, k=self.dice.choice([1, 1, 2, 3])):
                way(made, path, operation)
            if made.why:
                return made

    def _path(self, path: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda name: self._ids.get(name[1], "none"), path)

    def _fill(self, made: Made, operation: Mapping[str, Any]) -> None:
        """Give a request what its route needs."""
        for parameter in operation.get("parameters", ()):
            if parameter.get("required") and parameter["in"] != "path":
                place = made.query if parameter["in"] == "query" else made.headers
                schema = parameter["schema"]
                place[parameter["name"]] = str((schema.get("enum") or ["0"])[0])
        content = operation.get("requestBody", {}).get("content", {})
        if content:
            kind = next(iter(content))
            made.headers["Content-Type"] = kind
            made.body = json.dumps(_example(content[kind])).encode() if kind == JSON else b"x"

    def _unknown_id(self, made: Made, path: str, _: Mapping[str, Any]) -> None:
        names: list[str] = re.findall(r"\{(\w+)\}", path)
        if names and self._ids.get(names[-1]) not in (None, "current"):
            odd = self.dice.choice([*NONSENSE, "prj_none", "%00", "%2e%2e", "a" * 5_000])
            made.path = self._path(path[: path.rindex("{")]) + _quoted(odd)
            made.path += self._path(path[path.rindex("}") + 1 :])
            made.why.append("unknown id")

    def _unknown_path(self, made: Made, path: str, _: Mapping[str, Any]) -> None:
        made.path += self.dice.choice(["/x", "/%00", "/..%2f..", "//", "/" + "a" * 3_000, "/{}"])
        made.why.append("unknown path")

    def _wrong_method(self, made: Made, path: str, _: Mapping[str, Any]) -> None:
        others = {"GET", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "TRACE"}
        others -= {method.upper() for method in self._spec["paths"][path]}
        made.method = self.dice.choice(sorted(others))
        made.why.append("wrong method")

    def _wrong_parameter(self, made: Made, _: str, operation: Mapping[str, Any]) -> None:
        typed = [
            p for p in operation.get("parameters", ()) if p["in"] == "query" and not _is_text(p["schema"])
        ]  # fmt: skip
        if typed:
            one = self.dice.choice(typed)
            made.query[one["name"]] = self.dice.choice(["x", "1e9x", "9" * 400, "--", "☃", "{}"])
            made.why.append("wrong parameter")

    def _wrong_body(self, made: Made, _: str, operation: Mapping[str, Any]) -> None:
        content = operation.get("requestBody", {}).get("content", {}).get(JSON)
        if content is None:
            return
        body = mutated(_example(content), self.dice)
        raw = json.dumps(body).encode("utf-8", "surrogatepass")
        schema = {**content["schema"], "components": self._spec["components"]}
        if schema.keys() > {"components"} and not _fits(body, schema):
            made.body = raw
            made.why.append("wrong body")

    def _no_json(self, made: Made, _: str, operation: Mapping[str, Any]) -> None:
        asked = operation.get("requestBody", {})
        if JSON in asked.get("content", {}):
            raw = self.dice.choice([*ODD, damaged(made.body or b"{}", self.dice)])
            if not _is_json(raw) and (raw.strip() or asked.get("required")):
                made.body = raw
                made.why.append("no JSON")

    def _odd_header(self, made: Made, _: str, operation: Mapping[str, Any]) -> None:
        """Headers that harm nobody, or are refused."""
        if self.dice.random() < 0.3:
            made.headers["Content-Encoding"] = "br"
            made.why.append("unknown coding")
            return
        made.headers |= self.dice.choice([
            {"Accept-Language": ";;q=,,de;q=nan" * 50}, {"X-Request-ID": "a<>" * 200}, {"Accept": "image/png"},
            {"If-None-Match": '"' * 300}, {"X-Forwarded-For": "127.0.0.1"}, {"Range": "bytes=9-1"},
            {"Idempotency-Key": "k" * 3_000}, {"Cookie": "session=" + "x" * 3_000},
        ])  # fmt: skip


def _example(content: Mapping[str, Any]) -> Any:
    found = content.get("examples")
    if found:
        return json.loads(json.dumps(next(iter(found.values()))["value"]))
    return json.loads(json.dumps(content.get("example", {})))


def _fits(body: Any, schema: Mapping[str, Any]) -> bool:
    return bool(jsonschema.Draft202012Validator(schema).is_valid(body))


def _is_text(schema: Mapping[str, Any]) -> bool:
    kinds = [schema, *schema.get("anyOf", ())]
    return not any(
        one.get("type") in ("integer", "number", "boolean") or "enum" in one for one in kinds
    )


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return text if text.startswith("%") else quote(text, safe="")


def value(dice: Dice, depth: int = 0) -> Any:
    """Any JSON, and what Python takes for it."""
    kinds: list[Callable[[], Any]] = [
        lambda: None,
        lambda: dice.choice([True, False]),
        lambda: dice.choice([0, -1, 2**63, 10**30, 1e308, -0.5, float("nan"), float("inf")]),
        lambda: "".join(
            dice.choices(string.printable + "äß\x00\ud800\udfff👍", k=dice.randint(0, 40))
        ),
        lambda: [value(dice, depth + 1) for _ in range(dice.randint(0, 3))],
        lambda: {
            dice.choice(["id", "text", "code", "title", "", "ü", "__proto__"]): value(dice, depth + 1)
            for _ in range(dice.randint(0, 3))
        },
    ]  # fmt: skip
    return dice.choice(kinds[: 4 if depth > 3 else None])()


def mutated(body: Any, dice: Dice) -> Any:
    """A body with something put in, exchanged or left out in a random place."""
    here = body
    for _ in range(dice.randint(0, 4)):
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        nested = [k for k in keys if isinstance(here[k], (dict, list)) and here[k]]
        if not nested:
            break
        here = here[dice.choice(nested)]
    keys = list(here) if isinstance(here, dict) else list(range(len(here)))
    action = dice.randrange(3)
    if action == 0 and keys:
        del here[dice.choice(keys)]
    elif action == 1 and keys:
        here[dice.choice(keys)] = value(dice)
    elif isinstance(here, dict):
        here[dice.choice(["x", "", "comments ", "Language"])] = value(dice)
    else:
        here.append(value(dice))
    return body


def damaged(raw: bytes, dice: Dice) -> bytes:
    """Bytes of which some are lost, doubled or changed."""
    made = bytearray(raw)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(made) or 1)
        what = dice.randrange(3)
        if what == 0:
            del made[at : at + dice.randint(1, 9)]
        elif what == 1:
            made[at:at] = dice.randbytes(dice.randint(1, 9))
        elif made:
            made[at] = dice.randrange(256)
    return bytes(made)
