"""Nothing is ever sent: a whole analysis with every socket refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
def refuse(event, args):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "socket.gethostby",
                         "socket.sendto", "urllib.Request", "http.client.connect")):
        sys.stderr.write("NETWORK " + event)
        sys.stderr.flush()
        import os; os._exit(99)
sys.addaudithook(refuse)
sys.argv = ["warum", "analyze", {file!r}, "--by", "branch", "--out", {out!r}, "--quiet"]
from warum.cli import main
main()
"""


def test_analyze_runs_with_the_network_blocked(feedback: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    program = PROGRAM.format(file=str(feedback), out=str(out))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (out / "report.html").stat().st_size > 10_000


def test_the_block_works() -> None:
    program = (
        PROGRAM.partition("sys.argv")[0]
        + "import socket; socket.create_connection(('127.0.0.1', 9))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 99
