"""A believable export tool: every mail comes out in the tool's own form, with the words and values it had."""

import quopri
import re
from random import Random

from samples.planting.mail import Field, Mail

TOOL = "Mailport 2.1"
_WIDTH = 76


def converted(data: bytes, rng: Random) -> bytes:
    """Write a mail anew: CRLF, field names in title case, folds at 76, boundaries and encoding of the tool's own."""
    mail = Mail.parse(re.sub(rb"\r?\n", b"\r\n", data))
    mail.newline = b"\r\n"
    mail.fields = [_field(field) for field in mail.fields if field.name]
    _boundaries(mail, rng)
    _encoding(mail)
    mail.add("X-Export-Tool", TOOL)
    mail.gap = b"\r\n"
    return mail.data()


def _field(field: Field) -> Field:
    name = "-".join([piece.capitalize() for piece in field.name.split("-")])
    line, lines = f"{name}:", []
    for word in field.value.split():
        if len(line) + 1 + len(word) > _WIDTH and line.strip() != f"{name}:":
            lines.append(line)
            line = "\t" + word
        else:
            line += " " + word
    return Field(name, "\r\n".join([*lines, line]).encode("latin-1", "replace") + b"\r\n")


def _boundaries(mail: Mail, rng: Random) -> None:
    header = mail.header()
    names = re.findall(rb'boundary="?([^";\r\n]+)', header + mail.body)
    for number, old in enumerate(dict.fromkeys(names)):
        new = f"=_mailport_{number:02d}_{rng.getrandbits(64):016x}".encode()
        header = header.replace(b'"' + old + b'"', b'"' + new + b'"').replace(b"=" + old + b"\r", b'="' + new + b'"\r')
        mail.body = mail.body.replace(b'"' + old + b'"', b'"' + new + b'"')
        mail.body = re.sub(rb"(?m)^--" + re.escape(old) + rb"(?=--|\r?$)", b"--" + new, mail.body)
    mail.fields = Mail.parse(header + b"\r\n").fields


def _encoding(mail: Mail) -> None:
    """Encode what is not ASCII in a mail of one part."""
    place = next(mail.places("Content-Transfer-Encoding"), None)
    old = mail.fields[place].value.lower() if place is not None else ""
    one = not mail.value("Content-Type").lower().startswith(("multipart", "message"))
    if one and old in ("", "7bit", "8bit", "binary") and not mail.body.isascii():
        mail.body = quopri.encodestring(mail.body.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
        if place is None:
            mail.add("Content-Transfer-Encoding", "quoted-printable")
        else:
            mail.set("Content-Transfer-Encoding", "quoted-printable")
