from pathlib import Path

from forensics.casestore.spool import IN_MEMORY_BYTES, Spool


def test_texts_are_read_again_in_any_order(tmp_path: Path) -> None:
    texts = [b"one", b"", b"x" * IN_MEMORY_BYTES, b"four"]
    with Spool(tmp_path, texts) as spool:
        assert [spool[number] for number in (4, 3, 2, 1, 4)] == [b"four", texts[2], b"", b"one", b"four"]
        assert list(tmp_path.iterdir()) == []  # the file has no name, so nothing is left of it
