"""The service as a client of its projects sees it: a file goes in, a job runs, a result comes out."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import httpx

from warum.example import example_path

ENDED = ("done", "failed", "cancelled")
COLUMNS = {
    "text": "comment",
    "score": "nps:nps",
    "id": "response_id",
    "customer": "customer_id",
    "by": ["branch"],
}


def rows(n: int) -> bytes:
    """So many rows of the bundled example, again and again; their ids are r0, r1 and so on."""
    with example_path().open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(found[0]))
    writer.writeheader()
    writer.writerows({**found[i % len(found)], "response_id": f"r{i}"} for i in range(n))
    return out.getvalue().encode()


class Caller:
    """A client that expects what it asks for.

    Args:
        port: Of the service, on loopback.
    """

    def __init__(self, port: int) -> None:
        # A kept connection would be the first to notice that the service was killed.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=120, limits=limits, trust_env=False
        )
        self.calls = 0
        """Requests that were answered as expected."""

    def __call__(self, method: str, path: str, **how: Any) -> Any:  # noqa: ANN401 - JSON
        """The answer of a request that succeeds: its JSON, or None.

        Raises:
            RuntimeError: If it does not.
        """
        answer = self._client.request(method, path, **how)
        if not answer.is_success:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        self.calls += 1
        return answer.json() if answer.content[:1] in (b"{", b"[") else None

    def refused(self, method: str, path: str, body: bytes) -> None:
        """Send what is to be refused with a problem document.

        Raises:
            RuntimeError: If it is not.
        """
        headers = {"Content-Type": "application/json"}
        answer = self._client.request(method, path, content=body, headers=headers)
        problem = answer.headers.get("content-type") == "application/problem+json"
        if not (400 <= answer.status_code < 500 and problem):
            raise RuntimeError(f"{method} {path}: {answer.status_code}, expected a problem")
        self.calls += 1

    def project(self, data: bytes) -> str:
        """The path of a new project with a file in it."""
        made = self("POST", "/v1/projects", json={"name": "p", "columns": COLUMNS})
        path = f"/v1/projects/{made['id']}"
        begun = self("POST", f"{path}/uploads", json={"name": "x.csv", "size": len(data)})
        upload = f"{path}/uploads/{begun['id']}"
        half = len(data) // 2
        for at, piece in ((0, data[:half]), (half, data[half:])):
            self("PATCH", upload, content=piece, headers={"Upload-Offset": str(at)})
        return path

    def submit(self, project: str, kind: str = "analyze") -> str:
        """The path of a new job."""
        return f"/v1/jobs/{self('POST', f'{project}/jobs', json={'kind': kind})['id']}"

    def ended(self, job: str, seconds: float = 3_600.0) -> Any:  # noqa: ANN401 - JSON
        """A job once it is over.

        Raises:
            TimeoutError: If that takes longer.
        """
        until = time.monotonic() + seconds
        while (found := self("GET", job))["state"] not in ENDED:
            if time.monotonic() > until:
                raise TimeoutError(
                    f"the job is {found['state']} at {found['done']} after {seconds} s"
                )
            time.sleep(0.2)
        return found

    def close(self) -> None:
        """Close it."""
        self._client.close()
