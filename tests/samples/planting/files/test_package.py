import io
import zipfile
from datetime import datetime, timedelta

import pytest

from samples.planting.files.folder import Folder
from samples.planting.files.package import Marks, Member, Package, appended_by_zipfile, by_zipfile
from samples.planting.mime import Unfit

AT = datetime(2019, 5, 7, 9, 30, 12)  # noqa: DTZ001


@pytest.fixture
def data(files: Folder) -> bytes:
    return next(file.data for file in files.files if file.kind == "word")


def test_what_is_read_is_written_as_it_was(data: bytes) -> None:
    assert Package.read(data).encode() == data
    commented = data[:-2] + (3).to_bytes(2, "little") + b"abc"
    assert Package.read(commented).encode() == commented


@pytest.mark.parametrize("marks", Marks)
def test_one_member_is_exchanged_and_every_other_byte_of_a_member_stays(data: bytes, marks: Marks) -> None:
    old, content = Package.read(data), b"<other/>" * 50
    new = Package.read(old.holding("word/settings.xml", content, marks, AT).encode())
    assert [one.name for one in new.members] == [one.name for one in old.members]
    for before, after in zip(old.members, new.members, strict=True):
        if before.name == "word/settings.xml":
            assert after.content == content
        else:
            # The offset of its header is the one field that may change.
            assert (after.local, after.stored) == (before.local, before.stored)
            assert (after.central[:42], after.central[46:]) == (before.central[:42], before.central[46:])
    with zipfile.ZipFile(io.BytesIO(new.encode())) as file:
        assert file.testzip() is None
        info = file.getinfo("word/settings.xml")
    if marks is Marks.UNIX:
        assert (info.create_system, info.create_version, info.date_time) == (3, 30, (2019, 5, 7, 9, 30, 12))
        assert info.extra[:2] == b"UT"
    else:
        assert (info.create_system, info.create_version, info.date_time) == (0, 45, (1980, 1, 1, 0, 0, 0))


@pytest.mark.parametrize("marks", Marks)
def test_a_member_is_added_at_the_end(data: bytes, marks: Marks) -> None:
    new = Package.read(data).added("word/media/new.png", b"picture", marks, AT).encode()
    with zipfile.ZipFile(io.BytesIO(new)) as file:
        assert file.testzip() is None and file.namelist()[-1] == "word/media/new.png"
        assert file.getinfo("word/media/new.png").create_system == (3 if marks is Marks.UNIX else 0)


def test_times_move_in_both_headers_and_nowhere_else(data: bytes) -> None:
    old = Package(()).added("a.txt", b"a", Marks.UNIX, AT).added("b.txt", b"b", Marks.UNIX, AT)
    new = Package.read(old.dated(lambda at: at - timedelta(hours=7)).encode())
    for before, after in zip(old.members, new.members, strict=True):
        assert after.central[12:16] == after.local[10:14] != before.local[10:14]
        assert after.local[14:] == before.local[14:] and after.content == before.content
    with zipfile.ZipFile(io.BytesIO(new.encode())) as file:
        assert file.getinfo("a.txt").date_time == (2019, 5, 7, 2, 30, 12)


def test_zipfile_writes_what_it_is_given(data: bytes) -> None:
    contents = [(member.name, member.content) for member in Package.read(data).members]
    written = Package.read(by_zipfile(contents, AT))
    assert [(member.name, member.content) for member in written.members] == contents
    longer = Package.read(appended_by_zipfile(data, "x.bin", b"x", AT))
    assert longer.content("x.bin") == b"x" and len(longer.members) == len(contents) + 1


def test_what_is_no_whole_package_is_refused(data: bytes) -> None:
    broken: list[bytes] = [b"", b"PK\5\6", data[: len(data) // 2], b"x" + data, data.replace(b"PK\3\4", b"PK\0\0", 1)]
    for one in broken:
        with pytest.raises(Unfit):
            Package.read(one)


def test_a_damaged_member_is_refused(data: bytes) -> None:
    member = Package.read(data).members[0]
    with pytest.raises(Unfit):
        _ = Member(member.central, member.local, bytes(len(member.stored))).content
