"""``report``: where the page may be written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import forensics
from forensics.errors import UsageError

Run = Callable[..., Any]


def test_report_never_replaces_anything_else(run: Run, demo: Path, tmp_path: Path) -> None:
    case, leak = demo / "case", demo / "leak.zip"
    before = leak.read_bytes()
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    for target in (leak, case / "custody.jsonl", case / "case.json", case / "other.html", mine, tmp_path):
        with pytest.raises(UsageError):
            forensics.write_report(case, target)
    assert leak.read_bytes() == before and mine.read_text() == "mine"
    page = forensics.write_report(case, tmp_path / "page.html")
    assert forensics.write_report(case, page) == page, "an earlier report may be replaced"
    (tmp_path / "link").symlink_to(case)
    assert run("report", tmp_path / "link").returncode == 0
    assert run("report", case / ".." / "case").returncode == 0
    assert run("verify", case).returncode == 0


def test_report_does_not_write_into_a_source_folder(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text("a")
    forensics.scan([source], tmp_path / "case")
    with pytest.raises(UsageError, match=r"lies inside .* nothing is written into a case or a source"):
        forensics.write_report(tmp_path / "case", source / "report.html")


def test_the_report_quotes_how_mails_begin_where_the_source_is_at_hand(demo: Path, tmp_path: Path) -> None:
    there = forensics.write_report(demo / "case", tmp_path / "there.html", sources=[str(demo / "leak.zip")])
    assert '<p class="words">' in there.read_text(encoding="utf-8")
    (tmp_path / "empty").mkdir()
    gone = forensics.write_report(demo / "case", tmp_path / "gone.html", sources=[str(tmp_path / "empty")])
    assert '<p class="words">' not in gone.read_text(encoding="utf-8")
    assert gone.read_text(encoding="utf-8").count('<article class="block"') == 10


def test_an_edition_for_the_public_names_no_place_of_the_leak(demo: Path, tmp_path: Path, run: Run) -> None:
    assert run("report", demo / "case", "--audience", "public", "--output", tmp_path / "public.html").returncode == 0
    text = (tmp_path / "public.html").read_text(encoding="utf-8")
    assert "Edition for the public." in text
    for place in ("valcourbe.mbox", "marcheroux/", "messagerie"):
        assert place not in text
    with pytest.raises(UsageError, match="audience"):
        forensics.write_report(demo / "case", tmp_path / "other.html", audience="press")
