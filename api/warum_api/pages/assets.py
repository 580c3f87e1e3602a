"""The files that pages load: style sheet, scripts, icon. Their address holds a digest, so that they are kept for long.

The style sheet is the report's, its colours once more for those who choose light or dark themselves, and our own.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from importlib.resources import files

from fastapi import APIRouter, Response

from warum.report.chart_style import swap_colours
from warum_api.problems import Problem

_ROOT = re.compile(r":root \{(.*?)\}", re.DOTALL)
PAGE = "page.css"
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


class Assets:
    """The files, read once."""

    def __init__(self) -> None:
        self._files = _all_files()
        told = hashlib.sha256()
        for name, data in sorted(self._files.items()):
            told.update(name.encode("ascii") + data)
        self._digest = told.hexdigest()[:16]

    def address(self, name: str) -> str:
        """Where a file is.

        Raises:
            KeyError: If there is none of this name.
        """
        self._files[name]
        return f"/static/{self._digest}/{name}"

    def routes(self) -> APIRouter:
        """The route that serves them."""
        router = APIRouter(include_in_schema=False)

        @router.get("/static/{digest}/{name}")
        async def file(digest: str, name: str) -> Response:
            data = self._files.get(name) if digest == self._digest else None
            if data is None:
                raise Problem("not_found", "Load the page again.", came=name)
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            kind = "text/javascript" if name.endswith(".js") else kind
            return Response(data, media_type=kind, headers=_KEPT)

        return router


def _all_files() -> Mapping[str, bytes]:
    found = {
        file.name: file.read_bytes()
        for file in (files("warum_api.pages") / "static").iterdir()
        if file.name.endswith((".css", ".js", ".svg"))
    }
    ours = [
        found.pop(name)
        for name in sorted(found, key=lambda n: (n != PAGE, n))
        if name.endswith(".css")
    ]
    return {**found, PAGE: b"\n".join([style_of_report().encode("utf-8"), *ours])}


def style_of_report() -> str:
    """The report's style sheet, and its two sets of colours for `data-theme` of the page."""
    report = (files("warum.report") / "templates" / "report.css").read_text("utf-8")
    light, dark = (found[1].strip() for found in _ROOT.finditer(report))
    auto = swap_colours(':root:not([data-theme="light"]) .chart')
    chosen = swap_colours(':root[data-theme="dark"] .chart')
    return f"""{report}
:root[data-theme="light"] {{ {light} }}
@media screen {{
:root[data-theme="dark"] {{ {dark} }}
{chosen}
}}
@media screen and (prefers-color-scheme: dark) {{
{auto}
}}"""
