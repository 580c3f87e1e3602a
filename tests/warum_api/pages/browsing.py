"""A browser without a network and without scripts: it keeps cookies, follows redirects and sends forms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI

    from warum_api.guarding.keys import NewKey
    from warum_api.storing.database import Database

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Browser:
    """Somebody who looks at pages.

    Args:
        app: What they look at.
        base: Where they find it.
        language: What they read.
    """

    def __init__(self, app: FastAPI, base: str = "http://localhost", language: str = "en") -> None:
        import httpx

        self.app, self.base, self.language = app, base, language
        self.cookies = httpx.Cookies()
        self.token = ""
        self.last: httpx.Response

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One request; redirects are not followed."""
        import httpx

        headers = {
            "Accept": "text/html",
            "Accept-Language": self.language,
            **how.pop("headers", {}),
        }

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 1))
            async with httpx.AsyncClient(
                transport=transport, base_url=self.base, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, headers=headers, **how)
                self.cookies = client.cookies
                return answer

        self.last = asyncio.run(send())
        if found := _TOKEN.search(self.last.text):
            self.token = found[1]
        return self.last

    def go(self, path: str) -> str:
        """Look at a page; where a redirect leads, at that."""
        answer = self.ask("GET", path)
        return self._arrived(answer)

    def send(self, path: str, files: Any = None, **fields: Any) -> str:
        """Send a form of the last page, and look at where it leads."""
        if not self.token:
            self.go("/projects")
        answer = self.ask("POST", path, data={"token": self.token, **fields}, files=files)
        return self._arrived(answer)

    def project(self, name: str = "Shop", **fields: str) -> str:
        """A new project, by its form."""
        self.go("/projects/new")
        self.send("/projects/new", name=name, taxonomy="cx", **fields)
        return str(self.last.url.path).removesuffix("/upload")

    def upload(self, project: str, name: str, data: bytes) -> str:
        """A file, by its form; the path of its preview."""
        self.go(f"{project}/upload")
        self.send(f"{project}/uploads/new", files={"file": (name, data, "text/csv")})
        return str(self.last.url.path)

    def sign_in(self, key: str) -> str:
        """Sign in with a key."""
        self.go("/sign-in")
        return self.send("/sign-in", key=key, back="/projects")

    def _arrived(self, answer: httpx.Response) -> str:
        while answer.status_code in (302, 303, 307):
            answer = self.ask("GET", answer.headers["location"])
        return unescape(answer.text)


def new_app(folder: Path, **settings: Any) -> FastAPI:
    """A service without a model."""
    from warum_api.app import create_app
    from warum_api.settings import Settings

    return create_app(Settings(**{"model": "nothing", "data": folder, **settings}))


class Keyed(Browser):
    """Somebody at a service with keys.

    Args:
        app: The service.
        folder: Where its data lie.
        tenant: Whose keys they get.
        base: Where they find it.
    """

    def __init__(
        self, app: FastAPI, folder: Path, tenant: str, base: str = "http://localhost"
    ) -> None:
        super().__init__(app, base)
        self.folder, self.tenant = folder, tenant

    def key(self, *scopes: str) -> NewKey:
        """A new key; with all scopes, where none is said."""
        from warum_api.guarding.keys import create_key
        from warum_api.storing.tenants import ensure_tenant

        wanted = scopes or ("read", "write", "admin")
        with self.database() as database, database.writing() as connection:
            ensure_tenant(self.tenant, connection)
            return create_key(self.tenant, connection, name="k", scopes=wanted, who="test")

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The tables of the service."""
        from warum_api.storing.database import Database, in_folder

        database = Database(in_folder(self.folder))
        try:
            yield database
        finally:
            database.close()

    def other(self, tenant: str | None = None) -> Keyed:
        """Somebody else there."""
        return Keyed(self.app, self.folder, tenant or self.tenant)


CSV = b"id,comment,nps,customer,date\n1,Great staff,10,a,2026-01-02\n2,Waited too long,3,b,2026-01-03\n"
