"""Headers that tell browsers to take an answer for what it is, and nobody to keep it."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    # Nothing of an answer is to be run, framed or shown as a page.
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class SecureHeaders:
    """The middleware that adds `HEADERS` where a route has not set them itself.

    Args:
        app: What it stands around.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                names = {name.lower() for name, _ in own}
                message["headers"] = own + [h for h in self._headers if h[0] not in names]
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)
