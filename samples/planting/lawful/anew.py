"""The same mail written anew: by a mail store, by an export, for a server of seven bits, in other lines."""

import base64
import quopri
import re
from collections.abc import Iterable
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from random import Random
from textwrap import wrap

from samples.planting.archive import Stored
from samples.planting.converter import converted
from samples.planting.lawful.form import OFFICE, Form, delivered
from samples.planting.mail import Field, Mail
from samples.planting.mime import Unfit
from samples.planting.prose import text_parts

_FIRST = ("From", "To", "CC", "Subject", "Thread-Topic", "Thread-Index", "Date", "Message-ID", "References")
_EPOCH_TICKS = 116_444_736_000_000_000
_AS_QUOTE = re.compile(r"[> ]*>(?:=|From )")
"""Lines whose last mark may be none."""


def exported(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy of a tool that exports mailboxes."""
    made = converted(stored.data, rng)
    # A boundary that it could not exchange would take the parts apart.
    same = len(Mail.parse(made).parts()) == len(Mail.parse(stored.data).parts())
    return made if same else None


def downgraded(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy of a server that hands texts of eight bits on in quoted-printable."""
    mail = Mail.parse(stored.data)
    parts = mail.parts()
    if len(parts) != 1 or parts[0].header_start >= 0 or not parts[0].media_type.startswith("text/"):
        return None
    if parts[0].encoding not in ("", "7bit", "8bit"):
        return None
    mail.body = quopri.encodestring(re.sub(rb"\r?\n", b"\n", mail.body)).replace(b"\n", mail.newline)
    if mail.all("Content-Transfer-Encoding"):
        mail.set("Content-Transfer-Encoding", "quoted-printable")
    else:
        if not mail.all("MIME-Version"):
            mail.add("MIME-Version", "1.0")
        mail.add("Content-Transfer-Encoding", "quoted-printable")
    mail.add("X-MIME-Autoconverted", f"from 8bit to quoted-printable by relay.{OFFICE} id {rng.getrandbits(40):x}")
    return mail.data() if delivered(mail, stored, rng) else None


def flowed(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy whose paragraphs and quotes a program wrapped anew."""
    mail = Mail.parse(stored.data)
    parts = text_parts(mail)
    if not parts or parts[0].header_start >= 0 or parts[0].encoding not in ("", "7bit", "8bit"):
        return None
    text = mail.text(parts[0])
    if not text:
        return None
    width = rng.choice((60, 66, 72, 78))
    lines = [line for block in _blocks(text.split("\n")) for line in _wrapped(block, width)]
    try:
        mail.set_text(parts[0], "\n".join(lines))
    except Unfit:
        return None
    if "format" not in mail.value("Content-Type").lower() and mail.all("Content-Type"):
        mail.set("Content-Type", mail.value("Content-Type") + "; format=flowed")
    return mail.data() if delivered(mail, stored, rng) else None


def _blocks(lines: Iterable[str]) -> Iterable[list[tuple[str, str]]]:
    """Yield lines that follow one another at one depth, as pairs of quote mark and words."""
    block: list[tuple[str, str]] = []
    for line in lines:
        mark = re.match(r"(?:>[ \t]*)*", line)
        assert mark is not None
        pair = ("> " * mark[0].count(">"), line[mark.end() :])
        free = (
            not pair[1].strip()
            or pair[1].startswith((" ", "\t", "+", "-", "@"))
            or "diff" in pair[1]
            or " >" in pair[1]
            or _AS_QUOTE.match(line)
        )
        if block and (block[0][0] != pair[0] or free):
            yield block
            block = []
        if free:
            yield [pair]
        else:
            block.append(pair)
    if block:
        yield block


def _wrapped(block: list[tuple[str, str]], width: int) -> list[str]:
    mark = block[0][0]
    if len(block) == 1 and len(block[0][1]) < width:
        return [(mark + block[0][1]) if block[0][1] else mark.rstrip()]
    words = " ".join([words for _, words in block])
    return [mark + line for line in wrap(words, width, break_long_words=False, break_on_hyphens=False)]


def exchange(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy of an Exchange mailbox: fields in its order, times in UTC, every part encoded anew in UTF-8."""
    mail = Mail.parse(stored.data)
    if stored.date is None or not delivered(mail, stored, rng):
        return None
    root = message_from_bytes(re.sub(rb"\r?\n", b"\n", stored.data))
    if root.is_multipart() and root.get_content_type().startswith("message/"):
        return None
    written = _part(root, rng)
    if written is None:
        return None
    head = [field for field in mail.fields if field.name and not field.name.lower().startswith("content-")]
    named: dict[str, list[Field]] = {}
    for field in head:
        named.setdefault(field.name.lower(), []).append(field)
    first = [field for name in _FIRST for field in named.pop(name.lower(), ())]
    trace = [field for field in head if field.name.lower() in ("received", "return-path", "delivered-to")]
    rest = [field for name, fields in named.items() for field in fields if field not in trace]
    mail.fields = [*trace, *[_renamed(field) for field in first], *rest]
    _stamp(mail, stored, rng)
    data = mail.header().replace(b"\r\n", b"\n") + written
    return data.replace(b"\n", b"\r\n")


def _stamp(mail: Mail, stored: Stored, rng: Random) -> None:
    assert stored.date is not None
    if len(mail.all("Date")) == 1:
        mail.set("Date", f"{stored.date:%a, %-d %b %Y %H:%M:%S} +0000")
    if not mail.all("Thread-Topic") and stored.subject.isascii() and "=?" not in stored.subject:
        arrived = stored.date + timedelta(seconds=30)
        ticks = (int(arrived.timestamp()) * 10_000_000 + _EPOCH_TICKS) >> 16 << 16
        index = b"\x01" + (ticks >> 16).to_bytes(6, "big")[1:] + rng.randbytes(16)
        mail.add("Thread-Topic", re.sub(r"(?i)\A(?:re|fwd?|aw|wg):\s*", "", stored.subject), before="Date")
        mail.add("Thread-Index", base64.b64encode(index).decode(), before="Date")
    host = f"EX{rng.randrange(10, 99)}.{OFFICE}"
    mail.add("X-MS-Exchange-Organization-AuthSource", host)
    mail.add("X-MS-Exchange-Organization-AuthAs", "Anonymous")
    mail.add("X-MS-Exchange-Organization-SCL", "-1")
    mail.add("X-MS-Has-Attach", "")
    mail.add("X-MS-TNEF-Correlator", "")
    if not mail.all("MIME-Version"):
        mail.add("MIME-Version", "1.0")


def _renamed(field: Field) -> Field:
    name = next(name for name in _FIRST if name.lower() == field.name.lower())
    return Field(name, name.encode() + b": " + field.raw.partition(b":")[2].lstrip(b" \t"))


def _part(part: Message, rng: Random) -> bytes | None:
    """Return a part's Content fields, an empty line, and its body: boundaries, encodings and charsets are new."""
    kind = part.get_content_type()
    if part.is_multipart() and kind.startswith("multipart/"):
        inner = [_part(child, rng) for child in part.get_payload()]  # type: ignore[arg-type]
        if None in inner or kind == "multipart/signed":
            return None
        line = f"_{rng.randrange(100):03d}_{rng.getrandbits(128):032X}{OFFICE.partition('.')[0]}_"
        blocks = b"".join([b"--" + line.encode() + b"\n" + (one or b"") + b"\n" for one in inner])
        return f'Content-Type: {kind};\n\tboundary="{line}"\n\n'.encode() + blocks + f"--{line}--\n".encode()
    if part.is_multipart() or part.defects:
        return None
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    if kind in ("text/plain", "text/html") and not part.get_filename():
        try:
            text = content.decode(str(part.get_content_charset() or "us-ascii"))
        except (UnicodeDecodeError, LookupError):
            return None
        return _text(kind, text, rng)
    kept = [f"{name}: {value}\n" for name, value in part.items() if name.lower() in _KEPT]
    head = "".join(kept) + "Content-Transfer-Encoding: base64\n\n"
    return head.encode("latin-1", "replace") + base64.encodebytes(content)


_KEPT = ("content-type", "content-disposition", "content-id", "content-description")


def _text(kind: str, text: str, rng: Random) -> bytes:
    encoding = rng.choice(("base64", "quoted-printable"))
    content = text.replace("\r\n", "\n").encode()
    body = base64.encodebytes(content) if encoding == "base64" else quopri.encodestring(content)
    return f'Content-Type: {kind}; charset="utf-8"\nContent-Transfer-Encoding: {encoding}\n\n'.encode() + body


FORMS = (
    Form("export tool", "rewritten", exported),
    Form("Exchange mailbox", "rewritten", exchange),
    Form("8bit to quoted-printable", "encoding", downgraded),
    Form("wrapped anew", "encoding", flowed),
)
