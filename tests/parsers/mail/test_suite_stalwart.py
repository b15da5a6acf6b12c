"""Stalwart's mail-parser suite: 107 mails with trees in two line ends, and 432 one-line checks.

Where we read otherwise on purpose, the case stands in a table with the reason; anything else must agree.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Absence
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message, MimePart
from forensics.parsers.mail import addresses, charsets, dates, parameters, rfc5322, trace, words
from forensics.parsers.mail.fields import identifiers
from forensics.replay import decoders

OUTERMOST = (
    "an unclosed inner multipart ends at the delimiter of the outer one (RFC 2046 5.1.2); Stalwart goes on inside"
)
LINE_END = "the line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1), so this entity is only a header"
UUENCODE = "x-uuencode is decoded; Stalwart leaves it"
CHARSET = "8-bit text of a wrong or missing charset is read in the one that decodes it; Stalwart gives U+FFFD"
DAMAGED = "damaged base64 is decoded as far as it goes and noticed; Stalwart gives the encoded text"

TREES = {
    "legacy/010": CHARSET,
    "legacy/017": UUENCODE,
    "legacy/020": CHARSET,
    "legacy/022": CHARSET,
    "legacy/026": UUENCODE,
    "legacy/027": CHARSET,
    "legacy/033": CHARSET,
    "legacy/048": UUENCODE,
    "legacy/052": CHARSET,
    "malformed/000": "empty parts are parts; Stalwart finds none of the four",
    "malformed/001": OUTERMOST,
    "malformed/002": "a multipart whose boundary never occurs keeps its claimed type, as one leaf",
    "malformed/003": LINE_END,
    "malformed/004": "a line that only begins with the boundary is a delimiter as a whole, its rest is no header",
    "malformed/005": "'--a----' closes boundary 'a--' for the outer multipart first",
    "malformed/007": "the inner delimiter line ends a header that lacks its blank line, so the inner part is found",
    "malformed/008": OUTERMOST,
    "malformed/009": OUTERMOST,
    "malformed/011": OUTERMOST,
    "malformed/012": OUTERMOST,
    "malformed/013": LINE_END,
    "malformed/016": OUTERMOST,
    "malformed/019": LINE_END,
    "malformed/020": "of two Content-Type fields the first counts, with a notice; Stalwart takes the second",
    "malformed/021": "of two Content-Type fields the first counts, with a notice; Stalwart takes the second",
    "malformed/022": "the delimiter after a message/rfc822 that holds no mail is still found",
    "rfc/000": DAMAGED,
    "rfc/002": "a comment is no part of a display name (RFC 5322 3.2.2)",
    "thirdparty/002": DAMAGED,
    "thirdparty/005": "a delimiter begins a line (RFC 2046 5.1.1)",
    "thirdparty/010": "of two parameters of one name the first counts",
    "thirdparty/011": LINE_END,
    "thirdparty/014": "qmail's comment names no host",
    "thirdparty/015": "two attached mails that lack the line end before the delimiter are found; Stalwart loses them",
}
"""File (both line ends) to reason."""

DATE = {
    10: "a month in digits would be a guess",
    12: "numbers alone are no date",
    28: "a whole trace field is no date",
    30: "a zone name that RFC 5322 4.3 does not list has no known offset",
    31: "a single letter but Z has no known offset (RFC 5322 4.3)",
    32: "a zone name that RFC 5322 4.3 does not list has no known offset",
}
COMMENT = "a comment is no part of a display name, address or group name (RFC 5322 3.2.2)"
ADDRESS = {
    8: COMMENT,
    9: COMMENT,
    10: COMMENT,
    11: COMMENT,
    13: "an obsolete route is no part of the address, inner white space is dropped (RFC 5322 4.4)",
    14: COMMENT,
    22: COMMENT,
    42: "a word without @ is no address; it stays visible as a name",
    56: COMMENT,
}
NO_TYPE = "what names no type and subtype stays as written; the part reads as its default (RFC 2045 5.2)"
CONTENT_TYPE = {
    31: "a charset repeated in later RFC 2231 segments is no charset (RFC 2231 4.1)",
    34: "white space between encoded words is not shown (RFC 2047 6.2)",
    **dict.fromkeys((39, 40, 41, 43, *range(62, 73)), NO_TYPE),
    61: "parameter names with several asterisks are not of RFC 2231",
}
NOT_ADDED = "white space is not added around an encoded word that stands in a word"
UNSTRUCTURED = {21: NOT_ADDED, 22: NOT_ADDED, 27: NOT_ADDED, 28: NOT_ADDED}
AS_WRITTEN = "the id is kept whole"
NAMED_ZONE = "PST and PDT are zones of RFC 5322 4.3"
TWO_DIGITS = "a year of two digits below 50 is of this century (RFC 5322 4.3)"
ASCTIME = "the asctime form is read, not guessed at"
RECEIVED = {
    13: ASCTIME,
    28: AS_WRITTEN,
    29: AS_WRITTEN,
    30: AS_WRITTEN,
    67: NAMED_ZONE,
    69: "a date at the end is read without its semicolon",
    89: TWO_DIGITS,
    90: TWO_DIGITS,
    107: "the port is kept",
    116: "a time without zone has no offset",
    117: ASCTIME,
    118: ASCTIME,
    123: "the first by names the host, the second a user",
    125: "the name is kept whole",
    128: TWO_DIGITS,
    144: "the seconds have a fraction",
    151: ASCTIME,
    153: "an address without domain is kept",
    163: NAMED_ZONE,
    165: "qmail's comment names no host",
    171: "Postfix's comment names no host",
}
"""Position in the suite's file to reason."""


