"""How two copies are built: types, charsets and encodings of their parts, boundaries, what stands outside the parts."""

from collections.abc import Iterator
from itertools import zip_longest

from forensics.model.comparing import Cause, Difference
from forensics.model.facts import ABSENT, Located
from forensics.model.locations import Locator
from forensics.model.mail import MimePart
from forensics.parsers.mail.parameters import parse_value
from forensics.relations.comparing.grounds import Grounds
from forensics.relations.comparing.reading import ComparedMail, located, quoted, value_of

_USUAL = frozenset(
    (
        b"",
        b"This is a multi-part message in MIME format.",
        b"This is a multipart message in MIME format.",
        b"This is a MIME-formatted message. If you see this text it means that your E-mail software does not support"
        b" MIME-formatted messages.",
        b"This is a multi-part message in MIME format",
        b"This is an OpenPGP/MIME signed message (RFC 4880 and 3156)",
        b"This is an OpenPGP/MIME signed message (RFC 2440 and 3156)",
    )
)

"""What programs write before the parts of a multipart."""
_OWN = frozenset(("boundary", "charset", "name"))
"""Parameters that are compared by themselves."""


def compare_structure(one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Iterator[Difference]:
    """Yield what differs in the form of two copies."""
    yield from _first_line(one, other)
    if one.data.endswith((b"\n", b"\r")) != other.data.endswith((b"\n", b"\r")) or _blank(one) != _blank(other):
        yield Difference(kind="final_line", one=_end(one), other=_end(other), cause=Cause.MAILBOX)
    if _ends(one.data) != _ends(other.data):
        yield Difference(
            kind="line_ends",
            one=Located(_ends(one.data), b"", Locator()),
            other=Located(_ends(other.data), b"", Locator()),
            cause=Cause.MAILBOX,
        )
    yield from _parts(one, other, grounds)


def _ends(data: bytes) -> str:
    crlf, lf = data.count(b"\r\n"), data.count(b"\n")
    return "CRLF" if crlf and crlf == lf else "mixed" if crlf else "LF" if lf else "CR" if b"\r" in data else "none"


def _blank(mail: ComparedMail) -> int:
    return len(mail.data) - len(mail.data.rstrip(b"\r\n")) - mail.data.endswith(b"\r\n") - 1


def _end(mail: ComparedMail) -> Located:
    start = len(mail.data.rstrip(b"\r\n"))
    return quoted("", mail.data[start:], start, "end")


def _first_line(one: ComparedMail, other: ComparedMail) -> Iterator[Difference]:
    """Yield that what stands in the header and is no field differs, such as a mailbox's ``From `` line."""
    mine, yours = ([field for field in mail.root.headers if not field.name] for mail in (one, other))
    for left, right in zip_longest(mine, yours):
        sides = tuple(located(field) if field is not None else ABSENT for field in (left, right))
        if sides[0].value != sides[1].value:
            line = all(side.raw.startswith((b"From ", b">From ")) or not side.value for side in sides)
            cause = Cause.MAILBOX if line else None
            yield Difference(kind="first_line", one=sides[0], other=sides[1], cause=cause)


def _parts(one: ComparedMail, other: ComparedMail, grounds: Grounds) -> Iterator[Difference]:
    """Yield what differs in parts at the same place; where there are more in one, texts and files say so."""
    stack: list[tuple[MimePart, MimePart]] = [(one.root, other.root)]
    while stack:
        left, right = stack.pop()
        yield from _part(left, right, one, other, grounds)
        stack += list(zip(left.parts, right.parts, strict=False))[::-1]


def _part(
    left: MimePart, right: MimePart, one: ComparedMail, other: ComparedMail, grounds: Grounds
) -> Iterator[Difference]:
    name = left.number or right.number or "1"
    if left.media_type != right.media_type:
        yield _typed("part_type", name, (left, right), (left.media_type, right.media_type), grounds.anew)
        return
    if left.boundary != right.boundary:
        shown = [(part.boundary or b"").decode("latin-1") for part in (left, right)]
        yield _typed("boundary", name, (left, right), (shown[0], shown[1]), grounds.anew)
    if left.charset != right.charset:
        mine, yours = (mail.data[part.body_start : part.end].split() for mail, part in ((one, left), (other, right)))
        # Lawful where the text was encoded anew; a label alone changes what the same bytes say.
        cause = Cause.ENCODING if mine != yours else grounds.anew
        yield _typed("charset", name, (left, right), (left.charset, right.charset), cause)
    if (further := (_further(left), _further(right)))[0] != further[1]:
        yield _typed("part_type", name, (left, right), further, grounds.anew)
    for spans in ((left.preamble, right.preamble), (left.epilogue, right.epilogue)):
        yield from _outside(name, spans, (one.data[slice(*spans[0])], other.data[slice(*spans[1])]), grounds)
    if not left.parts and not right.parts:
        yield from _fields(left, right, grounds, name)


def _typed(
    kind: str, name: str, parts: tuple[MimePart, MimePart], values: tuple[str, str], cause: Cause | None
) -> Difference:
    """Return that something in the Content-Type of two parts differs."""
    shown = []
    for part, value in zip(parts, values, strict=True):
        field = part.first("content-type")
        shown.append(located(field, 0, value) if field is not None else Located(value, b"", Locator()))
    return Difference(kind=kind, name=name, one=shown[0], other=shown[1], cause=cause)


def _further(part: MimePart) -> str:
    """Return the parameters of a part's type that are not compared by themselves, in the order of their names."""
    field = part.first("content-type")
    parameters = parse_value(field.body).parameters if field is not None else {}
    return "; ".join([f"{name}={value}" for name, value in sorted(parameters.items()) if name not in _OWN])


def _outside(
    name: str, spans: tuple[tuple[int, int], tuple[int, int]], texts: tuple[bytes, bytes], grounds: Grounds
) -> Iterator[Difference]:
    """Yield that what stands before or after the parts of a multipart differs."""
    if texts[0].split() == texts[1].split():
        return
    usual = all(b" ".join(text.split()) in _USUAL for text in texts)
    one, other = (
        quoted(text.strip().decode("latin-1"), text, span[0], f"part:{name}")
        for text, span in zip(texts, spans, strict=True)
    )
    cause = Cause.REWRITTEN if usual else grounds.route
    yield Difference(kind="outside_parts", name=name, one=one, other=other, cause=cause)


def _fields(left: MimePart, right: MimePart, grounds: Grounds, name: str) -> Iterator[Difference]:
    """Yield MIME fields of a leaf that differ beyond what is compared by itself: type, charset, encoding, file name."""
    for key in ("content-disposition", "content-id", "content-description", "content-language", "content-location"):
        mine, yours = left.first(key), right.first(key)
        values = tuple(value_of(field) if field is not None else "" for field in (mine, yours))
        if values[0].replace(" ", "").replace('"', "") != values[1].replace(" ", "").replace('"', ""):
            sides = tuple(located(field) if field is not None else ABSENT for field in (mine, yours))
            kind = "field_changed" if all(values) else "field_removed" if values[0] else "field_added"
            yield Difference(kind=kind, name=f"{name} {key}", one=sides[0], other=sides[1], cause=grounds.anew)
