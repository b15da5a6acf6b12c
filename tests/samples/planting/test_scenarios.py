import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from samples import plant
from samples.planting.archive import Archive, read
from samples.planting.converter import converted
from samples.planting.hand import Entry
from samples.planting.mail import Mail
from samples.planting.scenarios import REPEATED, SCENARIOS, mixed
from tests.samples.planting.conftest import clean_folder


def built(folder: Path, out: Path, *more: str) -> dict:  # type: ignore[type-arg]
    assert plant.main([str(folder), str(out), "--seed", "3", "--per-op", "1", *more]) == 0
    return json.loads((out / "labels.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_labels_are_true_of_the_files(folder: Path, tmp_path: Path) -> None:
    held = built(folder, tmp_path / "one")
    files = {path.name: path.read_bytes() for path in (tmp_path / "one" / "leak").iterdir()}
    assert held["mails"] == len(files)
    for label in held["labels"]:
        if label["path"]:
            assert hashlib.sha256(files[label["path"]]).hexdigest() == label["sha256"]
        if label["donor"]:
            assert hashlib.sha256(files[label["donor"]]).hexdigest() == label["donor_sha256"]
    clean = {path.read_bytes() for path in folder.iterdir()}
    labelled = {label["path"] for label in held["labels"]}
    assert all(data in clean for name, data in files.items() if name not in labelled)
    assert not any(files[one["path"]] in clean for one in held["labels"] if one["kind"] == "taint" and one["path"])
    assert len({path.stat().st_mtime for path in (tmp_path / "one" / "leak").iterdir()}) == 1


def test_same_seed_same_bytes(folder: Path, tmp_path: Path) -> None:
    built(folder, tmp_path / "one")
    built(folder, tmp_path / "two")
    for path in sorted((tmp_path / "one").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_every_edit_has_a_sham_beside_it_while_mails_last(archive: Archive) -> None:
    leak = SCENARIOS["ops"](archive, Random(1), 1)
    taints = [entry for entry in leak.entries if entry.kind == "taint"]
    shams = {entry.operation for entry in leak.entries if entry.kind == "sham"}
    assert shams and shams <= {entry.operation for entry in taints if entry.origin}
    assert sum(entry.kind == "sham_insert" for entry in leak.entries) == 3
    assert len({entry.origin for entry in leak.entries if entry.origin}) == sum(bool(e.origin) for e in leak.entries)


def test_low_and_high_prevalence(archive: Archive) -> None:
    low = [entry for entry in SCENARIOS["low"](archive, Random(4), 1).entries if entry.kind]
    assert len({entry.key for entry in low}) == 3 and {entry.cls for entry in low} == {"D"}
    high = [entry for entry in SCENARIOS["high"](archive, Random(4), 1).entries if entry.kind]
    assert {entry.operation for entry in high} <= {"O-01", "O-02", "O-15"} and len(high) >= 3
    assert all(b"X-Export-Tool" in entry.data for entry in high)


def test_a_conversion_taints_nothing_and_keeps_values(archive: Archive) -> None:
    leak = SCENARIOS["conversion"](archive, Random(1), 1)
    assert not any(entry.kind for entry in leak.entries)
    for stored, entry in zip(archive.mails, leak.entries, strict=True):
        old, new = Mail.parse(stored.data), Mail.parse(entry.data)
        assert entry.data != stored.data
        for field in ("Date", "From", "Subject", "Message-ID"):
            assert "".join(new.value(field).split()) == "".join(old.value(field).split())
        assert [new.text(part).split() for part in new.parts()] == [old.text(part).split() for part in old.parts()]
        assert entry.data == converted(stored.data, Random(1)) or "multipart" in old.value("Content-Type")


def test_mixed_is_one_tenth_spam_that_counts_as_clean(archive: Archive) -> None:
    leak = mixed(archive, Random(1), 1, archive.mails)
    spam = [entry for entry in leak.entries if entry.kind == "spam"]
    assert len(spam) == pytest.approx(len(leak.entries) / 10, abs=1)


def test_an_mbox_is_read_too(folder: Path, tmp_path: Path) -> None:
    box = tmp_path / "all.mbox"
    data = [path.read_bytes() for path in sorted(folder.iterdir())]
    box.write_bytes(b"".join([b"From a@b.example Mon Mar  7 10:00:00 2016\n" + one + b"\n" for one in data]))
    assert [mail.data for mail in read(box).mails] == data
    held = built(box, tmp_path / "out", "--scenario", "conversion")
    assert held["mails"] == len(data) and held["labels"] == []


def test_nothing_to_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plant.main([str(tmp_path), str(tmp_path / "out")]) == 2
    assert "no mail" in capsys.readouterr().err


def test_keys_that_stand_for_dns_are_those_of_what_was_signed_anew(folder: Path, tmp_path: Path) -> None:
    held = built(folder, tmp_path / "out")
    head, *rows = (tmp_path / "out" / "keys.tsv").read_text().splitlines()
    assert head.split("\t") == ["domain", "selector", "p"]
    selectors = {row.split("\t")[1] for row in rows}
    signed = {"O-08", "S-01", "S-02", "S-03", "S-04"}
    for label in [one for one in held["labels"] if one["operation"].startswith(("O-08", "S-"))]:
        data = (tmp_path / "out" / "leak" / label["path"]).read_text(encoding="latin-1")
        assert any(f"s={selector};" in data for selector in selectors) is (label["operation"] in signed), label["key"]
    assert rows and {one["operation"] for one in held["labels"] if one["kind"] == "sham"} >= signed


def number(entry: Entry) -> bytes:
    found = re.search(rb"with all attachments \((\d{4})\)", entry.data)
    return found[1] if found else b""


def test_the_same_text_in_ten_mails_of_one_list(tmp_path: Path) -> None:
    leak = SCENARIOS["repeated"](read(clean_folder(tmp_path / "mails", 240)), Random(2), 1)
    assert leak.lacking == {}
    labelled = [entry for entry in leak.entries if entry.kind == "taint"]
    assert Counter([entry.operation for entry in labelled]) == {
        **dict.fromkeys(REPEATED, 1),
        **{f"{name} repeated": 10 for name in REPEATED},
    }
    disclaimers = [entry for entry in labelled if entry.operation == "O-10 repeated"]
    numbers = {number(entry) for entry in disclaimers}
    assert len(disclaimers) == len({entry.key for entry in disclaimers}) == 10 and len(numbers) == 1
    assert number(next(entry for entry in labelled if entry.operation == "O-10")) not in numbers
    for entry in [entry for entry in labelled if entry.operation == "O-23 repeated"]:
        before, _, after = entry.changed.partition(" -> ")
        assert "eve@stone.example" in before and "eve@stone.example" not in after
    pages = [entry for entry in labelled if entry.operation == "O-28 repeated"]
    assert len({entry.items for entry in pages}) == 1
    assert len({re.search(rb"------------[0-9A-F]{24}", entry.data)[0] for entry in pages}) == len(pages)  # type: ignore[index]
