"""Header blocks above a quote: ``From: / Sent: / To: / Cc: / Subject:`` in the language of the client that wrote them.

A block is what its labels say; the lines above it (``-----Original Message-----``, underscores) only tell the client.
It ends with an empty line, or where a line is neither a label's nor the rest of a value.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.knowledge.quoting_words import label_fields, quoting_words
from forensics.parsers.mail.quoting.lines import Line, line_after, line_at, line_before
from forensics.parsers.mail.quoting.senders import address_in, name_in
from forensics.parsers.mail.quoting.times import ReadTime, read_time

MOST_LINES = 500
"""Lines of one text with a subject's label that are looked at."""
MOST_FIELDS = 40
"""Lines of one block: more are no header that a client wrote."""
LONGEST_VALUE = 4000
_SUBJECTS = frozenset([label.lower() for label in quoting_words().labels["subject"]])


def behind(labels: Iterable[str]) -> str:
    """Return the pattern of a colon behind words that may be some labels: it is found fast, for few colons are such."""
    ends = sorted({re.escape(label[-4:]) for label in labels})
    last = re.escape("".join(sorted({label[-1] for label in labels})))
    close, apart = "|".join([f"(?<={end}:)" for end in ends]), "|".join([f"(?<={end}[ *]:)" for end in ends])
    return f":(?:(?<=[{last}]:)(?:{close})|(?<=[ *]:)(?:{apart}))"


_SUBJECT = re.compile(behind([label for label in quoting_words().labels["subject"] if label.isascii()]))
_ANY_SUBJECT = re.compile(rf"{behind(quoting_words().labels['subject'])}|：")
_LABEL = re.compile(r"[*_]{0,2}([^\W\d_](?:[^\W\d_]|[- ]){0,18}?) ?[*_]{0,2} ?[:：][*_]{0,2} ?")
_BEFORE_LABEL = " \t>|*_"
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


def blocks(text: str) -> Iterator[Block]:
    """Yield the header blocks of a text, in order."""
    looked, after = 0, 0
    for at in _subjects(text):
        if at < after:
            continue
        looked += 1
        if looked > MOST_LINES:
            return
        block = _block(text, line_at(text, at))
        if block is not None:
            after = block.end
            yield block


def _subjects(text: str) -> Iterator[int]:
    """Yield where a line begins with a subject's label."""
    pattern = _SUBJECT if text.isascii() else _ANY_SUBJECT
    for found in pattern.finditer(text):
        at = found.start()
        line = text[text.rfind("\n", max(0, at - 80), at) + 1 or max(0, at - 80) : at].lstrip(_BEFORE_LABEL)
        if line.rstrip(" *").lower() in _SUBJECTS:
            yield at


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
        elif "subject" not in fields:
            fields[current] = f"{fields[current]} {line.text}"[:LONGEST_VALUE]
        else:
            break
        last = line
        line = line_after(text, line)
    return fields, last


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