def suite(suites: Path) -> Path:
    return suites / "mail-parser-stalwart"


def load(suites: Path, name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((suite(suites) / f"{name}.json").read_text(encoding="utf-8"))
    return cases


def field_of(header: str) -> bytes:
    """The first field of a sample: some samples go on with further lines."""
    return re.split(rb"\r?\n(?![ \t])", header.encode(), maxsplit=1)[0]


def compare(ours: list[Any], theirs: list[Any], deviating: dict[int, str]) -> None:
    found = {place for place, (one, other) in enumerate(zip(ours, theirs, strict=True)) if one != other}
    shown = {place: (ours[place], theirs[place]) for place in sorted(found ^ set(deviating))}
    assert not shown


def test_dates(suites: Path) -> None:
    cases = load(suites, "date")
    ours = [dates.parse_date(field_of(case["header"])) for case in cases]
    compare(
        [date_read(one) for one in ours],
        [date_expected(case["expected"]) for case in cases],
        DATE,
    )


def date_read(written: dates.WrittenDate) -> tuple[int, int | Absence] | None:
    """Stalwart reads ``-0000`` as ``+0000``: the instant is the same, we keep that no zone is stated."""
    if isinstance(written.wall, Absence):
        return None
    offset = 0 if written.instant == written.wall else written.offset_s
    return written.wall // 10**7, offset


def date_expected(value: dict[str, Any] | None) -> tuple[int, int | Absence] | None:
    if value is None:
        return None
    if value["second"] > 59 or value["month"] > 12 or value["hour"] > 23:
        return None
    wall = datetime(
        value["year"], value["month"], value["day"], value["hour"], value["minute"], value["second"], tzinfo=UTC
    )
    offset = value["tz_hour"] * 3600 + value["tz_minute"] * 60
    return int(wall.timestamp()), -offset if value["tz_before_gmt"] else offset


def test_addresses(suites: Path) -> None:
    cases = load(suites, "address")
    ours = [
        [(one.name, one.address, one.group) for one in addresses.parse_addresses(field_of(case["header"]))]
        for case in cases
    ]
    compare(ours, [list(address_expected(case["expected"])) for case in cases], ADDRESS)


def address_expected(value: dict[str, Any] | None) -> Iterator[tuple[str, str, str]]:
    for one in (value or {}).get("List", ()):
        yield one["name"] or "", one["address"] or "", ""
    for group in (value or {}).get("Group", ()):
        for one in group["addresses"]:
            yield one["name"] or "", one["address"] or "", group["name"] or ""


def test_content_types(suites: Path) -> None:
    cases = load(suites, "content_type")
    ours = []
    for case in cases:
        value = parameters.parse_value(field_of(case["header"]))
        ours.append((value.value, value.parameters))
    compare(ours, [type_expected(case["expected"]) for case in cases], CONTENT_TYPE)


def type_expected(value: dict[str, Any] | None) -> tuple[str, dict[str, str]]:
    """Stalwart gives the language of RFC 2231 as a parameter of its own; we leave it in the raw field."""
    if value is None:
        return "", {}
    subtype = f"/{value['c_subtype']}" if value["c_subtype"] else ""
    pairs = [(one["name"], one["value"]) if isinstance(one, dict) else one for one in value.get("attributes") or ()]
    return (value["c_type"] + subtype).lower(), {
        name.lower(): text for name, text in pairs if not name.endswith("-language")
    }


def test_identifiers(suites: Path) -> None:
    cases = load(suites, "id")
    ours = [list(identifiers(field_of(case["header"]))) for case in cases]
    compare(ours, [case["expected"] or [] for case in cases], {})


def test_lists(suites: Path) -> None:
    """Comma lists are no facts of ours; their words are decoded like any text."""
    cases = load(suites, "list")
    ours = [[words.decode_text(one) for one in field_of(case["header"]).split(b",") if one.strip()] for case in cases]
    compare(ours, [case["expected"] for case in cases], {})


def test_unstructured(suites: Path) -> None:
    cases = load(suites, "unstructured")
    compare(
        [words.decode_text(field_of(case["header"])) for case in cases],
        [case["expected"] for case in cases],
        UNSTRUCTURED,
    )


def test_received(suites: Path) -> None:
    cases = load(suites, "received")
    ours = []
    for case in cases:
        raw = field_of(case["header"])
        clauses = trace.parse_received(raw)
        date = date_read(dates.parse_date(raw[slice(*clauses.date)])) if clauses.date else None
        ours.append(
            {
                "from": bare(clauses.from_),
                "by": bare(clauses.by),
                "for": bare(clauses.for_),
                "with": protocol(clauses.with_),
                "id": clauses.id.strip("<>"),
                "via": clauses.via.split(" ")[0],
                "date": date,
            }
        )
    compare(ours, [received_expected(case["expected"]) for case in cases], RECEIVED)


def bare(text: str) -> str:
    """First word without brackets; Stalwart cuts clauses down to it, we keep them as written."""
    text = text.removeprefix("(from ")
    return "" if text.startswith("(") else re.split(r"[ (]", text)[0].strip("[]<>(),").lower()


PROTOCOL = re.compile(r"E?SMTP(?:SA|S|A)?|LMTP[AS]?|HTTPS?|MMS|IMAP|POP3|LOCAL(?!-)")


def protocol(text: str) -> str:
    """Stalwart's name for the protocol in a ``with`` clause; we keep the clause."""
    found = PROTOCOL.search(text.upper().replace("-TLS", "S").replace("SMTPSVC", "SMTP"))
    return found[0] if found is not None else ""


def received_expected(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "from": host_expected(value.get("from")),
        "by": host_expected(value.get("by")),
        "for": (value.get("for_") or "").lower(),
        "with": (value.get("with") or "").upper(),
        "id": value.get("id") or "",
        "via": value.get("via") or "",
        "date": date_expected(value.get("date")),
    }


def host_expected(value: dict[str, str] | None) -> str:
    return next(iter((value or {"": ""}).values())).strip().lower()


def trees(suites: Path) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Each mail with LF and with CRLF, and the tree that the suite expects."""
    for path in sorted((suite(suites) / "eml").glob("*/*.eml")):
        raw = path.read_bytes()
        name = f"{path.parent.name}/{path.stem}"
        yield name, raw.replace(b"\r", b""), json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        crlf = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        yield name, crlf, json.loads(path.with_suffix(".crlf.json").read_text(encoding="utf-8"))


def test_trees(suites: Path) -> None:
    """Parts, their offsets, kinds and bytes, header fields with offsets and values, attached messages within."""
    different: dict[str, list[str]] = {}
    mails = 0
    for name, raw, tree in trees(suites):
        mails += 1
        found = list(differences(raw, tree))
        if found:
            different.setdefault(name, found)
    assert mails == 214
    assert {name: found for name, found in different.items() if name not in TREES} == {}
    assert set(TREES) == set(different)


def differences(raw: bytes, tree: dict[str, Any]) -> Iterator[str]:
    message = parsed(raw)
    assert message.tree is not None
    root = message.tree.root
    ours = list(parts_of(root))
    theirs = tree["parts"]
    base = theirs[0]["offset_header"]  # an attached message counts from its own first byte with us
    if len(ours) != len(theirs):
        yield f"{len(ours)} parts, not {len(theirs)}"
        return
    for part, expected in zip(ours, theirs, strict=True):
        start = (part.start, part.body_start, part.end)
        if start != offsets(expected, base, "header", "body", "end"):
            yield f"part {part.number!r} at {start}"
        yield from body_differences(raw, part, expected["body"])
        fields = [field for field in part.headers if field.name]
        if len(fields) != len(expected["headers"]):
            yield f"part {part.number!r} has {len(fields)} fields"
            continue
        for field, header in zip(fields, expected["headers"], strict=True):
            name = header["name"] if isinstance(header["name"], str) else header["name"]["other"]
            place = (field.start, field.end - len(field.body), field.end)
            if name.replace("_", "-").lower() != field.key:
                yield f"field {field.name} is {name}"
            if place != offsets(header, base, "field", "start", "end"):
                yield f"field {field.name} at {place}"
            if not same_value(field.key, field.body, header["value"], root.charset):
                yield f"value of {field.name}: {header['value']}"


def offsets(value: dict[str, Any], base: int, *names: str) -> tuple[int, ...]:
    return tuple([value[f"offset_{name}"] - base for name in names])


def parsed(raw: bytes) -> Message:
    found = [one for one in rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext()) if isinstance(one, Message)]
    assert len(found) == 1
    return found[0]


def parts_of(part: MimePart) -> Iterator[MimePart]:
    yield part
    for child in part.parts:
        yield from parts_of(child)


def body_differences(raw: bytes, part: MimePart, body: dict[str, Any]) -> Iterator[str]:
    kind, value = next(iter(body.items()))
    content = decoders.DECODERS[part.decoder].whole(raw[part.body_start : part.end])
    if kind == "Multipart":
        if len(part.parts) != len(value):
            yield f"part {part.number!r} is no multipart of {len(value)}"
    elif kind == "Message":
        if part.media_type != "message/rfc822":
            yield f"part {part.number!r} is {part.media_type}"
        yield from differences(content, value)
    elif part.parts or part.media_type.startswith("text/") != (kind in ("Text", "Html")):
        yield f"part {part.number!r} is {part.media_type}, not {kind}"
    elif kind in ("Text", "Html"):
        text = charsets.decode(content, part.charset_found or part.charset or "us-ascii")
        if value != (charsets.decode_raw(content) if text is None else text):
            yield f"text of part {part.number!r}"
    elif bytes(value) != content:
        yield f"bytes of part {part.number!r}"


def same_value(key: str, body: bytes, value: Any, charset: str) -> bool:
    if not isinstance(value, dict):
        return value == "Empty" and (not body.strip(b"; \t\r\n") or b";" in body or key == "date")
    kind, expected = next(iter(value.items()))
    if key in ("message-id", "content-id", "references", "in-reply-to", "return-path"):
        return list(identifiers(body)) == (expected if isinstance(expected, list) else [expected])
    if kind == "Text":
        return words.decode_text(body, charset) == words.unfold(expected)
    if kind == "ContentType":
        read = parameters.parse_value(body)
        return (read.value, read.parameters) == type_expected(expected)
    if kind == "DateTime":
        return date_read(dates.parse_date(body)) == date_expected(expected)
    if kind == "Received":
        clauses = trace.parse_received(body)
        return bare(clauses.by) == host_expected(expected.get("by")) and clauses.id.strip("<>") == expected.get(
            "id", ""
        )
    if kind == "Address" and key != "list-id":
        ours = [(one.name, one.address, one.group) for one in addresses.parse_addresses(body)]
        return ours == list(address_expected(expected))
    return True
