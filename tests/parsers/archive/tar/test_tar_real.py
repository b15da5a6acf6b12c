"""Real tar archives, against the standard library's reader; where the two differ, the reason stands here."""

import tarfile
from pathlib import Path
from typing import Any

import pytest

from forensics.model.facts import Description
from forensics.model.locations import unquote

Tars = Any
"""Of the fixture of that name: it reads archives."""
DIFFERENT = {
    "winXP_antgnu.tar": "members stand behind the end, in what a buffer held: the library stops there",
    "test-times-oldgnu-incremental.tar": "the library takes GNU's times for a prefix of the name",
    "COMPRESS-529-fail.tar": "the library takes the stated size of a member of which nothing is there",
}


def listed(path: Path) -> list[tuple[bytes, int, float, bytes | None]]:
    """What the library finds before it stops."""
    found = []
    try:
        with tarfile.open(path, "r:") as archive:
            while (one := archive.next()) is not None:
                file = archive.extractfile(one) if one.isreg() else None
                name = one.name.encode("utf-8", "surrogateescape").rstrip(b"/")
                found.append((name, one.size, one.mtime, file.read() if file else None))
    except tarfile.TarError:
        return found
    return found


def test_real_archives_replay_and_agree_with_the_standard_library(tars: Tars, corpora: Path) -> None:
    paths = sorted((corpora / "archive").rglob("*.tar"))
    if not paths:
        pytest.skip("no archives at hand")
    for path in paths:
        found = tars.read(path.read_bytes())
        contents = {child.step.index: content for child, content in zip(found.children, found.contents, strict=True)}
        ours = []
        for member in found.facts.members:
            times = [stamp.instant for stamp in member.times if stamp.description is Description.MODIFICATION]
            ours.append((unquote(member.name).rstrip(b"/"), member.size, times[0], contents.get(member.index)))
        theirs = listed(path)
        if path.name in DIFFERENT:
            assert [one[0] for one in ours] != [one[0] for one in theirs] or found.children[0].notices, path
            continue
        assert [one[0] for one in ours] == [one[0] for one in theirs], path
        for mine, their in zip(ours, theirs, strict=True):
            assert mine[3] == their[3] and (their[3] is None or mine[1] == their[1]), (path, mine[0])
            # Of a blank field the library makes a zero.
            assert abs((mine[2] if isinstance(mine[2], int) else 0) / 1e7 - their[2]) < 1e-5, (path, mine[0])
