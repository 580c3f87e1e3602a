"""A file of 100,000 rows by the page: it stays responsive, and the service's memory does not grow with the file."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.warum_api.test_serving import ready, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.full]

ROWS = 100_000
MOST_GROWTH = 48  # MB over what the service had before, whatever the size of the file
MOST_SECONDS = 1.0
TEXT = "The staff was friendly, but I waited for more than an hour and nobody could tell me why; "


class Watch(threading.Thread):
    """Looks at a page again and again, and at the memory of a process.

    Attributes:
        seconds: How long each look took.
        most: The most memory seen, MB.
    """

    def __init__(self, address: str, pid: int) -> None:
        super().__init__()
        self.address, self.pid = address, pid
        self.seconds: list[float] = []
        self.most = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        with httpx.Client(timeout=60) as client:
            while not self.done.wait(0.05):
                begun = time.perf_counter()
                assert client.get(self.address).status_code == 200
                self.seconds.append(time.perf_counter() - begun)
                self.most = max(self.most, memory(self.pid))


def memory(pid: int) -> float:
    """Resident memory of a process, MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


def _file(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8") as out:
        out.write("id,customer,date,comment,NPS\n")
        for i in range(rows):
            out.write(
                f'r{i},c{i % 9000},2025-{1 + i % 12:02d}-01,"{TEXT * (1 + i % 3)}{i}",{i % 11}\n'
            )
    return path


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to see memory")
def test_a_large_file_is_taken_in_passing(browser: Browser, tmp_path: Path) -> None:
    large, small = _file(tmp_path / "large.csv", ROWS), _file(tmp_path / "small.csv", 200)
    with (
        serve(WARUM_DATA=str(tmp_path / "data"), WARUM_JOBS="false") as (process, port, _),
        ready(port),
    ):
        page = browser.new_page(locale="en-GB")
        page.goto(f"http://127.0.0.1:{port}/projects/new")
        page.get_by_label("Name").first.fill("Large")
        page.get_by_role("button", name="Make the project").click()
        page.wait_for_url("**/upload")
        data = page.url

        def send(file: Path) -> float:
            page.goto(data)
            page.get_by_label("File of comments and scores").set_input_files(file)
            begun = time.perf_counter()
            page.get_by_role("button", name="Upload").click()
            page.wait_for_url("**/uploads/upl_*", timeout=300_000)
            page.get_by_text("What the columns are").first.wait_for()
            return time.perf_counter() - begun

        send(small)  # once, so that everything is loaded
        before = memory(process.pid)
        watch = Watch(data, process.pid)
        watch.start()
        seconds = send(large)
        watch.done.set()
        watch.join()
        page.close()
    slowest = max(watch.seconds)
    print(
        f"{large.stat().st_size / 1e6:.1f} MB in {seconds:.1f} s; memory {before:.0f} MB, then at most "
        f"{watch.most:.0f} MB; {len(watch.seconds)} looks, the slowest {slowest:.2f} s"
    )
    assert watch.most - before < MOST_GROWTH
    assert slowest < MOST_SECONDS
