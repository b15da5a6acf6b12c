"""Lines that say who wrote what is quoted below them, and when: ``On Tue, Apr 29, 2025 at 10:11 AM X <x@y> wrote:``.

They end with a colon; clients fold them into two or three lines. Which client wrote one shows in its time.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.knowledge.quoting_words import quoting_words, weekday_names
from forensics.model.facts import Precision
from forensics.parsers.mail.quoting.lines import Line, line_after, line_at, line_before
from forensics.parsers.mail.quoting.senders import address_in, name_in
from forensics.parsers.mail.quoting.times import ReadTime, read_time

LONGEST = 400
"""Characters of an attribution line, however it is folded."""
MOST_LINES = 2000
"""Lines of one text with each of `MARKS` that are looked at."""
_FOLDED = 3
_WORDS = quoting_words().attribution


def _any(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_OPENER = re.compile(rf"[-*]{{0,3}} ?(?:(?:{_any(_WORDS.openers)})(?![\w.])|在)[ ,]*", re.IGNORECASE)
_CLOSING = sorted([verb.lower() for verb in _WORDS.closing], key=len, reverse=True)
_CLOSING_OF = {verb[-2:]: tuple([other for other in _CLOSING if other[-2:] == verb[-2:]]) for verb in _CLOSING}
"""By its last two letters: the verbs that end so, longest first."""
_LEADING = re.compile(rf"(?<!\w)(?:{_any(_WORDS.leading)}) [^\n]{{6,60}}\Z", re.IGNORECASE)
_CITED = re.compile(rf" (?:{_any(_WORDS.citing)}) <[^<>]{{1,250}}>\Z", re.IGNORECASE)
_INNER = re.compile(rf"(?<!\w)(?:{_any(_WORDS.inner)})(?!\w)", re.IGNORECASE)
MARKS = (" Sent: ", "Quoting ")
_OUTLOOK_LINE = re.compile(r"From: (?P<who>.{1,200}) Sent: (?P<time>.{8,60})")
"""What users of Outlook make of its header block where they answer below each passage."""
_QUOTING = re.compile(r"Quoting (?P<who>.{1,200}) \((?P<time>[-\d: +]{10,32})\)")
_LONGEST_UNDATED = 80
"""Characters of a name in a line without a time: longer ones are sentences."""
_LAST = tuple({word.rpartition(" ")[2].lower() for word in _WORDS.closing})
_TIMED = ("am", "pm", "m.", *map(str, range(10)))


class Attribution(NamedTuple):
    """One attribution line."""

    style: str
    depth: int
    text: str
    start: int
    end: int
    time: ReadTime | None
    name: str
    address: str


def attribution_at(text: str, colon: int) -> Attribution | None:
    """Return the attribution line that ends with a colon at a place; None where it is a line of another kind."""
    return _read(text, line_at(text, colon)) if _may_be(text, colon) else None


def timed_lines(text: str) -> Iterator[Attribution]:
    """Yield the lines that introduce a quote without a colon, by a time at their end."""
    for mark in MARKS:
        at, looked = text.find(mark), 0
        while at >= 0 and looked < MOST_LINES:
            looked += 1
            line = line_at(text, at)
            found = _OUTLOOK_LINE.fullmatch(line.text[:LONGEST]) or _QUOTING.fullmatch(line.text[:LONGEST])
            time = read_time(found["time"]) if found is not None else None
            if found is not None and time is not None and _quote_follows(text, line):
                address = address_in(found["who"])
                name, style = name_in(found["who"], address), "outlook" if found.re is _OUTLOOK_LINE else "other"
                yield Attribution(style, line.depth, line.text, line.start, line.end, time, name, address)
            at = text.find(mark, max(line.end, at + 1))


def _may_be(text: str, colon: int) -> bool:
    """Whether what stands before a colon at the end of a line can be an attribution: most are lines of other kinds."""
    before = text[max(0, colon - 80) : colon].rstrip(" \t*_").lower()
    if before[-5:] == "wrote":
        return True
    if before[-1:] in ">])" or not before.isascii():
        return before != ""
    line = before[before.rfind("\n") + 1 :]
    return line.endswith(_LAST) or "schrieb" in line or "schreef" in line or (":" in line and line.endswith(_TIMED))


def _read(text: str, last: Line) -> Attribution | None:
    joined, start, line = last.text, last.start, last
    time = read_time(joined)
    for _ in range(_FOLDED - 1):
        if time is not None and _OPENER.match(joined):
            break
        above = line_before(text, line)
        if above is None or above.depth != last.depth or not above.text or len(above.text) + len(joined) > LONGEST:
            break
        if above.text.endswith((":", ".", "?", "!")) or (time is not None and not _OPENER.match(above.text)):
            break
        longer = f"{above.text} {joined}"
        found = read_time(longer)
        if found is None and not _OPENER.match(above.text) and line is not last:
            break
        joined, start, line, time = longer, above.start, above, found
    if time is None and line is not last:  # no line above it says when: only this one is meant
        joined, start = last.text, last.start
    if len(joined) > LONGEST:
        return None
    return _taken(text, last, joined, start, time)


def _taken(text: str, last: Line, joined: str, start: int, time: ReadTime | None) -> Attribution | None:
    said = joined.rstrip(" :：*_")
    said = _CITED.sub("", said) if said.endswith(">") else said
    opener, verb = _OPENER.match(said), _closing(said)
    body = said[: len(said) - verb]
    leading = _LEADING.search(said) if not verb and time is not None else None
    inner = _INNER.search(said) if not verb and leading is None else None
    address = address_in(body, last=time is not None)
    told = verb > 0 or leading is not None or inner is not None
    if not told and (time is None or not (address or opener)):
        return None
    if (time is None or not told) and not _quote_follows(text, last):
        return None
    if leading is not None:
        body = said[: leading.start()]
    name = _name(body, opener.end() if opener is not None else 0, time, inner, address)
    if time is None and (not (name or address) or len(name) > _LONGEST_UNDATED):
        return None
    style = _style(said, time, address, opener is not None)
    return Attribution(style, last.depth, joined, start, last.end, time, name, address)


def _closing(said: str) -> int:
    """Return the length of the verb with which a line ends; 0 where it ends with none."""
    lower = said[-40:].lower()
    verb = next((len(one) for one in _CLOSING_OF.get(lower[-2:], ()) if lower.endswith(one)), 0)
    before = said[-verb - 1 : -verb] if verb else ""
    return 0 if before.isalpha() and before.isascii() else verb


def _quote_follows(text: str, last: Line) -> bool:
    line: Line | None = last
    for _ in range(3):
        line = line_after(text, line) if line is not None else None
        if line is not None and line.text:
            return line.depth > last.depth
    return False


def _name(body: str, opened: int, time: ReadTime | None, inner: re.Match[str] | None, address: str) -> str:
    """Return the sender's name: what stands behind the time, else before it, without address and words of time."""
    if inner is not None and (time is None or inner.start() >= time.end):
        return name_in(body[inner.end() :], address)
    if time is None:
        return name_in(body[opened:], address)
    after = body[time.end :]
    name = name_in(_INNER.sub(" ", after) if inner is not None else after, address)
    return name if name or (address and address in after) else name_in(body[opened : time.start], address)


def _style(said: str, time: ReadTime | None, address: str, opened: bool) -> str:
    """Return the family of clients that write so; ``other`` where several do."""
    if time is None:
        return "undated"
    seconds, minute = time.precision is Precision.SECOND, time.precision is Precision.MINUTE
    offset, between = time.zone[:1] in ("+", "-"), said[time.start : time.end]
    if time.form == "iso" and offset:
        return "evolution" if minute else "other"
    if time.form == "numbers" and minute and not offset:
        return "outlook" if address else "thunderbird"  # Outlook for Mac; Thunderbird names no address
    if time.form == "iso":
        return "thunderbird" if minute and opened else "other"
    if time.precision is Precision.DAY:
        return "pine" if time.form == "named" else "gmail"
    if seconds and offset:
        return "mutt" if not time.day_first and " at " in between else "rfc"
    if seconds:
        return "yahoo" if not time.day_first and time.zone else "kmail"
    if ", at " in between or ", um " in between:
        before = said[: time.start].rstrip(" ,").rpartition(" ")[2].lower()
        return "fastmail" if before in weekday_names() and len(before) <= 3 else "apple"
    if " at " in between or (address and not time.zone):
        return "gmail"
    return "other"
