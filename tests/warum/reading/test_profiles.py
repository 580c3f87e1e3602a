"""Exports of survey and ticket tools."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.warum.reading.sources import cells, read
from warum.reading.files import read_files
from warum.reading.profiles import PROFILES, profile_named, recognise

QUALTRICS = [
    "StartDate",
    "EndDate",
    "Status",
    "IPAddress",
    "Progress",
    "Duration (in seconds)",
    "Finished",
    "RecordedDate",
    "ResponseId",
    "RecipientLastName",
    "RecipientFirstName",
    "RecipientEmail",
    "ExternalReference",
    "LocationLatitude",
    "LocationLongitude",
    "DistributionChannel",
    "UserLanguage",
    "Q1_NPS_GROUP",
    "Q1",
    "Q2",
]
SURVEYMONKEY = [
    "Respondent ID",
    "Collector ID",
    "Start Date",
    "End Date",
    "IP Address",
    "Email Address",
    "First Name",
    "Last Name",
    "Custom Data 1",
]
ZENDESK = [
    "Summation column",
    "Id",
    "Requester",
    "Requester id",
    "Requester external id",
    "Requester email",
    "Requester domain",
    "Submitter",
    "Assignee",
    "Group",
    "Subject",
    "Tags",
    "Status",
    "Priority",
    "Via",
    "Ticket type",
    "Created at",
    "Updated at",
    "Assigned at",
    "Organization",
    "Due date",
    "Initially assigned at",
    "Solved at",
    "Resolution time",
    "Satisfaction Score",
    "Group stations",
    "Assignee stations",
    "Reopens",
    "Replies",
]
GOOGLE_PLAY = [
    "Package Name",
    "App Version Code",
    "App Version Name",
    "Reviewer Language",
    "Device",
    "Review Submit Date and Time",
    "Review Submit Millis Since Epoch",
    "Review Last Update Date and Time",
    "Review Last Update Millis Since Epoch",
    "Star Rating",
    "Review Title",
    "Review Text",
    "Developer Reply Date and Time",
    "Developer Reply Millis Since Epoch",
    "Developer Reply Text",
    "Review Link",
]
TRUSTPILOT = [
    "Domain Url",
    "Webshop Name",
    "Business Unit Id",
    "Review Id",
    "Review Created (UTC)",
    "Review Consumer User Id",
    "Review Username",
    "Review Title",
    "Review Content",
    "Review Stars",
    "Source Of Review",
    "Reference Id",
    "Location Name",
]
TYPEFORM = [
    "#",
    "How likely are you to recommend us?",
    "Why?",
    "Response Type",
    "Start Date (UTC)",
    "Stage Date (UTC)",
    "Submit Date (UTC)",
    "Network ID",
    "Tags",
    "Ending",
]


def as_csv(*rows: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def as_row(headers: Sequence[str], **filled: str) -> list[str]:
    wanted = {name.replace("_", " ").casefold(): value for name, value in filled.items()}
    return [wanted.get(name.replace("_", " ").casefold(), "") for name in headers]


@pytest.mark.parametrize(
    ("headers", "name", "roles"),
    [
        (
            QUALTRICS,
            "qualtrics",
            {
                "id": "ResponseId",
                "date": "RecordedDate",
                "customer": "ExternalReference",
                "language": "UserLanguage",
                "channel": "DistributionChannel",
                "score": "Q1",
            },
        ),
        (
            SURVEYMONKEY,
            "surveymonkey",
            {"id": "Respondent ID", "date": "End Date", "customer": "Custom Data 1"},
        ),
        (
            ZENDESK,
            "zendesk",
            {
                "text": "Subject",
                "score": "Satisfaction Score",
                "id": "Id",
                "date": "Created at",
                "customer": "Requester id",
                "channel": "Via",
            },
        ),
        (
            GOOGLE_PLAY,
            "google_play",
            {
                "text": "Review Text",
                "score": "Star Rating",
                "date": "Review Submit Date and Time",
                "language": "Reviewer Language",
            },
        ),
        (
            TRUSTPILOT,
            "trustpilot",
            {
                "text": "Review Content",
                "score": "Review Stars",
                "id": "Review Id",
                "date": "Review Created (UTC)",
                "customer": "Review Consumer User Id",
            },
        ),
        (TYPEFORM, "typeform", {"id": "#", "date": "Submit Date (UTC)"}),
    ],
)
def test_exports_are_recognised(headers: list[str], name: str, roles: dict[str, str]) -> None:
    profile = recognise([header.upper() for header in headers])
    assert profile is not None
    assert profile.name == name
    assert profile_named(name).columns(headers) == roles


@pytest.mark.parametrize("headers", [[], ["text", "score"], ["Id", "Subject", "Created at"]])
def test_other_tables_are_not(headers: list[str]) -> None:
    assert recognise(headers) is None


def test_profiles_are_consistent() -> None:
    assert len({profile.name for profile in PROFILES}) == len(PROFILES) == 6
    with pytest.raises(KeyError, match="no profile 'x'"):
        profile_named("x")


def qualtrics(*, ids: bool = True, questions: bool = True) -> str:
    texts = dict.fromkeys(QUALTRICS, "")
    texts |= {"StartDate": "Start Date", "Q2": "What is the main reason\nfor your score?"}
    rows = [as_row(QUALTRICS, startdate="2025-03-01", q1="9", q2="schnell")] * 2
    second = [list(texts.values())] if questions else []
    third = [['{"ImportId":"' + name + '"}' for name in QUALTRICS]] if ids else []
    return as_csv(QUALTRICS, *second, *third, *rows)


@pytest.mark.parametrize(
    ("ids", "questions", "line"),
    [(True, True, 5), (False, True, 4), (True, False, 3), (False, False, 2)],
)
def test_qualtrics_has_up_to_three_header_rows(
    tmp_path: Path, ids: bool, questions: bool, line: int
) -> None:
    table = read(tmp_path, qualtrics(ids=ids, questions=questions))
    assert table.profile == "qualtrics"
    assert table.row.tolist() == [1, 2]
    assert table.line.tolist() == [line, line + 1]
    assert cells(table)["Q2"] == ["schnell", "schnell"]
    expected = "What is the main reason for your score?" if questions else None
    assert table.questions.get("Q2") == expected
    assert "Qualtrics" in table.notes[-1]


def test_surveymonkey_has_two_header_rows(tmp_path: Path) -> None:
    asked = ["How likely?", "Why?", "What did you use?", "", "", "Anything else?"]
    options = ["", "Open-Ended Response", "Shop", "App", "Other (please specify)", "Response"]
    answers = ["9", "fast", "Shop", "", "by phone", ""]
    person = as_row(SURVEYMONKEY, respondent_id="1001")
    text = as_csv([*SURVEYMONKEY, *asked], [*[""] * 9, *options], [*person, *answers])
    table = read(tmp_path, text)
    assert table.profile == "surveymonkey"
    assert table.row.tolist() == [1]
    assert table.line.tolist() == [3]
    found = {name: column[0] for name, column in cells(table).items() if name not in SURVEYMONKEY}
    assert found == {
        "How likely?": "9",
        "Why?": "fast",
        "What did you use? – Shop": "Shop",
        "What did you use? – App": None,
        "What did you use? – Other (please specify)": "by phone",
        "Anything else?": None,
    }
    assert table.questions["What did you use? – App"] == "What did you use?"
    assert table.questions["Why?"] == "Why?"


def test_google_play_in_utf16(tmp_path: Path) -> None:
    row = as_row(GOOGLE_PLAY, review_text="läuft nicht", star_rating="1")
    table = read(tmp_path, as_csv(GOOGLE_PLAY, row).encode("utf-16"))
    assert table.profile == "google_play"
    assert cells(table)["Review Text"] == ["läuft nicht"]


def test_two_products_have_no_common_profile(tmp_path: Path) -> None:
    trustpilot = tmp_path / "t.csv"
    trustpilot.write_text(as_csv(TRUSTPILOT, as_row(TRUSTPILOT, review_content="ok")), "utf-8")
    play = tmp_path / "g.csv"
    play.write_text(as_csv(GOOGLE_PLAY, as_row(GOOGLE_PLAY, review_text="ok")), "utf-8")
    assert read_files([trustpilot]).profile == "trustpilot"
    assert read_files([trustpilot, play]).profile is None
