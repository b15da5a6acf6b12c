"""Labels are kept of all that findings and the ranking name, and are what would be made of the mails."""

import pytest

import forensics
from forensics._demo import Demo
from forensics.casestore import CaseFolder, Queries
from forensics.model.codec import decode, encode_text
from forensics.model.labels import ItemLabel
from forensics.model.rows.labels import LabelRow
from forensics.stages import label as label_stage
from forensics.stages.labelling import make_labels, places_of
from forensics.stages.stage import Settings, Tables


def test_what_is_named_has_the_label_that_its_mail_gives(made: Demo) -> None:
    with forensics.open_case(made.scan.case) as case:
        named = {item.location for line in case.rank() for item in line.items}
        named |= {finding.item.location for finding in case.findings()}
    with Queries(CaseFolder.open(made.scan.case)) as queries:
        rows = list(queries.rows("SELECT * FROM labels ORDER BY location", {}, LabelRow))
        locations = {encode_text(place): place for place in named}
        made_now = make_labels(queries.rows, locations, places_of(queries.rows, locations))
    assert {row.location: decode(row.label.encode(), ItemLabel) for row in rows} == made_now
    assert len(rows) == len(named) > 100
    label = next(label for label in made_now.values() if label.subject == "livraison de nuit" and not label.of_mail)
    assert label.sender == "Perrine Oustalet-Vire <perrine.oustalet@postelibre.example>"
    assert (label.date, label.recipient_count) == ("2016-10-07T14:15:43+02:00", 2)


def test_places_are_labelled_some_at_a_time(made: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_stage, "LOT", 7)
    written: list[object] = []
    with Queries(CaseFolder.open(made.scan.case)) as queries:
        label_stage.run(Tables(queries.rows), Settings(), lambda table, row: written.append(row))
        rows = list(queries.rows("SELECT * FROM labels", {}, LabelRow))
    assert written == rows == sorted(rows, key=lambda row: row.location)
