"""Audits and models as pages, without scripts: drawn, labelled, undone, trained, used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.warum_api.analysed import Working, copied
from tests.warum_api.pages.browsing import Browser, Keyed
from tests.warum_api.training.labels import as_csv, labelled_rows


@pytest.fixture
def service(tmp_path: Path) -> Working:
    return copied(tmp_path / "copied")


@pytest.fixture
def person(service: Working) -> Browser:
    return Browser(service.app)


def project_of(service: Working) -> str:
    return service.path.removeprefix("/v1")


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return str(found[1])


def answered(person: Browser, page: str, **fields: Any) -> str:
    """Send the form of a comment."""
    audit = re.search(r'action="([^"]+)/label"', page)
    assert audit, page
    fields = {"comment": hidden(page, "comment"), "at": hidden(page, "at"), "as": "Kim", **fields}
    return person.send(f"{audit[1]}/label", **fields)


def drawn(person: Browser, path: str, labels: int = 20) -> str:
    """The path of a new audit."""
    person.go(f"{path}/audit")
    page = person.send(f"{path}/audit", labels=str(labels))
    assert "The sample is drawn." in page
    return str(re.findall(rf'action="({path}/audit/smp_[0-9a-f]+)"', page)[0])


def test_a_person_labels_and_goes_on_later(service: Working, person: Browser) -> None:
    audit = drawn(person, project_of(service))
    page = person.go(f"{audit}?as=Kim")
    first = hidden(page, "comment")
    page = answered(person, page, seen=["wait_time:negative", "service.attitude:positive"])
    assert "1 of" in page
    assert hidden(page, "comment") != first
    page = Browser(service.app).go(f"{audit}?as=Kim")  # another day
    assert hidden(page, "comment") != first
    page = person.go(f"{audit}?as=Lee")  # another person sees nothing of it
    assert hidden(page, "comment") == first
    assert " checked" not in page
    (kim,) = service("GET", f"/v1{audit.replace('/audit/', '/audits/')}").json()["labellers"]
    assert (kim["labeller"], kim["labelled"]) == ("Kim", 1)


def test_no_category_at_all_is_asked_back(service: Working, person: Browser) -> None:
    audit = drawn(person, project_of(service))
    page = person.go(f"{audit}?as=Kim")
    first = hidden(page, "comment")
    page = answered(person, page)
    assert (hidden(page, "comment"), hidden(page, "sure")) == (first, "1")
    page = answered(person, page, sure="1")
    assert hidden(page, "comment") != first


def test_the_last_answer_is_undone_to_be_mended(service: Working, person: Browser) -> None:
    audit = drawn(person, project_of(service))
    page = person.go(f"{audit}?as=Kim")
    first = hidden(page, "comment")
    answered(person, page, seen="wait_time:negative")
    page = person.send(f"{audit}/undo", **{"as": "Kim"})
    assert hidden(page, "comment") == first
    assert re.search(r'value="wait_time:negative" checked', page)
    assert "0 of" in page
    page = person.send(f"{audit}/undo", **{"as": "Kim"})  # nothing is left to undo
    assert "0 of" in page


def test_all_is_labelled_and_corrected_figures_are_asked_for(
    service: Working, person: Browser
) -> None:
    path = project_of(service)
    audit = drawn(person, path)
    assert "corrected figures can be computed" in person.go(f"{path}/audit")
    api = f"/v1{audit.replace('/audit/', '/audits/')}"
    service.labelled(api, "Kim")
    service.labelled(api, "Lee")
    assert "All comments are labelled." in person.go(f"{audit}?as=Kim")
    page = person.go(f"{path}/audit")
    assert "Agreement (Krippendorff’s alpha) 1.00" in page
    person.send(f"{audit}/use")
    assert "/jobs/job_" in str(person.last.url)
    (job, *_) = service("GET", "/v1/jobs").json()
    assert (job["kind"], job["state"]) == ("why", "queued")
    assert "The sample is deleted." in person.send(f"{audit}/delete")


@pytest.mark.parametrize("labels", ["0", "x", "-1", "99999999", ""])
def test_a_wrong_number_is_refused(service: Working, person: Browser, labels: str) -> None:
    person.go(f"{project_of(service)}/audit")
    person.send(f"{project_of(service)}/audit", labels=labels)
    assert person.last.status_code == 422
    assert person.last.headers["content-type"].startswith("text/html")


def test_a_label_that_is_none_is_refused(service: Working, person: Browser) -> None:
    page = person.go(f"{drawn(person, project_of(service))}?as=Kim")
    for wrong in ("wait_time", "wait_time:bad", "nonsense:negative"):
        answered(person, page, seen=wrong)
        assert person.last.status_code == 422


def test_without_a_result_there_is_nothing_to_draw_from(visitor: Browser) -> None:
    page = visitor.go(f"{visitor.project()}/audit")
    assert "There is no result yet" in page
    assert 'name="labels"' not in page


def test_who_may_only_read_neither_draws_nor_labels_nor_trains(keyed: Keyed) -> None:
    keyed.sign_in(keyed.key().text)
    project = keyed.project()
    reader = keyed.other(keyed.tenant)
    reader.sign_in(reader.key("read").text)
    assert "Train a model" not in reader.go(f"{project}/models")
    for path in ("/audit", "/audit/smp_x/label", "/models/train", "/models/use", "/models/labels"):
        reader.send(f"{project}{path}")
        assert reader.last.status_code == 403, path


def test_a_model_is_trained_and_used(tmp_path: Path) -> None:
    service = Working(tmp_path / "data", "")
    service.path = service.project()
    person, path = Browser(service.app), project_of(service)
    assert "Correct some opinions, or upload" in person.go(f"{path}/models")
    file = ("mine.csv", as_csv(labelled_rows(50)), "text/csv")
    page = person.send(f"{path}/models/labels", files={"file": file})
    assert "mine.csv" in page
    assert "mine.csv" not in person.go(f"{path}/upload")  # it is no data
    person.go(f"{path}/models")
    upload = hidden(page, "labels")
    assert "Training" in person.send(
        f"{path}/models/train", labels=upload, name="Ours", base="accurate"
    )
    service.work()
    page = person.go(f"{path}/models")
    model = re.findall(r"mdl_[0-9a-f]{20}", page)[0]
    assert "Ours" in page
    page = person.go(f"{path}/models/{model}")
    assert "Waiting time" in page
    assert "Cross-validated" in page
    assert person.ask("GET", f"{path}/models/{model}/card").text.startswith("# cx")
    page = person.send(f"{path}/models/use", model=model)
    assert "in use" in page
    person.send(f"{path}/models/{model}/delete")
    assert person.last.status_code == 409
    person.send(f"{path}/models/use", model="")
    assert "The model is deleted." in person.send(f"{path}/models/{model}/delete")
    person.send(f"{path}/models/use", model="mdl_x")
    assert person.last.status_code == 422
