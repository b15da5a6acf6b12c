"""A mail larger than memory says what it says when it is held, and its large parts are items like all others."""

import base64
import binascii
import hashlib
import quopri
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

import msgspec
import pytest

from forensics.engine.reading.sinks import Spool
from forensics.intake.files import FileBytes
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers import Yielded
from forensics.parsers.mail import outline, rfc5322
from forensics.parsers.mail.outline import Outline

Replay = Callable[[bytes, ChildItem], bytes]
SMALL = Limits(memory_bytes=100_000)
SMALL_PART = b"--bb\n\n" + b"a short text\n" * 150
NOISE = Random(7).randbytes(200_000)
LINES = b"".join([b"line %d of a long file \xe4\r\n" % number for number in range(8_000)])
HEAD = (
    b"Received: from a.example by b.example with SMTP id 1;\n\tTue, 1 Jul 2003 10:52:40 +0200\n"
    b"Date: Tue, 1 Jul 2003 10:52:37 +0200\nFrom: Ann <ann@example.org>\nMessage-ID: <1@a.example>\n"
    b"Subject: files\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bb\n\n"
)
TEXT = b"--bb\nContent-Type: text/plain\n\nSee http://a.example/x\n"
LAST = (
    b"--bb\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>bye=21</p>\n"
    b'--bb\nContent-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\n'
    b'Content-Disposition: attachment; creation-date="Mon, 30 Jun 2003 09:00:00 +0200"\n\nQUJD\n--bb--\nend\n'
)


def part(kind: bytes, encoding: bytes, body: bytes) -> bytes:
    return b"--bb\nContent-Type: %s; name=f\nContent-Transfer-Encoding: %s\n\n%s\n" % (kind, encoding, body)


def parse(raw: bytes, limits: Limits = SMALL) -> list[Yielded]:
    def spool(chunks: Iterable[bytes]) -> ByteSource:
        return MemoryBytes(b"".join(chunks))

    return list(rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext(limits=limits, spool=spool)))


def bytes_of(child: ChildItem) -> bytes:
    content = child.content
    assert content is not None
    return content if isinstance(content, bytes) else content.read(0, content.size)


INNER = HEAD + TEXT + part(b"application/zip", b"base64", base64.encodebytes(NOISE)) + LAST
BODIES: Sequence[tuple[bytes, bytes, bytes]] = (
    (b"application/zip", b"base64", base64.encodebytes(NOISE)),
    (b"application/zip", b"base64", base64.encodebytes(NOISE)[:-3]),
    (b"application/zip", b"base64", base64.encodebytes(NOISE)[:90_000] + b"!?" + base64.encodebytes(NOISE)[90_000:]),
    (b"application/zip", b"base64", base64.encodebytes(NOISE) + b"-\nlist footer\n"),
    (b"application/zip", b"base64", base64.encodebytes(NOISE[:1]) + base64.encodebytes(NOISE)),
    (b"text/csv", b"base64", base64.encodebytes(LINES)),
    (b"text/csv", b"quoted-printable", quopri.encodestring(LINES)),
    (b"text/csv", b"quoted-printable", quopri.encodestring(LINES) + b"=zz"),
    (b"application/octet-stream", b"binary", NOISE),
    (b"application/octet-stream", b"binary", NOISE[:150_000] + bytes(50_000)),
    (b"application/octet-stream", b"binary", NOISE[:150_000] + b"-" * 6_000),
    (b"application/octet-stream", b"8bit", LINES.replace(b"\r\n", b"\n--b\n", 4_000)),
    (b"message/rfc822", b"7bit", INNER.replace(b"bb", b"inner")),
)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_it_says_what_a_mail_says_that_is_held(
    body: tuple[bytes, bytes, bytes], ends: bytes, replayed_child: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outline, "MAX_BYTES", 0)
    large = part(*body) if body[1] == b"binary" else part(*body).replace(b"\r\n", b"\n").replace(b"\n", ends)
    raw = (HEAD + TEXT).replace(b"\n", ends) + large + LAST.replace(b"\n", ends)
    held, found = parse(raw, Limits()), parse(raw)
    assert len(Outline(MemoryBytes(raw), SMALL).data) < 60_000, "its inside was left out"
    assert [one for one in found if isinstance(one, Message)] == [one for one in held if isinstance(one, Message)]
    assert set(map(msgspec.json.encode, notices(found))) == set(map(msgspec.json.encode, notices(held)))
    children = [one for one in found if isinstance(one, ChildItem)]
    for one, other in zip(children, [one for one in held if isinstance(one, ChildItem)], strict=True):
        assert bytes_of(one) == other.content == replayed_child(raw, one)
        assert hashlib.sha256(bytes_of(one)).hexdigest() == one.step.sha256
        without_end = [
            msgspec.structs.replace(two, step=msgspec.structs.replace(two.step, end=0), content=None)
            for two in (one, other)
        ]
        assert without_end[0] == without_end[1]


