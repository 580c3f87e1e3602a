"""Comments, uploads, requests that come again, results, corrections, audits, webhooks, projects."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.warum_api.storing.filled import (
    LONG_AGO,
    Filled,
    adapter_of,
    delivery_of,
    fill,
    hook_of,
)
from warum_api.storing import tables
from warum_api.storing.adapters import (
    adapter,
    delete_adapter,
    find_adapter,
    list_adapters,
    set_adapter_secrets,
)
from warum_api.storing.audit_log import forget_events_before, list_events, note_event
from warum_api.storing.audits import (
    Drawn,
    Labeller,
    add_sample,
    delete_sample,
    drawn_of,
    labellers_of,
    labels_of,
    list_samples,
    sample,
    set_labels,
)
from warum_api.storing.comments import (
    Appended,
    NewComment,
    append_comments,
    comment,
    count_comments,
    ids_before,
    ids_of_customer,
    list_comments,
    newest_comment,
)
from warum_api.storing.corrections import add_correction, list_corrections
from warum_api.storing.database import Database, now
from warum_api.storing.deliveries import (
    delete_deliveries_before,
    drop_deliveries,
    is_due,
    list_deliveries,
    queue_deliveries,
    record_delivery,
    take_deliveries,
)
from warum_api.storing.errors import ConflictError
from warum_api.storing.idempotency import (
    StoredAnswer,
    claim_key,
    forget_expired_keys,
    let_go_of_key,
    store_answer,
)
from warum_api.storing.jobs import list_jobs
from warum_api.storing.models import delete_model, list_models, mark_stale, model
from warum_api.storing.projects import (
    add_project,
    change_project,
    delete_project,
    kept_for_a_time,
    list_projects,
    project,
)
from warum_api.storing.results import (
    current_result,
    delete_old_results,
    list_results,
    publish_result,
    result_version,
)
from warum_api.storing.rows import checked_name, portions
from warum_api.storing.tenants import delete_tenant, ensure_tenant
from warum_api.storing.uploads import (
    advance_upload,
    begin_upload,
    delete_upload,
    end_upload,
    list_uploads,
    upload,
)
from warum_api.storing.webhooks import (
    add_webhook,
    change_webhook,
    delete_webhook,
    list_webhooks,
    webhook,
)

FAR = datetime(2100, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def filled(database: Database) -> Filled:
    with database.writing() as connection:
        connection.execute(tables.erasures.delete())
        made = fill("a", connection)
        connection.execute(tables.erasures.delete())
    return made


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", "ä", "x" * 65, "a/b", "_a"])
def test_names_that_cannot_stand_in_paths(name: str) -> None:
    with pytest.raises(ValueError, match="the tenant is"):
        checked_name("tenant", name)


def test_portions() -> None:
    assert [len(some) for some in portions(map(str, range(1_201)), 500)] == [500, 500, 201]


def test_projects(database: Database, filled: Filled) -> None:
    with database.writing() as connection:
        taxonomy = {"name": "own", "categories": []}
        second = add_project("a", connection, name="second", taxonomy=taxonomy)
        assert project("a", connection, second.id) == second
        changed = change_project("a", connection, second.id, name="2nd", columns={"text": "x"})
        assert changed is not None
        assert (changed.name, changed.columns, changed.taxonomy) == ("2nd", {"text": "x"}, taxonomy)
        assert changed.changed_at >= second.changed_at
        with pytest.raises(ValueError, match="'id' of a project"):
            change_project("a", connection, second.id, id="x")
        with pytest.raises(ValueError, match="retention_days is 0"):
            change_project("a", connection, second.id, retention_days=0)
        ids = sorted([filled.project, second.id])
        assert [one.id for one in list_projects("a", connection, limit=1)] == ids[:1]
        assert [one.id for one in list_projects("a", connection, after=ids[0])] == ids[1:]
        assert [(k.tenant, k.project, k.days) for k in kept_for_a_time(connection)] == [
            ("a", filled.project, 30)
        ]
        assert delete_project("a", connection, filled.project)
        assert not delete_project("a", connection, filled.project)
        assert count_comments("a", connection, filled.project) == 0
        assert list_jobs("a", connection) == ()
        assert delete_tenant("a", connection)
        assert not delete_tenant("a", connection)


def test_comments_are_appended_once(database: Database, filled: Filled) -> None:
    here = filled.project
    with database.writing() as connection:
        new = [NewComment("c2", "other"), NewComment("c3", "x"), NewComment("c3", "y")]
        assert append_comments("a", connection, here, new) == Appended(1, ("c2",), ("c3",))
        assert append_comments("a", connection, here, []) == Appended(0, ())
        found = comment("a", connection, here, "c2")
        assert found is not None
        assert (found.text, found.customer) == ("more SECRET", "lee")
        listed = list_comments("a", connection, here)
        assert [one.id for one in listed] == ["c1", "c2", "c3"]
        assert listed[0].fields == {"nps": 3}
        until = newest_comment("a", connection, here)
        append_comments("a", connection, here, [NewComment("c4", None)])
        behind = list_comments("a", connection, here, after=listed[0].seq, until=until)
        assert [one.id for one in behind] == ["c2", "c3"]
        assert count_comments("a", connection, here) == 4
        assert ids_of_customer("a", connection, here, "kim") == ("c1",)
        assert ids_before("a", connection, here, LONG_AGO + timedelta(1)) == ("c1",)
        assert ids_before("a", connection, here, LONG_AGO) == ()
        assert len(ids_before("a", connection, here, FAR)) == 4


def test_many_comments_and_signs_of_all_kinds(database: Database, filled: Filled) -> None:
    texts = ["Größe 😡", "a'b\"c;--", "", "x" * 50_000] + ["y"] * 996
    with database.writing() as connection:
        new = [NewComment(f"n{i}", text) for i, text in enumerate(texts)]
        assert append_comments("a", connection, filled.project, new).added == 1_000
        found = list_comments("a", connection, filled.project, limit=2_000)
        assert [one.text for one in found][2:] == texts
        seqs = [one.seq for one in found]
        assert seqs == sorted(set(seqs))


def test_an_upload_takes_the_next_piece_only(database: Database, filled: Filled) -> None:
    here = filled.project
    with database.writing() as connection:
        made = begin_upload("a", connection, here, name="x.csv", size=10)
        assert upload("a", connection, here, made.id) == made
        found = advance_upload("a", connection, here, made.id, at=0, by=6)
        assert (found.received, found.state) == (6, "open")
    for at, by in ((0, 6), (5, 1), (6, 5)):
        with pytest.raises(ConflictError, match="open at byte 6"), database.writing() as connection:
            advance_upload("a", connection, here, made.id, at=at, by=by)
    with database.writing() as connection:
        advance_upload("a", connection, here, made.id, at=6, by=4)
        assert end_upload("a", connection, here, made.id, state="complete", sha256="f" * 64)
        assert not end_upload("a", connection, here, made.id, state="failed")
        found_ = upload("a", connection, here, made.id)
        assert found_ is not None
        assert (found_.state, found_.sha256, found_.size) == ("complete", "f" * 64, 10)
        assert len(list_uploads("a", connection, here)) == 2
        assert delete_upload("a", connection, here, made.id)
    with pytest.raises(ConflictError, match="is not there"), database.writing() as connection:
        advance_upload("a", connection, here, made.id, at=0, by=1)


def test_a_request_that_comes_again_gets_its_answer(database: Database, filled: Filled) -> None:
    one, other = "1" * 64, "2" * 64
    with database.writing() as connection:
        assert claim_key("a", connection, "k", one) == "new"
        assert claim_key("a", connection, "k", one) == "pending"
        store_answer("a", connection, "k", 201, b"{}")
        assert claim_key("a", connection, "k", one) == StoredAnswer(201, b"{}")
        assert claim_key("a", connection, "k", other) == "other"
        assert not let_go_of_key("a", connection, "k")
        assert claim_key("a", connection, "l", one) == "new"
        assert let_go_of_key("a", connection, "l")
        assert claim_key("a", connection, "l", other, keep=timedelta(seconds=-1)) == "new"
        assert claim_key("a", connection, "l", one) == "new"  # that one's time was over
        assert forget_expired_keys(connection, now(connection) + timedelta(days=2)) == 3


def test_one_result_is_current(database: Database, filled: Filled) -> None:
    here = filled.project
    with database.writing() as connection:
        second = publish_result("a", connection, here, path="r/2", facts={"n": 2}, job=filled.job)
        other = publish_result("a", connection, here, path="t/1", facts={}, kind="training")
        assert (second.version, other.version) == (2, 1)
        assert current_result("a", connection, here) == second
        first = result_version("a", connection, here, 1)
        assert first is not None
        assert not first.current
        assert len(list_results("a", connection, here)) == 3
        assert delete_old_results("a", connection, here, FAR) == ("r/SECRET",)
        assert current_result("a", connection, here, "nothing") is None


def test_corrections_are_kept_in_order(database: Database, filled: Filled) -> None:
    here = filled.project
    with database.writing() as connection:
        for old, new in (({"p": 1}, None), (None, {"p": 2})):
            add_correction(
                "a", connection, here, comment="c2", opinion="o", who="kim", old=old, new=new
            )
        found = list_corrections("a", connection, here, comment="c2")
        assert [(one.old, one.new, one.who) for one in found] == [
            ({"p": 1}, None, "kim"),
            (None, {"p": 2}, "kim"),
        ]
        assert len(list_corrections("a", connection, here)) == 3
        assert list_corrections("a", connection, here, after=found[0].seq) == found[1:]
        with pytest.raises(ValueError, match="neither old nor new"):
            add_correction(
                "a", connection, here, comment="c", opinion="o", who="w", old=None, new=None
            )


def test_audit_samples_and_labels(database: Database, filled: Filled) -> None:
    here = filled.project
    with database.writing() as connection:
        assert add_sample("a", connection, here, {}, []).facts == {}
        drawn = [Drawn("z", "u1", 0.5), Drawn("c1", "u2", 0.125)]
        made = add_sample("a", connection, here, {"seed": 7}, drawn)
        assert sample("a", connection, here, made.id) == made
        assert len(list_samples("a", connection, here)) == 3
        labels = [("price", "negative"), ("staff", None)]

        def say(comment: str, who: str, seen: list[tuple[str, str | None]] | None) -> bool:
            return set_labels(
                "a",
                connection,
                here,
                made.id,
                comment,
                labeller=who,
                labels=seen,
                who="key",
                note="?",
            )

        assert say("c1", "kim", labels)
        assert not say("nowhere", "kim", [])
        assert drawn_of("a", connection, here, made.id) == tuple(drawn)
        (seen,) = labels_of("a", connection, here, made.id)
        assert (seen.comment, seen.labeller, seen.labels, seen.note) == ("c1", "kim", tuple(labels), "?")  # fmt: skip
        assert say("c1", "lee", [])
        assert say("c1", "kim", labels)  # once more: the same
        assert say("z", "lee", [("price", "positive")])
        assert labellers_of("a", connection, here, made.id) == (
            Labeller("kim", 1),
            Labeller("lee", 2),
        )
        found = labels_of("a", connection, here, made.id, labeller="lee")
        assert [one.labels for one in found] == [(), (("price", "positive"),)]
        assert say("c1", "kim", None)
        assert labellers_of("a", connection, here, made.id) == (Labeller("lee", 2),)
        assert delete_sample("a", connection, here, made.id)
        assert labels_of("a", connection, here, made.id) == ()
        assert not delete_sample("a", connection, here, made.id)


def test_models(database: Database, filled: Filled) -> None:
    here = filled.project
    with database.writing() as connection:
        stored = model("a", connection, here, filled.model)
        assert stored is not None
        assert not stored.stale
        assert list_models("a", connection, here) == (stored,)
        mark_stale("a", connection, here, ["elsewhere"])
        assert model("a", connection, here, filled.model) == stored
        mark_stale("a", connection, here, [stored.path])
        assert list_models("a", connection, here)[0].stale
        assert change_project("a", connection, here, model=stored.id).model == stored.id  # type: ignore[union-attr]
        assert delete_model("a", connection, here, stored.id)
        assert not delete_model("a", connection, here, stored.id)


def test_the_audit_log_goes_backwards(database: Database) -> None:
    with database.writing() as connection:
        for count in range(5):
            note_event("a", connection, "appended", who="key_1", project="p", count=count)
        newest = list_events("a", connection, limit=2)
        assert [one.count for one in newest] == [4, 3]
        older = list_events("a", connection, before=newest[-1].seq)
        assert [one.count for one in older] == [2, 1, 0]
        assert forget_events_before("a", connection, FAR) == 5


def test_deliveries_are_taken_once_and_tried_again(database: Database, filled: Filled) -> None:
    hook = replace(hook_of("a", "s"), id="whk_2", url="https://x.example", events=("job.failed",))
    new = delivery_of("a", filled.project, "s", id="dlv_2", webhook=hook.id, event="job.failed")
    with database.writing() as connection:
        add_webhook("a", connection, hook)
        assert webhook("a", connection, hook.id) == hook
        assert len(list_webhooks("a", connection)) == 2
        assert queue_deliveries("a", connection, [replace(new, webhook="whk_gone")]) == 0
        assert queue_deliveries("a", connection, [new]) == 1
        assert queue_deliveries("a", connection, [replace(new, body=b"other")]) == 0
        assert not is_due(connection, LONG_AGO - timedelta(1))
        assert is_due(connection, NOON)
        taken = take_deliveries(connection, NOON, for_=timedelta(hours=1))
        assert {one.id for one in taken} == {filled.delivery, "dlv_2"}
        assert {one.tenant for one in taken} == {"a"}
        assert not is_due(connection, NOON)
        assert take_deliveries(connection, NOON) == ()
    again = replace(
        new, attempts=1, status=500, problem="Answered 500.", began_at=NOON, due_at=NOON
    )
    with database.writing() as connection:
        assert record_delivery("a", connection, again)
        (found,) = take_deliveries(connection, NOON)
        assert (found.id, found.attempts, found.status, found.body) == ("dlv_2", 1, 500, new.body)
        assert list_deliveries("a", connection, hook.id) == (again,)
        assert record_delivery("a", connection, replace(again, state="delivered", body=b""))
        assert drop_deliveries("a", connection, filled.webhook, at=NOON, problem="off") == 1
        assert drop_deliveries("a", connection, filled.webhook, at=NOON, problem="off") == 0
        dropped = list_deliveries("a", connection, filled.webhook)[0]
        assert (dropped.state, dropped.body, dropped.problem) == ("dropped", b"", "off")
        assert delete_deliveries_before("a", connection, FAR) == 2
        off = replace(hook, disabled_at=NOON, disabled_reason="gone")
        assert change_webhook("a", connection, off)
        assert webhook("a", connection, hook.id) == off
        assert delete_webhook("a", connection, hook.id)
        assert webhook("a", connection, hook.id) is None
        assert not change_webhook("a", connection, off)


def test_a_sender_that_died_is_followed_by_another(database: Database, filled: Filled) -> None:
    with database.writing() as connection:
        assert len(take_deliveries(connection, NOON, for_=timedelta(hours=1))) == 1
        assert take_deliveries(connection, NOON) == ()
        assert len(take_deliveries(connection, NOON + timedelta(hours=1))) == 1


def test_an_adapter_is_found_by_its_id_alone(database: Database, filled: Filled) -> None:
    with database.writing() as connection:
        found = find_adapter(connection, filled.adapter)
        assert found == adapter("a", connection, filled.adapter) == adapter_of("a", "SECRET")
        assert list_adapters("a", connection) == (found,)
        assert set_adapter_secrets("a", connection, filled.adapter, ("new", "old"))
        assert adapter("a", connection, filled.adapter).secrets == ("new", "old")  # type: ignore[union-attr]
        assert delete_adapter("a", connection, filled.adapter)
        assert find_adapter(connection, filled.adapter) is None


def test_a_tenant_is_made_once(database: Database) -> None:
    with database.writing() as connection:
        first = ensure_tenant("a", connection, "Acme")
        assert ensure_tenant("a", connection, "other") == first
        with pytest.raises(ValueError, match="the tenant is"):
            ensure_tenant("../a", connection)
