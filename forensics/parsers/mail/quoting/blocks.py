"""Header blocks above a quote: ``From: / Sent: / To: / Cc: / Subject:`` in the language of the client that wrote them.

A block is what its labels say; the lines above it (``-----Original Message-----``, underscores) only tell the client.
It ends with an empty line, or where a line is neither a label's nor the rest of a value.
"""

import re
from typing import NamedTuple

from forensics.knowledge.quoting_words import label_fields, quoting_words
from forensics.parsers.mail.quoting.lines import Line, line_after, line_at, line_before
from forensics.parsers.mail.quoting.senders import address_in, name_in
from forensics.parsers.mail.quoting.times import ReadTime, read_time

MOST_FIELDS = 40
"""Lines of one block: more are no header that a client wrote."""
LONGEST_VALUE = 4000
_SUBJECTS = frozenset([label.lower() for label in quoting_words().labels["subject"]])
_LABEL = re.compile(r"[*_]{0,2}([^\W\d_](?:[^\W\d_]|[- ]){0,18}?) ?[*_]{0,2} ?[:：][*_]{0,2} ?")
_AROUND_LABEL = " \t>|*_"
_BEHALF = re.compile(
    r" (?:\[mailto:[^\]]{0,200}\] ?)?(?:On Behalf Of|Im Auftrag von|De la part de|En nombre de|Per conto di|Namens) ",
    re.IGNORECASE,
)
_FORWARDED = {words: client for client, heads in quoting_words().forwarded.items() for words in heads}


class Block(NamedTuple):
    """One header block."""

    style: str
    depth: int
    text: str
    start: int
    end: int
    time: ReadTime | None
    name: str
    address: str
    fields: dict[str, str]
    """``from``, ``sent`` or ``date``, ``to``, ``cc``, ``subject`` to what stands there, folding removed."""


def block_at(text: str, colon: int) -> Block | None:
    """Return the header block whose subject's label ends with a colon at a place; None where there is none."""
    at = max(text.rfind("\n", max(0, colon - 80), colon) + 1, colon - 80, 0)
    label = text[at:colon].strip(_AROUND_LABEL).lower()
    return _block(text, line_at(text, colon)) if label in _SUBJECTS else None


def _field(line: Line) -> tuple[str, str] | None:
    """Return the field that a line's label names, and what follows it."""
    found = _LABEL.match(line.text)
    field = label_fields().get(found[1].lower()) if found is not None else None
    return (field, line.text[found.end() :]) if field and found is not None else None


def _block(text: str, subject: Line) -> Block | None:
    if _field(subject) is None:
        return None
    first, above = subject, line_before(text, subject)
    plain = 0
    for _ in range(MOST_FIELDS):
        if above is None or above.depth != subject.depth or not above.text or plain > 20:
            break
        if _field(above) is not None:
            first, plain = above, 0
        else:
            plain += 1
        above = line_before(text, above)
    fields, last = _fields(text, first)
    if not fields.get("from") or not ("sent" in fields or "date" in fields or "to" in fields):
        return None
    sent = fields.get("sent") or fields.get("date") or ""
    author = _BEHALF.split(fields["from"])[-1]
    address = address_in(author)
    name = name_in(author, address)
    time = read_time(sent[:200])
    style = _style(text, first, fields, time)
    return Block(style, first.depth, text[first.start : last.end], first.start, last.end, time, name, address, fields)


def _fields(text: str, first: Line) -> tuple[dict[str, str], Line]:
    """Read a block from its first line on; the line where it ends."""
    fields: dict[str, str] = {}
    line: Line | None = first
    last, current = first, ""
    for _ in range(MOST_FIELDS):
        if line is None or line.depth != first.depth or not line.text:
            break
        named = _field(line)
        if named is not None:
            if named[0] in fields and named[0] != "other":
                break  # a second block, without a line between
            current = named[0]
            fields[current] = named[1].strip()
        elif current in ("to", "cc", "from") or not fields.get(current):
            fields[current] = f"{fields.get(current, '')} {line.text}".strip()[:LONGEST_VALUE]
        elif "subject" not in fields or (current == "subject" and _ends(text, line)):
            fields[current] = f"{fields[current]} {line.text}"[:LONGEST_VALUE]
        else:
            break
        last = line
        line = line_after(text, line)
    return fields, last


def _ends(text: str, line: Line) -> bool:
    """Whether a block ends behind a line, or goes on with a label: the line is the rest of a value then."""
    below = line_after(text, line)
    return below is None or not below.text or _field(below) is not None


def _style(text: str, first: Line, fields: dict[str, str], time: ReadTime | None) -> str:
    """Return the family of clients that write so: ``header`` where it has the time as a mail's own header does."""
    if "sent" in fields:
        return "outlook"
    above: Line | None = first
    for _ in range(3):
        above = line_before(text, above) if above is not None else None
        if above is not None and above.text:
            client = _FORWARDED.get(above.text.strip("-=_ "))
            if client is not None:
                return f"forwarded_{client}"
            break
    return "header" if time is not None and time.zone[:1] in ("+", "-") else "block"
