"""When a mailbox took a mail in, by its own clock, and what else it put into the names of its files.

Separator lines of mbox files; names of Maildir files; numbers by which Cyrus (``7.``) and MH (``7``) call their files.

Source: RFC 4155; D. J. Bernstein, "Using maildir format", with ``M`` microseconds, ``P`` process, ``V`` device and
``I`` inode (Postfix writes these first); sizes by Courier and Dovecot after ``,S=`` (the file's) and ``,W=`` (with line
ends of two bytes); UIDs by isync and OfflineIMAP after ``,U=``, the folder by OfflineIMAP after ``,FMD5=``; flags after
``:2,`` (``;2,`` and ``!2,`` where a colon cannot stand); knowledge base 1.8.
"""

import re
from typing import NamedTuple

from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Fact, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail import dates
from forensics.parsers.mail.tokens.mailbox_ids import gmail_number
from forensics.parsers.mail.tokens.scheme import EARLIEST, LATEST

_EXPORTED = re.compile(rb"From (\d{16,20})@xxx ")
"""How Gmail's export begins a separator line."""
_NAME = re.compile(
    rb"(?P<seconds>\d{9,10})(?:_\d+)?\."
    rb"(?:V(?P<device>[0-9A-Fa-f]+)I(?P<inode>[0-9A-Fa-f]+)M(?P<micros>\d{1,6})"
    rb"|(?:[#A-Z][0-9A-Fa-f]+)*M(?P<first>\d{1,6})P\d+(?:V(?P<disk>[0-9A-Fa-f]+)I(?P<file>[0-9A-Fa-f]+))?[\w#]*"
    rb"|\d+_\d+|\d+)\.[\w.\\-]+"
    rb"(?P<keys>(?:,[A-Z]=\d+|,FMD5=[0-9A-Fa-f]{32})*)(?:[:;!]2,\w*,?)?\Z"
)
_KEY = re.compile(rb",(S|W|U|FMD5)=(\w+)")
_KEYS = {b"S": "maildir.size", b"W": "maildir.wire_size", b"U": "maildir.uid", b"FMD5": "maildir.folder"}
_CALLED = re.compile(rb"([1-9]\d{0,9})\.?\Z")


class Holder(NamedTuple):
    """What a From_ line stands in."""

    path: str
    """Of the line's date, for its locator."""
    place: int
    date: TimeKind
    number: TimeKind


ON_TOP = Holder("header:From_[0]", 0, TimeKind.FROM_LINE, TimeKind.FROM_LINE_NUMBER)
"""The mail itself, on top of its header."""


def in_mailbox(index: int) -> Holder:
    """Return the mailbox, where a line stands before the mail of an index."""
    return Holder(f"mbox:from[{index}]", index, TimeKind.SEPARATOR, TimeKind.SEPARATOR_NUMBER)


def inside_message(start: int, index: int) -> Holder:
    """Return the mailbox, where a line at *start* stands in a mail of an index, for readers who cut it there."""
    return Holder(f"mbox:inside[{start}]", index, TimeKind.SEPARATOR, TimeKind.SEPARATOR_NUMBER)


def from_line(line: bytes, start: int, date: tuple[int, int] | None, holder: Holder) -> tuple[Timestamp, ...]:
    """Return the times of a From_ line: its date, and the number by which Gmail's export calls the mail.

    Args:
        line: its bytes.
        start: where it stands.
        date: range of its date; ``None``: it has none.
        holder: what it stands in.
    """
    found: list[Timestamp] = []
    if date is not None:
        raw = line[date[0] - start : date[1] - start]
        written = dates.parse_asctime(raw)
        if written.wall is Absence.UNPARSABLE:
            written = dates.parse_date(raw)
        found.append(_taken_in(written, raw, Locator(ranges=(date,), path=holder.path), holder.date, holder.place))
    exported = _EXPORTED.match(line)
    if exported is not None:
        token, place = exported[1], start + exported.start(1)
        locator = Locator(ranges=((place, place + len(token)),), path=f"{holder.path}/number")
        for one in gmail_number(token):
            written = _counted(one.time, one.scheme.precision)
            found.append(_taken_in(written, token, locator, holder.number, holder.place, one.scheme.name))
    return tuple(found)


def maildir_name(name: bytes) -> tuple[Timestamp, ...]:
    """Return the time that a Maildir name gives, by the clock of the host that stored the mail; else nothing.

    Args:
        name: a file name, with or without folders.
    """
    found = _NAME.match(name.rpartition(b"/")[2])
    if found is None:
        return ()
    micros = found["micros"] or found["first"]
    fraction = int(micros) * (TICKS_PER_SECOND // 1_000_000) if micros else 0
    instant = int(found["seconds"]) * TICKS_PER_SECOND + fraction
    if not EARLIEST <= instant <= LATEST:
        return ()
    precision = Precision.MICROSECOND if micros else Precision.SECOND
    written, locator = _counted(instant, precision), Locator(path="file:name")
    return (_taken_in(written, found[0], locator, TimeKind.MAILDIR_NAME, scheme="Maildir"),)


def facts_of_name(name: bytes) -> tuple[Fact, ...]:
    """Return what a name says beside a time: Maildir's sizes, UID, device and inode, or the number that is the name.

    Args:
        name: a file name, with or without folders.
    """
    last = name.rpartition(b"/")[2]
    if not last[:1].isdigit():
        return ()
    if called := _CALLED.match(last):
        return (_named("mailbox.number", called[1], str(int(called[1]))),)
    found = _NAME.match(last)
    if found is None:
        return ()
    facts = [_named(_KEYS[key[1]], key[2], key[2].decode("ascii").lower()) for key in _KEY.finditer(found["keys"])]
    stored = (("device", found["device"] or found["disk"]), ("inode", found["inode"] or found["file"]))
    facts += [_named(f"maildir.{what}", raw, f"{int(raw, 16):x}") for what, raw in stored if raw]
    return tuple(facts)


def _named(what: str, raw: bytes, value: str) -> Fact:
    return Fact(name=what, value=value, raw=raw, locator=Locator(path=f"file:name/{what.partition('.')[2]}"))


def _counted(instant: int, precision: Precision) -> dates.WrittenDate:
    return dates.WrittenDate(instant, instant, Absence.NOT_APPLICABLE, precision, weekday=None)


def _taken_in(
    written: dates.WrittenDate, raw: bytes, locator: Locator, kind: TimeKind, index: int = 0, scheme: str = ""
) -> Timestamp:
    return Timestamp(
        instant=written.instant,
        wall=written.wall,
        offset_s=written.offset_s,
        precision=written.precision,
        description=Description.DELIVERED,
        clock=ClockKind.MAILBOX,
        owner="",
        raw=raw,
        locator=locator,
        kind=kind,
        index=index,
        scheme=scheme,
    )
