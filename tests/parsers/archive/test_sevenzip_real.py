"""Real 7z archives, against a second reader."""

import io
from pathlib import Path

import py7zr
from py7zr.io import BytesIOFactory

from forensics.model.locations import unquote
from tests.parsers.archive.replays import bytes_of
from tests.parsers.archive.sevenzips import read


def test_real_archives_agree_with_a_second_reader(corpora: Path) -> None:
    compared = 0
    for path in sorted((corpora / "archive").rglob("*.7z")):
        data = path.read_bytes()
        facts, children, _ = read(data)
        try:
            with py7zr.SevenZipFile(io.BytesIO(data)) as other:
                listed = other.list()
                factory = BytesIOFactory(1 << 28)
                other.reset()
                other.extract(path="/x", factory=factory)
        except (py7zr.exceptions.ArchiveError, py7zr.exceptions.PasswordRequired):
            continue
        assert [unquote(member.name).decode() for member in facts.members] == [one.filename for one in listed]
        contents = {facts.members[child.step.index or 0].name: bytes_of(child) for child in children if child.outer}
        for name, content in contents.items():
            product = factory.products[f"/x/{unquote(name).decode()}"]
            product.seek(0)
            assert product.read() == content
            compared += 1
    assert compared > 60
