"""Real RAR archives: what passwords open, and the rest against a second reader."""

import zlib
from pathlib import Path

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.locations import unquote
from forensics.parsers import decoders
from forensics.replay.decoders import closed
from tests.parsers.archive.rars import read
from tests.parsers.archive.replays import bytes_of


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("rar3-comment-hpsw.rar", b"password"),
        ("rar5-hpsw.rar", b"password"),
        ("rar5-psw.rar", b"password"),
        ("rar5-psw-blake.rar", b"password"),
        ("rar202-comment-psw.rar", b"password"),
    ],
)
def test_passwords_open_real_archives(name: str, password: bytes, corpora: Path) -> None:
    data = next((corpora / "archive").rglob(name)).read_bytes()
    _, children, notices = read(data, passwords=(b"wrong", password))
    assert len(children) == 2 and all(child.content is not None for child in children)
    assert "rar.encrypted" not in [notice.code for notice in notices]
    steps = [step for child in children for step in (*child.outer, child.step) if step.decoder != "copy/1"]
    for given, shut in (((), True), ((b"wrong",), True), ((b"wrong", password), False)):
        found = {closed(decoders(), one.decoder, MemoryBytes(data), one.start, one.end, given) for one in steps}
        assert found <= {shut}
    facts, children, notices = read(data, passwords=(b"wrong",))
    lost = [*notices, *[notice for child in children for notice in child.notices]]
    if any(member.size for member in facts.members) or not facts.members:
        assert {notice.code for notice in lost} == {"rar.encrypted"} and sum(notice.unread for notice in lost)


def test_real_archives_agree_with_a_second_reader(corpora: Path) -> None:
    library = pytest.importorskip("unrar.cffi")
    compared = 0
    for path in sorted((corpora / "archive").rglob("*.rar")):
        facts, children, _ = read(path.read_bytes())
        try:
            listed = library.RarFile(str(path)).infolist()
        except library.RarFileError:
            continue
        by_name = {unquote(member.name).decode("utf-8", "replace"): member for member in facts.members}
        contents = {child.step.index: bytes_of(child) for child in children}
        for info in listed:
            member = by_name.get(info.filename.partition(";")[0] if ";" in info.filename else info.filename)
            if member is None or ";" in info.filename:
                continue  # the library does not keep names in other charsets, and numbers versions in names
            assert (info.file_size, info.compress_size) == (member.size, member.stored_size)
            if member.crc32:
                assert member.crc32 == info.CRC
            content = contents.get(member.index)
            if content is not None and member.crc32:
                assert zlib.crc32(content) == info.CRC
                compared += 1
    assert compared > 50
