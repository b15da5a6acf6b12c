"""Every byte of a source stands in one account: what was read, left out, surrounds, or is not there."""

import struct
import zipfile
from base64 import encodebytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.model.accounts import State
from forensics.model.items import Limits
from forensics.reader.accounting import account_of
from tests.parsers.mail import msg_files
from tests.reader.accounting.conftest import (
    HEAD,
    MAIL,
    TEXT,
    UNKNOWN,
    Source,
    assert_sums,
    attached,
    boxed,
    bytes_of,
    read,
    zipped,
)


def test_files_are_what_became_of_them(source: Source) -> None:
    for name, data in (("a.eml", MAIL), ("b.bin", UNKNOWN), ("c.txt", TEXT), ("d.eml", b"")):
        source.put(name, data)
    line = source.account()
    assert (line.sums.parsed, line.sums.unread, line.sums.skipped) == (len(MAIL), len(UNKNOWN), len(TEXT))
    assert line.files == 4 and not line.shared and not line.excess


def test_what_is_left_out_is_skipped_wherever_it_stands(source: Source) -> None:
    source.put("a.zip", zipped(("in.eml", MAIL), ("out.eml", MAIL * 3), method=zipfile.ZIP_STORED))
    source.put("out.eml", MAIL)
    line = source.account(exclude=("*out.eml",))
    assert line.sums.skipped == bytes_of(line, "intake.not_selected") == 4 * len(MAIL)


def test_links_are_skipped(source: Source) -> None:
    source.put("a.eml", MAIL)
    (source.folder / "link").symlink_to("a.eml")
    line = account_of("s", read(source.folder, source.folder.parent / "tmp"))
    assert_sums(line, len(MAIL) + len("a.eml"))
    assert line.sums.skipped == len("a.eml")


def test_stored_members_count_byte_by_byte(source: Source) -> None:
    whole = zipped(("a.eml", MAIL), ("b.bin", UNKNOWN), ("c.txt", TEXT), method=zipfile.ZIP_STORED)
    source.put("a.zip", whole)
    line = source.account()
    assert (line.sums.unread, line.sums.skipped) == (len(UNKNOWN), len(TEXT))
    assert line.sums.parsed == len(whole) - len(UNKNOWN) - len(TEXT)


def test_compressed_members_count_in_proportion(source: Source) -> None:
    source.put("a.zip", zipped(("mail.eml", attached(UNKNOWN))))
    line = source.account()
    (unread,) = [share for share in line.shares if share.state is State.UNREAD]
    (mail,) = [share for share in line.shares if share.media_type == "message/rfc822"]
    encoded = len(encodebytes(UNKNOWN))
    assert unread.size == -(-(unread.size + mail.size) * encoded // len(attached(UNKNOWN)))


def test_little_that_was_not_read_never_vanishes_in_what_is_stored_small(source: Source) -> None:
    source.put("a.zip", zipped(("outer.zip", zipped(("a.txt", b" " * 900_000), ("b.bin", b"\x93")))))
    line = source.account()
    assert line.sums.unread == 1 and line.sums.skipped > 1


def test_what_surrounds_an_archive_is_unread_or_padding(source: Source) -> None:
    source.put("a.zip", zipped(("a.eml", MAIL)) + bytes(30) + UNKNOWN)
    source.put("b.zip", zipped(("a.eml", MAIL)) + bytes(5000))
    line = source.account()
    assert (line.sums.padding, line.sums.partial) == (5030, len(UNKNOWN))
    assert bytes_of(line, "zip.gap") == len(UNKNOWN) and not line.excess


def test_blank_lines_of_mailboxes_and_documents_are_padding(source: Source) -> None:
    source.put("a.mbox", boxed(MAIL, MAIL + b">From x\n", MAIL))
    assert source.account().sums.padding == 3


def test_members_that_share_their_bytes_count_once(source: Source) -> None:
    whole = bytearray(zipped(("a.bin", UNKNOWN), ("b.eml", MAIL), method=zipfile.ZIP_STORED))
    second = whole.rindex(b"PK\x01\x02")
    whole[second + 42 : second + 46] = bytes(4)  # the second entry of the directory points to the first member
    whole[second + 20 : second + 28] = struct.pack("<II", len(UNKNOWN), len(UNKNOWN))
    source.put("a.zip", bytes(whole))
    line = source.account()
    assert line.shared == len(UNKNOWN) and line.sums.unread == len(UNKNOWN)


def test_messages_in_an_outlook_message_take_what_they_have_at_most(source: Source) -> None:
    inner = msg_files.message_tree({0x0037001F: "inside", 0x1000001F: "Words. " * 900}, inner=True)
    file = {0x37050003: 1, 0x3707001F: "a.txt", 0x37010102: TEXT}
    source.put("outside.msg", msg_files.msg({0x0037001F: "outside"}, (), [({0x37050003: 5}, inner), (file, None)]))
    line = source.account()
    assert line.sums.skipped == len(TEXT) and not line.sums.unread
    assert not line.shared and not line.excess


def test_an_encrypted_member_is_unread_as_it_is_stored(source: Source) -> None:
    whole = bytearray(zipped(("a.eml", MAIL), method=zipfile.ZIP_STORED))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + at] |= 1
    source.put("a.zip", bytes(whole))
    line = source.account()
    assert line.sums.unread == bytes_of(line, "zip.encrypted") == len(MAIL)


