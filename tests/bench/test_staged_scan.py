from pathlib import Path

from tests.bench.staged_scan import staged

MAIL = b"Date: Wed, 1 Jun 2022 20:11:57 +0200\nFrom: Anna <anna@list.example>\nMessage-ID: <1@b.example>\n\nx\n"


def test_the_parts_of_a_scan_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.eml").write_bytes(MAIL)
    found = staged(tmp_path / "in", tmp_path / "case", 1)
    assert 0 < found.relations_s < found.case_s < found.cpu_s
    assert found.parent_s >= 0
    assert min(found.parent_bytes, found.worker_bytes) > 10_000_000
    assert found.case_bytes == sum(file.stat().st_size for file in (tmp_path / "case").rglob("*") if file.is_file())
