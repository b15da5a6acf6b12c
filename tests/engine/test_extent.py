"""Conclusions of cases that are stopped, empty, or wholly unread."""

import csv
import io
import json
from pathlib import Path

import pytest

from forensics import ScanOptions, check, findings, items, rank, reached, scan, timeline, write_report
from forensics.errors import Interrupted, NotJudged
from forensics.model.scanning import Progress
from forensics.report import csv_lines, jsonl

pytestmark = pytest.mark.usefixtures("in_process")

MAIL = b"From: A <a@a.example>\nSubject: number %d\nDate: Mon, 4 Jan 2016 10:00:00 +0000\n\nText %d.\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.eml").write_bytes(MAIL % (number, number))
    return folder


def stop(progress: Progress) -> None:
    if progress.planned:
        raise KeyboardInterrupt


def test_a_stopped_scan_gives_no_verdict(source: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    with pytest.raises(Interrupted):
        scan([source], case, progress=stop)
    assert not reached(case).settled
    for ask in (rank, findings):
        with pytest.raises(NotJudged, match="3 files"):
            list(ask(case))
        assert list(ask(case, partial=True)) == []
    with pytest.raises(NotJudged):
        write_report(case)
    assert "Unfinished: " in write_report(case, partial=True).read_text(encoding="utf-8")
    finished = scan([source], case)
    assert finished.extent.reached.settled
    assert list(findings(case)) == []
    assert "Unfinished: " not in write_report(case).read_text(encoding="utf-8")


def test_each_line_of_an_unfinished_case_says_so(source: Path, tmp_path: Path) -> None:
    scan([source], tmp_path / "case")
    for lines, as_jsonl, as_csv in (
        (list(items(tmp_path / "case")), jsonl.items, csv_lines.items),
        (list(timeline(tmp_path / "case")), jsonl.timeline, csv_lines.timeline),
    ):
        assert lines
        assert all(json.loads(line)["partial"] is True for line in as_jsonl(lines, True))
        assert not any("partial" in json.loads(line) for line in as_jsonl(lines))
        (head, *rows) = csv.reader(io.StringIO("".join(as_csv(lines, True))))
        assert head[-1] == "partial"
        assert {row[-1] for row in rows} == {"true"}
        assert "partial" not in "".join(as_csv(lines)).partition("\n")[0]


def test_the_extent_counts_losses_and_what_holds_nothing(source: Path, tmp_path: Path) -> None:
    (source / "note.txt").write_bytes(b"a note\n")
    (source / "kept.sqlite").write_bytes(b"SQLite format 3\0" + bytes(99))
    (source / "link").symlink_to("0.eml")
    extent = scan([source], tmp_path / "case").extent
    assert (extent.items, extent.lost, extent.apart, extent.read) == (6, 1, 2, 3)
    assert extent.judged >= 3
    assert [(row.reason, row.remedy) for row in extent.unread if row.lost] == [("engine.no_parser", "database")]


def test_nothing_selected_is_nothing_read(source: Path, tmp_path: Path) -> None:
    extent = scan([source], tmp_path / "case", ScanOptions(only=("*.pdf",))).extent
    assert (extent.items, extent.read, extent.lost, extent.judged) == (3, 0, 0, 0)


def test_what_needs_an_archive_is_not_said_to_have_judged_one_mail(source: Path) -> None:
    checked = check(source / "0.eml")
    named = {rule for facts in checked.items for rule in (*facts.power, *facts.no_power)}
    assert "mail.date_weekday" in named
    assert not [rule for rule in named if rule.startswith("case.")]
    assert "case.message_id_reuse" in checked.not_asked
