"""The command line: what a person sees, and what they are told when the input is bad."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer

from tests.conftest import Outcome
from warum import cli

Call = Callable[..., Outcome]


def test_a_plain_run_says_what_it_did(call: Call, feedback: Path, tmp_path: Path) -> None:
    done = call("analyze", feedback, "--by", "branch", "--out", tmp_path / "out")
    assert done.code == 0
    assert "text: 'comment'" in done.out
    assert "NPS" in done.out
    assert "rejected: 0" in done.out
    assert "report.html" in done.out
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert {"run_id", "started", "seconds", "warum"} <= set(run)


def test_it_speaks_german(call: Call, feedback: Path, tmp_path: Path) -> None:
    done = call("analyze", feedback, "--ui", "de", "--out", tmp_path / "out")
    assert "Bericht:" in done.out
    assert "Wartezeit" in done.out


def test_quiet_prints_nothing_and_json_only_json(
    call: Call, feedback: Path, tmp_path: Path
) -> None:
    assert call("analyze", feedback, "--quiet", "--out", tmp_path / "a").out == ""
    done = call("analyze", feedback, "--json", "--out", tmp_path / "b")
    assert done.out == (tmp_path / "b" / "summary.json").read_text("utf-8")
    assert json.loads(done.out)["facts"]["rows_in"] == 80


@pytest.mark.parametrize("level", ["parent", "stage", "touchpoint"])
def test_roll_ups_are_one_option_away(
    call: Call, feedback: Path, tmp_path: Path, level: str
) -> None:
    plain = call("analyze", feedback, "--out", tmp_path / "a")
    rolled = call("analyze", feedback, "--roll-up", level, "--out", tmp_path / "b")
    assert len(rolled.out) > len(plain.out)


def test_report_is_written_again_in_the_other_language(
    call: Call, feedback: Path, tmp_path: Path
) -> None:
    call("analyze", feedback, "--quiet", "--out", tmp_path / "out")
    assert 'lang="en"' in (tmp_path / "out" / "report.html").read_text("utf-8")
    done = call("report", tmp_path / "out", "--ui", "de")
    assert done.code == 0
    assert 'lang="de"' in (tmp_path / "out" / "report.html").read_text("utf-8")
    call("report", tmp_path / "out", "--to", tmp_path / "other.html")
    assert (tmp_path / "other.html").is_file()


def test_example_and_taxonomy(call: Call, tmp_path: Path) -> None:
    assert call("example", tmp_path / "ex").code == 0
    assert {p.name for p in (tmp_path / "ex").iterdir()} == {
        "feedback.csv", "opinions_gold.csv", "truth.md",
    }  # fmt: skip
    shown = call("taxonomy", "show").out
    assert "code: wait_time" in shown
    assert "wait_time\tWaiting time\tWartezeit" in call("taxonomy", "show", "--table").out


def test_standard_input(feedback: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "warum",
        "analyze",
        "-",
        "--quiet",
        "--out",
        str(tmp_path / "o"),
    ]
    done = subprocess.run(command, input=feedback.read_bytes(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "o" / "summary.json").is_file()


@pytest.mark.parametrize("registered", [False, True])
def test_an_absent_extra_says_how_to_install_it(
    call: Call, monkeypatch: pytest.MonkeyPatch, registered: bool
) -> None:
    class Entry:
        name, module = "serve", "warum_api"

        def load(self) -> Callable[[], None]:
            raise ImportError("fastapi is not installed")

    found = [Entry()] if registered else []
    monkeypatch.setattr(cli, "entry_points", lambda group: found)
    cli._add_plugins()
    done = call("serve")
    assert done.code == 1
    assert 'pip install "warum[api]"' in done.err


def test_commands_of_other_packages_are_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Entry:
        name, module = "serve", "warum_api"

        def load(self) -> Callable[[], None]:
            return lambda: typer.echo("serving")

    monkeypatch.setattr(cli, "entry_points", lambda group: [Entry()])
    monkeypatch.setattr(cli, "app", typer.Typer())
    cli._add_plugins()
    (found,) = [c for c in cli.app.registered_commands if c.name == "serve"]
    assert found.callback is not None
    found.callback()
    assert capsys.readouterr().out == "serving\n"


def _one_line(outcome: Outcome) -> str:
    assert "Traceback" not in outcome.err
    assert outcome.err.startswith("warum: "), outcome.err
    return outcome.err


BAD_FILES: dict[str, tuple[bytes | None, int]] = {
    "missing.csv": (None, 3),
    "empty.csv": (b"", 3),
    "header.csv": (b"comment,nps\n", 3),
    "noise.csv": (bytes(range(256)) * 40, 3),
    "numbers.csv": (b"a,b\n" + b"1,2\n3,4\n" * 20, 4),
    "broken.csv.gz": (gzip.compress(b"comment,nps\ngood,9\n" * 99, mtime=0)[:-30], 3),
    "broken.parquet": (b"PAR1 but not really", 3),
    "broken.json": (b'[{"comment": "a"', 3),
    "broken.xlsx": (b"PK\x03\x04 no workbook", 3),
    "what.doc": (b"\xd0\xcf\x11\xe0 some other program's file" * 20, 3),
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_bad_files_get_one_clear_line(call: Call, tmp_path: Path, name: str) -> None:
    content, code = BAD_FILES[name]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = call("analyze", path, "--out", tmp_path / "out")
    assert done.code == code, done.err
    assert len(_one_line(done)) > 30
    assert not (tmp_path / "out").exists()


def test_a_folder_is_no_file(call: Call, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = call("analyze", tmp_path / "folder", "--out", tmp_path / "out")
    assert done.code == 3
    assert "folder" in _one_line(done)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--text", "coment"], 4, "comment"),
        (["--score", "NSP"], 4, "NPS"),
        (["--by", "Branch Name"], 4, "branch"),
        (["--score", "NPS:npss"], 2, "nps"),
        (["--scale", "5"], 2, "LOW:HIGH"),
        (["--scale", "5:1"], 2, "--lower-is-better"),
        (["--missing", "six"], 2, "6,7"),
        (["--model", "gpt"], 6, "fast"),
        (["--taxonomy", "nowhere.yaml"], 6, "cx"),
        (["--min-group", "0"], 2, "at least 1"),
        (["--join", "nowhere.csv", "--on", "id"], 3, "nowhere.csv"),
        (["--date-format", "never", "--date", "date"], 0, ""),
    ],
)
def test_bad_options_say_what_to_do(
    call: Call, feedback: Path, tmp_path: Path, options: list[str], code: int, said: str
) -> None:
    done = call("analyze", feedback, *options, "--out", tmp_path / "out")
    assert done.code == code, done.err
    assert said in done.err


@pytest.mark.parametrize(
    ("content", "rejected"),
    [
        (
            b"comment,nps\ngood food,9\nbad,11\nfine,x\n",
            {"score_out_of_range", "score_not_a_number"},
        ),
        (b"comment,nps\ngood food,9\nbad,8,7,6\nfine people,3\n", {"ragged"}),
        (b"comment,nps\ngood food,9\nb\x00ad,8\nfine people,3\n", {"nul_byte"}),
        (b"comment,nps\ngood food,9\n" + b"x" * 2_000_000 + b",8\nfine people,3\n", {"too_large"}),
        (b"id,comment,nps\n1,good food,9\n1,bad food,8\n2,fine people,3\n", {"duplicate_id"}),
    ],
    ids=["scores", "ragged", "nul", "2 MB cell", "duplicate ids"],
)
def test_bad_rows_are_kept_aside_with_their_reason(
    call: Call, tmp_path: Path, content: bytes, rejected: set[str]
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    options = ["--id", "id"] if content.startswith(b"id") else []
    done = call(
        "analyze", path, "--text", "comment", "--score", "nps", *options, "--out", tmp_path / "out"
    )
    assert done.code == 0, done.err
    lines = [
        json.loads(line)
        for line in (tmp_path / "out" / "rejected.jsonl").read_text("utf-8").splitlines()
    ]
    assert {line["code"] for line in lines} == rejected
    facts = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["facts"]
    assert facts["rows_in"] == facts["rows_analysed"] + facts["rows_rejected"]
    assert facts["rows_in"] == 3
    assert all(line["line"] >= 2 for line in lines)


def test_a_workbook_with_two_sheets_asks_which(call: Call, feedback: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Umfrage"
    for rows in (["comment", "nps"], ["Great staff here", 9], ["Waited too long", 2]):
        first.append(rows)
    second = book.create_sheet("Andere")
    second.append(["x"])
    second.append(["y"])
    book.save(tmp_path / "two.xlsx")
    done = call("analyze", tmp_path / "two.xlsx", "--out", tmp_path / "out")
    assert done.code == 3
    assert "Umfrage" in done.err
    assert "--sheet" in done.err
    chosen = call("analyze", tmp_path / "two.xlsx", "--sheet", "Umfrage", "--out", tmp_path / "out")
    assert chosen.code == 0, chosen.err


def test_an_out_that_holds_other_files_is_left_alone(
    call: Call, feedback: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    done = call("analyze", feedback, "--out", tmp_path / "mine")
    assert done.code == 5
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_an_unwritable_out_is_refused_before_the_work(
    call: Call, feedback: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    done = call("analyze", feedback, "--out", tmp_path / "file" / "out")
    assert done.code == 5
    assert "cannot be written" in done.err
    assert call("analyze", feedback, "--out", tmp_path / "file").code == 5


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB; only root may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("mounting a small file system needs root on Linux")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_earlier_result_whole(
    call: Call, feedback: Path, small_disk: Path
) -> None:
    out = small_disk / "out"
    assert call("analyze", feedback, "--quiet", "--out", out).code == 0
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    free = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(b"x" * (free - 50_000))
    full = call("analyze", feedback, "--quiet", "--out", out)
    assert full.code == 5
    assert "could not be written" in _one_line(full)
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    assert sorted(p.name for p in small_disk.iterdir()) == ["ballast", "out"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files by prlimit")
def test_no_room_for_temporary_files_leaves_the_earlier_result_whole(
    feedback: Path, tmp_path: Path
) -> None:
    if shutil.which("prlimit") is None:
        pytest.skip("no prlimit on this machine")
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "warum",
        "analyze",
        str(feedback),
        "--quiet",
        "--out",
        str(out),
    ]
    assert subprocess.run(command).returncode == 0
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    full = subprocess.run(["prlimit", "--fsize=20000", *command], capture_output=True, text=True)
    assert full.returncode == 5, full.stderr
    assert full.stderr.startswith("warum: ")
    assert "ree some space" in full.stderr
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".out")] == []


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
def test_ctrl_c_says_what_is_kept(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("w", encoding="utf-8") as file:
        file.write("comment,nps\n")
        for i in range(40_000):
            file.write(f"Waited far too long and nobody told us why number {i},{i % 11}\n")
    command = [sys.executable, "-m", "warum", "analyze", str(large), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "unchanged" in err
    assert not (tmp_path / "out").exists()


def _run(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "warum", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def test_a_terminal_of_another_encoding_gets_what_it_can_show(
    feedback: Path, tmp_path: Path
) -> None:
    narrow = {**os.environ, "PYTHONIOENCODING": "ascii"}
    out, err = _run("analyze", feedback, "--out", tmp_path / "a", env=narrow).communicate()
    assert b"NPS" in out, err
    out, err = _run(
        "analyze", tmp_path / "a", "--json", "--out", tmp_path / "b", env=narrow
    ).communicate()
    assert out == (tmp_path / "b" / "summary.json").read_bytes(), err


@pytest.mark.skipif(os.name == "nt", reason="pipes of Unix")
def test_a_reader_that_leaves_early_is_no_error(feedback: Path, tmp_path: Path) -> None:
    with _run("analyze", feedback, "--out", tmp_path / "out") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=60) == 0
    assert (tmp_path / "out" / "summary.json").is_file()


def test_an_interrupt_that_a_library_swallows_is_one_all_the_same(
    call: Call, feedback: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swallowed(*_: object, **__: object) -> None:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise ImportError("initialization failed")

    monkeypatch.setattr("warum.analyzing.run_analysis", swallowed)
    # Tests that a shell runs in the background ignore interrupts.
    earlier = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        done = call("analyze", feedback, "--out", tmp_path / "out")
    finally:
        signal.signal(signal.SIGINT, earlier)
    assert done.code == 130
    assert "Nothing was written" in _one_line(done)


def test_an_interrupt_after_the_result_says_that_it_is_complete(
    call: Call, feedback: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_say", interrupted)
    done = call("analyze", feedback, "--out", tmp_path / "out")
    assert done.code == 130
    assert "is complete" in done.err
    assert "Traceback" not in done.err
    assert (tmp_path / "out" / "summary.json").is_file()
