"""One budget for all that a source file decodes to and holds, however it is nested."""

import io
import time
import zipfile
from base64 import encodebytes
from pathlib import Path

import pytest

from forensics import ScanOptions, check, items, scan
from forensics.model.items import Budget, Limits
from forensics.model.summary import ItemFacts

FEW = Limits(expansion=1_000_000, expansion_ratio=10)


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return whole.getvalue()


def zeros(number: int, size: int = 400_000) -> bytes:
    return bytes(size) + b"%d" % number


def bomb(inner: int = 4, members: int = 4) -> bytes:
    zips = [packed(*[(f"{n}.bin", zeros(i * members + n)) for n in range(members)]) for i in range(inner)]
    return packed(*[(f"{n}.zip", data) for n, data in enumerate(zips)])


def mail(attached: bytes) -> bytes:
    head = b"From: a@a.example\nSubject: x\nContent-Type: application/zip; name=a.zip\n"
    return head + b"Content-Transfer-Encoding: base64\n\n" + encodebytes(attached)


def placed(file: Path, limits: Limits = FEW) -> dict[str, ItemFacts]:
    return {place.text: facts for facts in check(file, limits=limits).items for place in facts.occurrences}


def codes(facts: ItemFacts) -> list[str]:
    return [notice.code for notice in facts.notices]


def test_a_budget_has_a_floor_and_grows_with_the_file() -> None:
    assert Budget(Limits(), 1_000).total == 300_000_000
    assert Budget(Limits(), 10_000_000_000).total == 1_000_000_000_000
    budget = Budget(Limits(expansion=10, expansion_ratio=1), 5)
    assert [budget.spend(6), budget.spend(5), budget.spend(1)] == [True, False, False]


@pytest.mark.parametrize("wrap", [lambda data: data, mail, lambda data: packed(("m.eml", mail(data)))])
def test_nested_archives_share_one_budget(tmp_path: Path, wrap: object) -> None:
    assert callable(wrap)
    file = tmp_path / "source.bin"
    file.write_bytes(wrap(bomb()))
    found = placed(file)
    decoded = [facts for facts in found.values() if facts.size == 400_001 and facts.ref.sha256]
    assert len(decoded) == 2
    left = [facts for text, facts in found.items() if text.endswith(".bin") and "zip.expansion_limit" in codes(facts)]
    assert left
    assert all(facts.status == "unread" for facts in left)
    assert "of its stated 400001 bytes are not decoded" in left[0].notices[0].text
    top = found["source.bin"]
    assert (top.status, "engine.expansion" in codes(top)) == ("partial", True)


def test_what_is_left_counts_against_no_other_file(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    inner = packed(*[(f"{n}.bin", zeros(n)) for n in range(2)])
    (source / "a.zip").write_bytes(packed(("fill.bin", zeros(9)), ("inner.zip", inner)))
    (source / "b.zip").write_bytes(inner)
    (source / "c.zip").write_bytes(packed(("x.zip", inner)))
    scan([source], tmp_path / "case", ScanOptions(limits=FEW, jobs=1))
    found = {line.location.text: line for line in items(tmp_path / "case")}
    assert found["a.zip > inner.zip"].status == "partial"
    assert not found["a.zip > inner.zip > 1.bin"].sha256
    assert (found["b.zip"].status, bool(found["b.zip > 1.bin"].sha256)) == ("parsed", True)
    assert (found["c.zip > x.zip"].status, bool(found["c.zip > x.zip > 1.bin"].sha256)) == ("parsed", True)


def test_an_archive_without_directory_spends_the_budget_too(tmp_path: Path) -> None:
    streamed = io.BytesIO()
    unseekable = type("Out", (), {"write": streamed.write, "flush": lambda _: None})()
    with zipfile.ZipFile(unseekable, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.bin", zeros(number))
    data = streamed.getvalue()
    (tmp_path / "cut.zip").write_bytes(data[: data.index(b"PK\1\2")])
    found = placed(tmp_path / "cut.zip")
    assert sum(bool(facts.ref.sha256) for text, facts in found.items() if " > " in text) <= 1
    assert found["cut.zip"].status == "partial"


def test_the_number_of_items_is_bounded_and_the_rest_is_counted(tmp_path: Path) -> None:
    data = b"Subject: x\n\ny\n"
    for _ in range(4):
        data = packed(*[(f"{number}", data) for number in range(8)])
    (tmp_path / "copies.zip").write_bytes(data)
    found = placed(tmp_path / "copies.zip", Limits(items=100, item_bytes=10_000_000))
    assert len(found) == 101
    top = found["copies.zip"]
    assert (top.status, codes(top)) == ("partial", ["engine.items"])
    assert 0 < top.notices[0].unread < top.size


def test_genuine_archives_stay_whole(tmp_path: Path) -> None:
    text = b"".join([b"line %d of a long and rather dull log\n" % number for number in range(60_000)])
    (tmp_path / "log.zip").write_bytes(
        packed(("in.zip", packed(("log.txt", text))), ("m.eml", mail(packed(("l", text)))))
    )
    assert {facts.status for facts in placed(tmp_path / "log.zip", Limits()).values()} <= {"parsed", "skipped"}


@pytest.mark.parametrize("name", ["z1_zip_copies", "z2_zip_no_global_budget", "z3_zipnest_16"])
def test_bombs_end_soon(shared: Path, name: str) -> None:
    started = time.monotonic()
    found = check(shared / "cases" / "attack" / f"{name}.zip")
    assert time.monotonic() - started < 60
    assert name == "z1_zip_copies" or any(facts.status == "partial" for facts in found.items)
