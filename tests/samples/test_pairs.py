import csv
import json
import re
from pathlib import Path
from random import Random

import pytest

from forensics.checks.case import reference_differs
from samples import pairs
from samples.planting.archive import Stored
from samples.planting.lawful import FORMS
from samples.planting.lawful.form import Form

MAIL = """\
Received: from a.example by b.example with ESMTP id A{n}; Tue, 01 Mar 2016 10:00:10 +0100
From: Anna <anna{n}@a.example>
To: ben@b.example
Subject: roof {n}
Date: Tue, 01 Mar 2016 10:00:07 +0100
Message-ID: <{n}@a.example>

The roof is mended for 4200, see https://a.example/roof for more.
"""


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    folder = tmp_path / "clean"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.eml").write_text(MAIL.format(n=number))
    return folder


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "rates.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_pairs_are_counted_by_form_bin_and_route(
    clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [str(clean), str(tmp_path / "out"), "--pairs", "4", "--form", "mbox file", "--form", "sent copy"]
    assert pairs.main(line) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["all", "8", "8"]
    found = rows(tmp_path / "out")
    assert {(row["era"], row["route"], row["hits"], row["n"]) for row in found} == {
        ("from2010", "direct", "0", "4"),
        ("any", "exported", "0", "4"),
    }
    told = [("case.reference_differs", one.name) for one in reference_differs.RULE.bins]
    told += [("case.copy_claims", name) for name in ("sender", "recipients", "date")]
    assert {(row["rule"], row["bin"]) for row in found} == set(told)
    assert (tmp_path / "out" / "hits.jsonl").read_text() == ""
    assert pairs.main([*line[:1], str(tmp_path / "again"), *line[2:]]) == 0
    assert rows(tmp_path / "again") == found


def test_an_edit_is_a_hit_of_its_bin(clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def edited(stored: Stored, rng: Random) -> bytes | None:
        return stored.data.replace(b"4200", b"4700") if stored.path != "0.eml" else None

    monkeypatch.setattr(pairs, "FORMS", (*FORMS, Form("edit", "route", edited)))
    assert pairs.main([str(clean), str(tmp_path / "out"), "--form", "edit"]) == 0
    (hits,) = [row for row in rows(tmp_path / "out") if row["hits"] != "0"]
    assert (hits["bin"], hits["hits"], hits["n"], hits["series"], hits["series_n"]) == ("words", "5", "5", "5", "5")
    told = [json.loads(line) for line in (tmp_path / "out" / "hits.jsonl").read_text().splitlines()]
    assert told[0]["differences"] == [["words", "1", "4200,", "4700,"]]


def test_another_date_is_a_hit_of_both_rules(clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dated(stored: Stored, rng: Random) -> bytes | None:
        return re.sub(rb"(?m)^Date: .*$", b"Date: Tue, 5 Jan 2016 10:00:00 +0000", stored.data)

    monkeypatch.setattr(pairs, "FORMS", (*FORMS, Form("dated", "route", dated)))
    assert pairs.main([str(clean), str(tmp_path / "out"), "--form", "dated"]) == 0
    hits = [(row["rule"], row["bin"]) for row in rows(tmp_path / "out") if row["hits"] != "0"]
    assert sorted(hits) == [("case.copy_claims", "date"), ("case.reference_differs", "date")]


def test_a_folder_without_mail_is_refused(tmp_path: Path) -> None:
    assert pairs.main([str(tmp_path), str(tmp_path / "out")]) == 2
