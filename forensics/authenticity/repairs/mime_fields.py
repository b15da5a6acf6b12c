"""MIME fields before a server that encoded or wrapped the body wrote its own."""

from collections.abc import Iterator, Mapping

from forensics.authenticity.repairs.mails import body_of
from forensics.parsers.mail.parameters import parse_value

ENCODINGS = (b"7bit", b"8bit", b"quoted-printable", b"base64", b"7BIT", b"8BIT")


def originals_of_encoding(mime: Mapping[str, bytes]) -> Iterator[bytes | None]:
    """Yield what Content-Transfer-Encoding may have been; ``None``: it was not there."""
    if (field := mime.get("content-transfer-encoding")) is not None:
        yield body_of(field).strip()
    yield None
    yield from ENCODINGS


def originals_of_type(mime: Mapping[str, bytes]) -> Iterator[bytes | None]:
    """Yield what Content-Type may have been; ``None``: it was not there."""
    if (field := mime.get("content-type")) is None:
        yield None
        return
    body = body_of(field).strip()
    yield body
    kind = parse_value(body)
    charset = kind.parameters.get("charset", "").encode("latin-1", "replace")
    if not kind.value.startswith("text/"):
        return
    yield None
    name = kind.value.encode("latin-1", "replace")
    yield name
    rest = b"".join(
        [b"; %s=%s" % (key.encode(), value.encode()) for key, value in kind.parameters.items() if key != "charset"]
    )
    for written in dict.fromkeys((charset, charset.lower(), charset.upper(), b"utf-8", b"UTF-8", b"us-ascii")):
        for form in (b'"%s"', b"%s"):
            for more in dict.fromkeys((rest, b"")):
                yield name + b"; charset=" + form % written + more
