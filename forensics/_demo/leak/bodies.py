"""Text and MIME: encodings, encoded words, parts, quotes with the attribution line of each client."""

import base64
import binascii
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from forensics._demo.leak.clock import DAYS, JOURS, MOIS, MOIS_COURTS, MONTHS, numeric, wall
from forensics._demo.leak.people import Person


@dataclass(frozen=True)
class Attachment:
    """A file in a mail."""

    name: str
    media_type: str
    data: bytes
    modified: datetime
    """Time of the file on the sender's disk."""


@dataclass(frozen=True)
class Style:
    """How a client writes text parts and file names."""

    charset: str
    encoding: str
    """Content-Transfer-Encoding of its text."""
    fold: str = " "
    words: str = "UTF-8"
    """Charset of its encoded words."""
    flowed: bool = False
    quoted_charset: bool = False
    preamble: bytes = b""


def encode_text(text: str, style: Style) -> bytes:
    """Encode text; ends with a line end."""
    raw = text.rstrip("\n").encode(style.charset) + b"\n"
    if style.encoding == "quoted-printable":
        return binascii.b2a_qp(raw, istext=True)
    if style.encoding == "base64":
        return base64.encodebytes(raw)
    return raw


def flow(text: str) -> str:
    """Wrap at 72 columns with a trailing space where a line flows on; quotes are left as they are."""
    lines = []
    for line in text.split("\n"):
        if line.startswith(">") or line == "-- ":
            lines.append(line)
            continue
        pieces = textwrap.wrap(line, 71, break_long_words=False) or [""]
        # RFC 3676 4.4: a line that starts like a mailbox separator is stuffed with a space.
        pieces = [f" {piece}" if piece.startswith("From ") else piece for piece in pieces]
        lines += [piece + " " for piece in pieces[:-1]] + [pieces[-1]]
    return "\n".join(lines)


def encoded_word(text: str, charset: str, fold: str = " ") -> str:
    """Encode by RFC 2047, Q, split into words that fit a line; ASCII stays as it is."""
    if text.isascii():
        return text
    words, current = [], ""
    for letter in text:
        piece = "_" if letter == " " else "".join([_q(byte) for byte in letter.encode(charset)])
        if len(current) + len(piece) > 58:
            words.append(current)
            current = ""
        current += piece
    return f"\n{fold}".join([f"=?{charset}?Q?{word}?=" for word in [*words, current]])


def _q(byte: int) -> str:
    letter = chr(byte)
    return letter if letter.isascii() and (letter.isalnum() or letter in "!*+-/.,:") else f"={byte:02X}"


def mailbox(person: Person, style: Style, *, quoted: bool = False) -> str:
    """Write a name and address."""
    if not person.name.isascii():
        return f"{encoded_phrase(person.name, style.words)} <{person.address}>"
    return f'"{person.name}" <{person.address}>' if quoted else f"{person.name} <{person.address}>"


def encoded_phrase(text: str, charset: str) -> str:
    """Encode a display name: like text, without the punctuation that a phrase forbids."""
    return encoded_word(text, charset).replace(",", "=2C").replace(":", "=3A").replace(".", "=2E")


def text_fields(style: Style, subtype: str = "plain") -> list[tuple[str, str]]:
    """Content fields of a text part."""
    charset = f'"{style.charset}"' if style.quoted_charset else style.charset
    fold = f"\n{style.fold}" if style.fold == "\t" else " "
    flowed = "; format=flowed" if style.flowed and subtype == "plain" else ""
    return [
        ("Content-Type", f"text/{subtype};{fold}charset={charset}{flowed}"),
        ("Content-Transfer-Encoding", style.encoding),
    ]


def file_fields(item: Attachment, style: Style, *, detailed: bool = False) -> list[tuple[str, str]]:
    """Content fields of an attachment; *detailed* adds size and dates as Exchange does."""
    name, filename = f'name="{item.name}"', f'filename="{item.name}"'
    if not item.name.isascii():
        name = f'name="{encoded_word(item.name, style.words)}"'
        filename = f"filename*=UTF-8''{quote(item.name)}"
    if detailed:
        stamp = item.modified
        date = f"{DAYS[stamp.weekday()]}, {stamp.day:02d} {MONTHS[stamp.month - 1]} {stamp:%Y %H:%M:%S} GMT"
        filename += f'; size={len(item.data)};\n\tcreation-date="{date}";\n\tmodification-date="{date}"'
    return [
        ("Content-Type", f"{item.media_type};\n{style.fold}{name}"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"attachment;\n{style.fold}{filename}"),
    ]


def part(fields: Sequence[tuple[str, str]], body: bytes) -> bytes:
    """Write one body part."""
    head = "".join([f"{name}: {value}\n" for name, value in fields])
    return head.encode("ascii") + b"\n" + body


def multipart(boundary: str, parts: list[bytes], preamble: bytes = b"") -> bytes:
    """Join parts; each ends with a line end of its own."""
    mark = b"--" + boundary.encode("ascii")
    head = preamble + b"\n" if preamble else b""
    return head + b"\n".join([mark + b"\n" + item for item in parts]) + b"\n" + mark + b"--\n"


def base64_lines(data: bytes) -> bytes:
    """Encode in lines of 76."""
    return base64.encodebytes(data)


def quote_lines(text: str) -> str:
    """Put ``> `` before each line."""
    return "\n".join([f"> {line}" if line and not line.startswith(">") else f">{line}" for line in text.split("\n")])


def attribution(client: str, claimed: datetime, offset: int, author: Person) -> str:
    """Introduce a quote as the *quoting* client does, in its own zone; *claimed* is what the quoted mail says."""
    local, name, address = wall(claimed, offset), author.name, author.address
    hour = f"{local:%H:%M}"
    if client == "thunderbird":
        return f"Le {local:%d/%m/%Y} à {hour}, {name} a écrit :"
    if client == "webpost":
        return f"Le {local.day} {MOIS[local.month - 1]} {local.year} à {hour}, {name} <{address}> a écrit :"
    if client in ("apple", "iphone"):
        return f"Le {local.day} {MOIS_COURTS[local.month - 1]} {local.year} à {hour}, {name} <{address}> a écrit :"
    if client == "mutt":
        day = (
            f"{DAYS[local.weekday()]}, {MONTHS[local.month - 1]} {local:%d, %Y} at {local:%I:%M:%S%p} {numeric(offset)}"
        )
        return f"On {day}, {name} wrote:"
    return f"Le {local:%Y-%m-%d} {hour}, {name} a écrit :"


def outlook_block(claimed: datetime, offset: int, author: Person, to: Sequence[Person], subject: str) -> str:
    """Introduce a quote as Outlook and Exchange do in French."""
    local = wall(claimed, offset)
    sent = f"{JOURS[local.weekday()]} {local.day} {MOIS[local.month - 1]} {local:%Y %H:%M}"
    names = "; ".join([person.name for person in to])
    return f"De : {author.name} <{author.address}>\nEnvoyé : {sent}\nÀ : {names}\nObjet : {subject}\n"
