"""Lists of checksums: what ``sha256sum``, ``md5sum`` and their like write, BSD's form, ``.sfv``, manifests of BagIt.

A digest without a name (``.md5`` of programs that make it of something else) is no list, and a text is one only if all
of its lines are, comments left out. One blank alone stands between digest and name in what Git prints of commits.

Source: GNU coreutils manual 6 (``md5sum``, ``cksum``), BSD ``md5(1)``, RFC 8493 2.1.3 (BagIt); lists by the program
WIN-SFV32 and its successors (``.sfv``).
"""

import re
from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location, Locator, quote
from forensics.model.texts import TextPart
from forensics.parsers import Yielded

FORMAT = Format(
    id="checksums",
    title="List of checksums",
    media_types=("text/x-checksums",),
    extensions=(".sfv", ".md5", ".sha1", ".sha256", ".sha512"),
)
MOST_BYTES = 8_000_000
_ALGORITHMS = {8: "crc32", 32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_DIGEST = rb"([0-9A-Fa-f]{128}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{56}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})"
_GNU = re.compile(_DIGEST + rb"(?: [ *]|\t)[ \t]{0,4}([^\s*][^\r\n]{0,999})")
_BSD = re.compile(rb"(?:MD5|SHA1|SHA224|SHA256|SHA384|SHA512) ?\(([^\r\n]{1,999})\) ?= ?" + _DIGEST)
_SFV = re.compile(rb"([^;\s#][^\r\n]{0,999}?)[ \t]{1,40}([0-9A-Fa-f]{8})")
_LINE = re.compile(rb"[^\r\n]+")
_COMMENT = (b";", b"#")
_MARK = b"\xef\xbb\xbf"
_PATH = re.compile(rb"\A(?:\./)+")
_ESCAPED = re.compile(rb"\\([\\nr])")
"""How GNU's programs write what would end a name; a line in which they do begins with a backslash."""
_MEANT = {b"n": b"\n", b"r": b"\r"}


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether all whole lines of the beginning are lines of such a list, or comments."""
    return _is_list(head, source, sfv=False)


def sniff_named(head: bytes, source: ByteSource) -> bool:
    """The same with the lines of ``.sfv``, which alone could be of any text."""
    return _is_list(head, source, sfv=True)


def _is_list(head: bytes, source: ByteSource, *, sfv: bool) -> bool:
    if source.size > MOST_BYTES or b"\0" in head:
        return False
    whole = head if source.size <= len(head) else head[: head.rfind(b"\n") + 1]
    found = 0
    for line in _LINE.finditer(whole):
        text = line[0].removeprefix(_MARK).rstrip()
        if not text or text.startswith(_COMMENT):
            continue
        said = _read(text)
        if said is None or (said[0] == "crc32" and not sfv):
            return False
        found += 1
    return found > 0


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what each line says of a file: digest and path, percent-encoded as locations have it.

    Raises:
        Malformed: no line is one of a list.
    """
    from forensics.errors import Malformed
    from forensics.parsers._gathering import Gathering

    gathering = Gathering("checksums")
    odd: tuple[int, int] | None = None
    data = source.read(0, min(source.size, MOST_BYTES))
    for number, line in enumerate(_LINE.finditer(data), 1):
        text = line[0].removeprefix(_MARK).rstrip()
        if not text or text.startswith(_COMMENT):
            continue
        said = _read(text)
        if said is None:
            odd = odd or line.span()
            continue
        algorithm, digest, name = said
        start = line.start() + (len(_MARK) if line[0].startswith(_MARK) else 0)
        place = Locator(path=f"line:{number}", ranges=((start, start + len(text)),))
        gathering.add_fact(f"checksums.{algorithm}", f"{digest} {quote(name)}", place, text)
    if not gathering.properties:
        raise Malformed("no line is one of a list of checksums")
    if odd is not None:
        gathering.note("other_line", "a line that is none of a list of checksums", Locator(path="line", ranges=(odd,)))
    yield from gathering.notices
    yield gathering.facts(FORMAT.id)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the list as it stands."""
    from forensics.parsers.text_file import text_of_file

    return (text_of_file("text/plain", source),)


def _read(line: bytes) -> tuple[str, str, bytes] | None:
    """Return algorithm, digest in small letters, and path of a line; None: it is no such line."""
    escaped = line.startswith(b"\\")
    if found := _GNU.fullmatch(line, 1 if escaped else 0):
        digest, name = found[1], found[2]
    elif (found := _BSD.fullmatch(line)) or (found := _SFV.fullmatch(line)):
        digest, name = found[2], found[1]
    else:
        return None
    name = _ESCAPED.sub(lambda one: _MEANT.get(one[1], one[1]), name) if escaped else name.replace(b"\\", b"/")
    path = _PATH.sub(b"", name.strip())
    return (_ALGORITHMS[len(digest)], digest.decode("ascii").lower(), path) if path else None