def test_a_cut_archive_lacks_what_is_not_there(source: Source) -> None:
    whole = zipped(("a.eml", MAIL), ("b.bin", bytes(range(256)) * 300))
    source.put("a.zip", whole[: len(whole) * 2 // 3])
    line = source.account()
    assert not line.excess and line.sums.parsed


def test_copies_of_a_content_count_where_they_stand(source: Source) -> None:
    inner = zipped(("a.zip", zipped(("b.bin", UNKNOWN), ("c.eml", MAIL))), ("d.bin", UNKNOWN)) + UNKNOWN[:7]
    source.put("a.zip", inner)
    once = source.account()
    source.put("b.zip", inner)
    twice = source.account()
    assert [getattr(twice.sums, state) for state in State] == [2 * getattr(once.sums, state) for state in State]


LEAVES = st.sampled_from([MAIL, UNKNOWN, TEXT, b"", b"x", b"\xff\xd8\xff\xd9\0\0", HEAD, b"%PDF-1.4\n%%EOF\n\n"])


def inside(children: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    several = st.lists(children, min_size=1, max_size=3)
    methods = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    archives = st.builds(
        lambda held, method, end: zipped(*[(f"{n}.bin", one) for n, one in enumerate(held)], method=method) + end,
        several,
        methods,
        st.sampled_from([b"", b"\0\0\0", UNKNOWN]),
    )
    return archives | st.builds(attached, children) | st.builds(lambda held: boxed(*held), several)


TREES = st.recursive(LEAVES, inside, max_leaves=8)


@settings(deadline=None, max_examples=60)
@given(st.lists(TREES, min_size=1, max_size=3))
def test_whatever_stands_in_a_source_adds_up(tmp_path_factory: pytest.TempPathFactory, files: list[bytes]) -> None:
    source = Source(tmp_path_factory.mktemp("whole"))
    for n, data in enumerate(files):
        source.put(f"{n}.bin", data)
    line = source.account()
    assert (line.shared, line.excess, line.unrecorded) == (0, 0, 0)


@settings(deadline=None, max_examples=60)
@given(TREES, st.data())
def test_whatever_is_broken_in_a_source_adds_up(
    tmp_path_factory: pytest.TempPathFactory, tree: bytes, data: st.DataObject
) -> None:
    source = Source(tmp_path_factory.mktemp("broken"))
    broken = bytearray(tree[: data.draw(st.integers(0, len(tree)))] if data.draw(st.booleans()) else tree)
    for _ in range(data.draw(st.integers(0, 6)) if broken else 0):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    source.put("a.bin", bytes(broken))
    source.account(limits=Limits(expansion=100_000, items=12, item_bytes=10**6, depth=4))
