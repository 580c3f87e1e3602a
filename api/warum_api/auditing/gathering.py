"""The sheets of draws, put together for a correction, a plan, and what keeps their comments out of training."""

from __future__ import annotations

from pathlib import Path

from warum.audit.sheet import AuditSheet
from warum_api.auditing.drawing import missing
from warum_api.auditing.frames import frame_name
from warum_api.auditing.sheets import is_same, sheet_of, write_sheets
from warum_api.auditing.texts import Texts
from warum_api.results.shelf import Shelf
from warum_api.storing.audits import drawn_of, labellers_of, labels_of, list_samples, sample
from warum_api.storing.database import Database
from warum_api.storing.files import Files


class Sheets:
    """The sheets of tenants.

    Args:
        database: Where draws and labels are.
        files: Where what they were drawn from is.
        shelf: Has the texts.
    """

    def __init__(self, database: Database, files: Files, shelf: Shelf) -> None:
        self._database, self._files = database, files
        self._texts = Texts(shelf)

    def of(self, tenant: str, project_id: str, name: str) -> tuple[AuditSheet, ...]:
        """The sheets of a draw, one for each labeller; whoever began first and has labelled all leads.

        Where nobody has labelled yet, there is one without labels.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            found = sample(tenant, connection, project_id, name)
            drawn = drawn_of(tenant, connection, project_id, name)
            said = labels_of(tenant, connection, project_id, name)
            labellers = labellers_of(tenant, connection, project_id, name)
        if found is None:
            raise missing(name)
        ids = [one.comment for one in drawn]
        texts = dict(self._texts.of(tenant, project_id, ids))
        earlier = [one.comment for one in drawn if not is_same(one, texts.get(one.comment))]
        if earlier:  # the text that was drawn, where it is not the one of today
            texts |= self._texts.of(tenant, project_id, earlier, str(found.facts.get("result", "")))
        frame = frame_name(
            tenant, self._files, project_id, name, otherwise=str(found.facts.get("frame", ""))
        )
        by_person = [
            {one.comment: one for one in said if one.labeller == person.labeller}
            for person in sorted(labellers, key=lambda p: p.labelled < len(drawn))
        ]
        return tuple(sheet_of(found, drawn, mine, texts, frame) for mine in by_person or [{}])

    def write(self, tenant: str, project_id: str, name: str, folder: Path) -> Path:
        """Write the sheets of a draw as files; the path of the first.

        Raises:
            Problem: `not_found`.
        """
        return write_sheets(self.of(tenant, project_id, name), folder, name)

    def write_all(self, tenant: str, project_id: str, folder: Path) -> tuple[Path, ...]:
        """Write the sheets of all draws of a project; the paths of the first of each."""
        with self._database.reading() as connection:
            found = list_samples(tenant, connection, project_id)
        sheets = {one.id: self.of(tenant, project_id, one.id) for one in found}
        return tuple(
            write_sheets(some, folder, name) for name, some in sheets.items() if some[0].rows
        )