def notices(found: Iterable[Yielded]) -> list[Notice]:
    return [one for one in found if isinstance(one, Notice)]


def codes(found: Iterable[Yielded]) -> list[tuple[str, int]]:
    return [(one.code, one.unread) for one in notices(found)]


def test_what_is_not_decoded_is_told() -> None:
    lines = b"begin 644 a.bin\n" + b"".join([binascii.b2a_uu(NOISE[at : at + 45]) for at in range(0, 200_000, 45)])
    raw = HEAD + TEXT + part(b"application/zip", b"x-uuencode", lines) + LAST
    found = parse(raw)
    assert codes(found) == [("mail.part_bytes", len(lines))]
    large = next(one for one in found if isinstance(one, ChildItem))
    assert (large.content, large.step.sha256) == (None, "")


def test_files_in_a_large_text_are_not_looked_for_and_this_is_told() -> None:
    body = LINES + b"begin 644 a.bin\n#86)C\n`\nend\n"
    raw = HEAD + TEXT + part(b"application/x-text", b"8bit", body) + LAST
    assert codes(parse(raw)) == [("mail.part_bytes", len(body))]
    assert codes(parse(HEAD + TEXT + part(b"application/x-text", b"8bit", LINES) + LAST)) == []


def test_without_a_spool_a_large_part_is_hashed_and_not_kept() -> None:
    raw = HEAD + TEXT + part(b"application/zip", b"base64", base64.encodebytes(NOISE)) + LAST
    found = list(rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext(limits=SMALL)))
    large = next(one for one in found if isinstance(one, ChildItem))
    assert (large.content, large.step.sha256) == (None, hashlib.sha256(NOISE).hexdigest())
    assert [code for code, _ in codes(found)] == ["mail.part_bytes"]


def test_what_is_large_for_its_many_lines_is_read_in_part() -> None:
    """Nothing can be left out: each part is small."""
    raw = HEAD + TEXT + SMALL_PART * 100
    found = parse(raw)
    assert ("mail.memory_bytes", len(raw) - 100_000) in codes(found)
    message = next(one for one in found if isinstance(one, Message))
    assert (message.size, message.breaks_off) == (len(raw), True)


def test_large_parts_before_the_limit_do_not_hide_what_is_not_read() -> None:
    large = part(b"application/zip", b"base64", base64.encodebytes(NOISE))
    raw = HEAD + large + TEXT + SMALL_PART * 100
    found = parse(raw)
    unread = dict(codes(found))["mail.memory_bytes"]
    assert 0 < len(raw) - unread - 100_000 < len(large)
    where = next(one.locator for one in notices(found) if one.code == "mail.memory_bytes")
    assert where is not None and where.ranges == ((len(raw) - unread, len(raw)),)


@pytest.mark.parametrize(
    "boundary", [b"boundary=(c) inner", b'boundary="in\\ner"', b"boundary*0=in; boundary*1=ner", b'boundary="inner"']
)
def test_delimiters_are_found_however_the_boundary_is_written(boundary: bytes) -> None:
    inside = part(b"application/zip", b"base64", base64.encodebytes(NOISE)).replace(b"--bb", b"--inner")
    raw = HEAD + b"--bb\nContent-Type: multipart/mixed; " + boundary + b"\n\n" + inside * 2 + b"--inner--\n" + LAST
    held = [one.number for one in next(one for one in parse(raw, Limits()) if isinstance(one, Message)).parts]
    assert [one.number for one in next(one for one in parse(raw) if isinstance(one, Message)).parts] == held


def test_texts_stand_where_they_stand_in_the_message() -> None:
    raw = HEAD + part(b"application/zip", b"base64", base64.encodebytes(NOISE)) + TEXT + LAST
    held = rfc5322.text_parts(MemoryBytes(raw), ParseContext())
    assert rfc5322.text_parts(MemoryBytes(raw), ParseContext(limits=SMALL)) == held
    assert len(held) == 2


def test_a_large_mail_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    with path.open("wb") as file:
        file.write(HEAD + TEXT + b"--bb\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n")
        for _ in range(50):
            file.write(base64.encodebytes(NOISE))
        file.write(LAST)
    with FileBytes(path) as source:
        tracemalloc.start()
        context = ParseContext(limits=SMALL, spool=Spool(tmp_path, lambda: None))
        found = [one.content for one in rfc5322.parse(source, Location(()), context) if isinstance(one, ChildItem)]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    large = found[0]
    assert large is not None and not isinstance(large, bytes) and large.size == 50 * len(NOISE)
    assert peak < source.size / 2
