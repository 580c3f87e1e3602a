"""A service that is asked directly, without a network."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI


class Asked:
    """An app, asked one request at a time without a network; its lifespan never begins."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def __call__(self, method: str, path: str, **how: Any) -> Any:
        import httpx

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 1))
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost"
            ) as client:
                return await client.request(method, path, **how)

        return asyncio.run(ask())

    def project(self, **how: Any) -> str:
        """A new project."""
        made = self("POST", "/v1/projects", json={"name": "p", **how})
        assert made.status_code == 201, made.text
        return f"/v1/projects/{made.json()['id']}"

    def upload(self, project: str, name: str, data: bytes) -> str:
        """A complete upload."""
        made = self("POST", f"{project}/uploads", json={"name": name, "size": len(data)})
        path = f"{project}/uploads/{made.json()['id']}"
        sent = self("PATCH", path, content=data, headers={"Upload-Offset": "0"})
        assert sent.json().get("state") == "complete", sent.text
        return path
