"""What the service signs for browsers: sessions and the tokens of forms.

The secret comes from the settings, or lies in the data folder, where it is made once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import time
from pathlib import Path

from warum_api.observing.logs import log
from warum_api.settings import Settings, secret

_FILE = "session.key"
_BYTES = 32


class Signer:
    """Signs short texts so that they can be told from others' when they come back.

    Args:
        key: The secret, at least 16 bytes.

    Raises:
        ValueError: If the secret is shorter.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError(f"the secret has {len(key)} bytes, expected at least 16")
        self._key = key

    def session(self, tenant: str, key_id: str, seconds: int) -> str:
        """The text that says for some seconds who signed in with which key."""
        told = json.dumps([tenant, key_id, int(time.time()) + seconds]).encode("utf-8")
        return f"{_text(told)}.{_text(self._digest(b'session', told))}"

    def session_of(self, text: str) -> tuple[str, str] | None:
        """Tenant and key of a text of `session`; None if it is another's, or its time is over."""
        first, _, second = text.partition(".")
        try:
            told, digest = _bytes(first), _bytes(second)
        except (ValueError, binascii.Error):
            return None
        if not hmac.compare_digest(digest, self._digest(b"session", told)):
            return None
        tenant, key_id, until = json.loads(told)
        return (tenant, key_id) if time.time() < until else None

    def token(self, of: str) -> str:
        """The token of the forms of a browser.

        Args:
            of: What its cookie holds, so that a token is good in that browser only.
        """
        return _text(self._digest(b"form", of.encode("utf-8")))

    def is_token(self, text: str, of: str) -> bool:
        """Whether a text is the token of a browser."""
        return hmac.compare_digest(text.encode("utf-8"), self.token(of).encode("ascii"))

    def _digest(self, purpose: bytes, told: bytes) -> bytes:
        return hmac.new(self._key, purpose + b"\n" + told, hashlib.sha256).digest()


def signer_of(settings: Settings) -> Signer:
    """The signer that the settings ask for: several workers on one machine have the same.

    Raises:
        ValueError: If the secret of the settings is too short.
    """
    given = secret(settings.session_secret)
    return Signer(given.encode("utf-8") if given is not None else _kept(settings.data / _FILE))


def _kept(path: Path) -> bytes:
    """The secret of the data folder, made where there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(_BYTES))
        try:
            os.link(made, path)  # whole or not at all: the first one wins
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return path.read_bytes()
    except OSError as error:
        log().warning(
            "sessions end with this process: set session_secret", why=type(error).__name__
        )
        return secrets.token_bytes(_BYTES)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
