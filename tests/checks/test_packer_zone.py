"""Archives whose local and UTC times say in which zone they were packed, read from bytes."""

import calendar
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

Archive = Callable[[Iterable[tuple[str, bytes]]], Any]

TIMES = [(2017, 3, 6, 9, 12, 30), (2017, 3, 7, 14, 3, 18), (2017, 3, 9, 17, 44, 2), (2017, 3, 11, 8, 30, 56)]


def zipped(shift: int, *, utc: bool, tag: str = "") -> bytes:
    """A zip of four files whose local times are so many hours from their UTC times."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for number, time in enumerate(TIMES):
            at = calendar.timegm((*time, 0, 0, 0))
            wall = (time[0], time[1], time[2], time[3] + shift, time[4], time[5])
            info = zipfile.ZipInfo(f"{number}.txt", wall)
            if utc:
                info.extra = b"UT\x05\x00\x01" + at.to_bytes(4, "little")
            made.writestr(info, f"content {number} {tag}")
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as made:
        for number, time in enumerate(TIMES):
            data = f"content {number} ".encode()
            info = tarfile.TarInfo(f"{number}.txt")
            info.size, info.mtime = len(data), calendar.timegm((*time, 0, 0, 0))
            made.addfile(info, io.BytesIO(data))
    return file.getvalue()


def repeated(*, utc: bool, copies: int = 30) -> bytes:
    """Copies of one file, and four others: in a zip by local times two hours behind, or in a tar."""
    file, data = io.BytesIO(), [b"same"] * copies + [b"content %d" % number for number in range(4)]
    at = [calendar.timegm((2017, 3, 6, 9, number, 30, 0, 0, 0)) for number in range(len(data))]
    if utc:
        with tarfile.open(fileobj=file, mode="w") as made:
            for number, said in enumerate(data):
                info = tarfile.TarInfo(f"{number}.txt")
                info.size, info.mtime = len(said), at[number]
                made.addfile(info, io.BytesIO(said))
    else:
        with zipfile.ZipFile(file, "w") as made:
            for number, said in enumerate(data):
                made.writestr(zipfile.ZipInfo(f"{number}.txt", (2017, 3, 6, 7, number, 30)), said)
    return file.getvalue()


def test_what_stands_there_many_times_is_not_paired(archive: Archive) -> None:
    """Each copy could be any of the others, and all pairs of many are too many."""
    found = archive([("local.zip", repeated(utc=False)), ("copy.tar", repeated(utc=True))])
    assert told(found) == [("local.zip", "solved", "-02:00")]
    assert [one.aggregates[0].n for one in found.of("case.packer_zone")] == [4]


def told(found: Any) -> list[tuple[str, str, str]]:
    seen = found.of("case.packer_zone")
    return [(one.subjects[0].location.steps[0].name, one.bin, one.sentence.values["offset"]) for one in seen]


def test_local_times_against_the_same_files_in_another_archive(archive: Archive) -> None:
    found = archive([("local.zip", zipped(-5, utc=False)), ("copy.tar", tarred())])
    assert told(found) == [("local.zip", "solved", "-05:00")]


def test_files_that_no_other_archive_holds_solve_nothing(archive: Archive) -> None:
    assert told(archive([("local.zip", zipped(-5, utc=False, tag="x")), ("copy.tar", tarred())])) == []


def test_one_archive_of_another_zone(archive: Archive) -> None:
    files = [(f"{number}.zip", zipped(1 + number % 2, utc=True, tag=str(number))) for number in range(6)]
    assert told(archive([*files, ("odd.zip", zipped(-8, utc=True, tag="odd"))])) == [("odd.zip", "elsewhere", "-08:00")]
