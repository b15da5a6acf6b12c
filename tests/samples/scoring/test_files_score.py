"""Hand-made findings on a leak of files: ten files, of them two plants, one sham, two honest edits."""

import json
from pathlib import Path

import pytest

from forensics import scan
from forensics.model.findings import CauseState
from forensics.model.rules import Proposition, Role, State
from samples import plant, score
from samples.scoring import files, measures
from samples.scoring.result import Order, Score
from samples.scoring.told import told, told_clean
from samples.scoring.truth import Truth, read
from tests.samples.planting.files.conftest import clean_files
from tests.samples.scoring.test_scoring import finding

SUSPECT, EITHER, WITNESS = Role.SUSPECT, Role.EITHER, Role.WITNESS
EXPLAINED = (CauseState(cause="other_writer", state=State.EXPLAINS),)
FINDINGS = [
    finding("f1", "context", ("p1", SUSPECT), ("c1", WITNESS), rate=None, rule="document.kept_sum"),
    finding("f2", "moderate", ("p1", SUSPECT), rule="document.calc_chain"),
    finding("f3", "context", ("p2", SUSPECT), proposition=Proposition.LURE, rule="archive.type_disguise"),
    finding("f4", "context", ("s1", SUSPECT), rate=None, rule="document.package_writer"),
    finding("f5", "weak", ("h1", SUSPECT), rule="document.package_writer"),
    finding("f6", "context", ("h2", SUSPECT), benign=EXPLAINED, rule="document.package_writer"),
    finding("f7", "context", ("c2", SUSPECT), rate=None, rule="document.package_writer"),
]


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    rows = [
        ("E-17/0", "taint", "E-17", "D", "p1", "b1"),
        ("E-27/0", "taint", "E-27", "D", "p2", "p2"),
        ("sham E-01/0", "sham", "E-01", "", "s1", "b3"),
        ("honest H-01/0", "honest", "H-01", "", "h1", "b4"),
        ("honest H-02/0", "honest", "H-02", "", "h2", "b5"),
    ]
    names = ("key", "kind", "operation", "cls", "sha256", "before_sha256")
    labels = [{**dict(zip(names, row, strict=True)), "path": row[4], "items": []} for row in rows]
    head = {"scenario": "files", "seed": "1", "source": "office", "files": 10, "not_applicable": {"E-15": 1}}
    (tmp_path / "labels.json").write_text(json.dumps({**head, "labels": labels}))
    return read(tmp_path)


def test_honest_edits_count_as_clean_files(truth: Truth) -> None:
    assert truth.items == "files" and truth.mails == 10
    assert truth.clean == {"unplanted": 5, "sham": 1, "sham_insert": 0, "spam": 0, "honest": 2}
    assert truth.honest == {"h1": "H-01", "h2": "H-02"} and "h1" not in truth.sham_before


def test_rules_without_counts_and_lures_are_told_and_what_is_excused_is_not(truth: Truth) -> None:
    assert told(FINDINGS, truth) == {"p1", "p2", "s1", "h1", "c2"}
    seen = told(FINDINGS, truth)
    rows, _ = measures.recall(truth, measures.blamed(FINDINGS, truth), {}, seen=seen, seen_before=frozenset({"b1"}))
    found = {row.name: (row.plants, row.told, *row.found.values(), row.told_before, row.shams_told) for row in rows}
    assert found == {"E-01": (0, 0, 0, 0, 0, 0, 1), "E-17": (1, 1, 1, 1, 0, 1, 0), "E-27": (1, 1, 0, 0, 0, 0, 0)}
    plants = {one.key: one.told for one in measures.found_plants(truth, FINDINGS)}
    assert plants == {"E-17/0": ("document.kept_sum", "document.calc_chain"), "E-27/0": ("archive.type_disguise",)}


def test_false_items_of_each_honest_edit(truth: Truth) -> None:
    seen = told(FINDINGS, truth)
    rows = {
        row.kind: (row.mails, row.told, row.items["weak"])
        for row in measures.false_items(truth, measures.blamed(FINDINGS, truth), seen)
    }
    assert rows == {
        "all": (8, 3, 1),
        "unplanted": (5, 1, 0),
        "sham": (1, 1, 0),
        "honest": (2, 1, 1),
        "H-01": (1, 1, 1),
        "H-02": (1, 0, 0),
    }


def test_rules_that_tell_clean_items(truth: Truth) -> None:
    assert told_clean(FINDINGS, truth) == [("document.package_writer", "mismatch", 1, 1, 1)]


def test_the_page_names_operations_rules_and_honest_edits(truth: Truth) -> None:
    best, seen = measures.blamed(FINDINGS, truth), told(FINDINGS, truth)
    by_operation, by_class = measures.recall(truth, best, seen=seen)
    held = Score(
        scenario="files",
        source="office",
        seed="1",
        mails=10,
        lacking={"E-15": 1},
        by_operation=by_operation,
        by_class=by_class,
        false_items=measures.false_items(truth, best, seen),
        chances=[],
        order=Order(0, 0, 0.0, 0.0, {}),
        set_aside=[],
        worst=[],
        plants=measures.found_plants(truth, FINDINGS),
        items="files",
    )
    page = files.markdown(held)
    assert "10 files with 2 planted taints." in page and "Plants that no file suited: E-15 1." in page
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.split("\n") if line.startswith("|")]
    assert ["E-17", "a number changed that a sum adds up", *"11110--000"] in lines
    assert ["E-17", "document.kept_sum", "1"] in lines
    rows = lines[lines.index(["13", "E-17", *"11110"]) :]
    assert rows[1:4] == [["38", "E-27", *"11000"], ["all", "", *"22110"], ["class D", "", *"22110"]]
    assert any(line[:4] == ["H-01", "packed again by a gateway", "1", "1"] for line in lines)


@pytest.mark.usefixtures("in_process")
def test_planted_files_are_scanned_and_scored(tmp_path: Path) -> None:
    clean_files(tmp_path / "clean")
    assert plant.main([str(tmp_path / "clean"), str(tmp_path / "out"), "--scenario", "files", "--per-op", "1"]) == 0
    scan([tmp_path / "out" / "leak"], tmp_path / "case")
    found = score.score(tmp_path / "out", tmp_path / "case")
    assert found.items == "files" and found.mails == len(list((tmp_path / "out" / "leak").iterdir()))
    rules = {plant.operation: plant.told for plant in found.plants if plant.told}
    assert "document.kept_sum" in rules["E-17"] and "document.modified_before_created" in rules["E-10"]
