"""Personal data outside the comments do not reach the disk."""

from __future__ import annotations

from pathlib import Path

import warum

ROWS = {
    "comment": ["Great staff and quick", "Waited far too long", "Good food", "bad"],
    "customer": ["anna@example.com", "ben@example.com", "anna@example.com", None],
    "branch": ["ask tom@example.com", "North", "North", "North"],
    "nps": ["9", "2", "8", "call 030 23125 118"],
}


def test_ids_with_personal_data_are_numbered_and_still_tell_people_apart(tmp_path: Path) -> None:
    analysis = warum.analyze(
        ROWS, text="comment", score="nps:nps", customer="customer", by="branch", min_group=1,
        out=tmp_path / "out",
    )  # fmt: skip
    assert analysis.comments["customer"].tolist() == ["customer-1", "customer-2", "customer-1"]
    assert analysis.result.facts.customers == 2
    assert any("numbered instead" in note for note in analysis.result.facts.notes)
    for path in (tmp_path / "out").iterdir():
        content = path.read_bytes()
        assert b"example.com" not in content, path.name
        assert b"23125" not in content, path.name


def test_it_can_be_switched_off() -> None:
    analysis = warum.analyze(
        ROWS, text="comment", score="nps:nps", customer="customer", keep_pii=True
    )
    assert analysis.comments["customer"][0] == "anna@example.com"


def test_plain_numbers_are_ids_however_phone_like() -> None:
    rows = {**ROWS, "customer": ["03023125118", "03023125119", "03023125118", None]}
    analysis = warum.analyze(rows, text="comment", score="nps:nps", customer="customer")
    assert analysis.comments["customer"][0] == "03023125118"


def test_stages_and_touchpoints_hold_none_either(tmp_path: Path) -> None:
    rows = {**ROWS, "stage": ["ask tom@example.com"] * 4, "touchpoint": ["tom@example.com"] * 4}
    warum.analyze(rows, text="comment", score="nps:nps", customer="customer", by="branch",
                  out=tmp_path / "out")  # fmt: skip
    for path in (tmp_path / "out").iterdir():
        assert b"example.com" not in path.read_bytes(), path.name
