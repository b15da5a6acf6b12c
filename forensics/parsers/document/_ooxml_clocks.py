"""Times inside a package that PowerPoint and Excel write in UTC: changes of its sessions, comments with answers.

Source: [MS-PPTX] 2.6 (changesInfo: ``dt``; revisionInfo: ``client``), 2.2.15 (comments with time zone), 2.12
(modern comments); [MS-XLSX] 2.6.203 (threadedComment), 2.6.206 (person); [MS-DOCX] 2.5.1.32 (commentsExtensible).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.facts import TICKS_PER_SECOND, Absence, Description
from forensics.model.locations import quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._written_dates import WrittenDate, w3cdtf
from forensics.parsers._xml import Element
from forensics.parsers.document._package import Package

MOST_PARTS = 500
MOST_COMMENTS = 2_000
PART_BYTES = 1 << 23
"""A larger part with comments is not read for them."""
_CHANGES = re.compile(rb"ppt/changesInfos/[^/]{1,80}\.xml|ppt/revisionInfo\.xml", re.IGNORECASE)
_WHEN = re.compile(rb"""\sdt\s{0,8}=\s{0,8}["'](\d{4}-[0-9T:.Z+-]{6,40})["']""")
_BIAS = re.compile(r"[+-]?\d{1,4}")


class _Form(NamedTuple):
    """Parts with comments: the element of one, and the attribute that dates it."""

    names: re.Pattern[bytes]
    elements: frozenset[str]
    attribute: str
    kind: TimeKind


_COMMENTS = (
    _Form(
        re.compile(rb"xl/threadedComments/[^/]{1,80}\.xml", re.IGNORECASE),
        frozenset(("threadedComment",)),
        "dT",
        TimeKind.COMMENT_UTC,
    ),
    _Form(
        re.compile(rb"ppt/comments/modern[^/]{1,80}\.xml", re.IGNORECASE),
        frozenset(("cm", "reply")),
        "created",
        TimeKind.COMMENT_UTC,
    ),
    _Form(
        re.compile(rb"word/commentsExtensible\.xml", re.IGNORECASE),
        frozenset(("commentExtensible",)),
        "dateUtc",
        TimeKind.COMMENT_UTC,
    ),
    _Form(
        re.compile(rb"ppt/comments/comment\d{1,9}\.xml", re.IGNORECASE),
        frozenset(("cm",)),
        "dt",
        TimeKind.COMMENT_LOCAL,
    ),
)


def clock_facts(package: Package, gathering: Gathering, application: str) -> None:
    """Add the times of changes and comments.

    Facts:
        Times of kind `TimeKind.SESSION_CHANGE`: of each list of changes the first and the last, in UTC;
        ``ooxml.session_changes``: how many times it has.
        Times of kind `TimeKind.COMMENT_UTC`, and `TimeKind.COMMENT_LOCAL`: the author's wall time, with the instant
        where the comment tells the zone.
    """
    for name in package.named(_CHANGES, MOST_PARTS):
        if (layer := package.layer(name)) is not None:
            _changes(layer, f"xml:{quote(name)}", gathering, application)
    left = MOST_COMMENTS
    for form in _COMMENTS:
        for name in package.named(form.names, MOST_PARTS):
            part = package.part(name) if package.small(name, PART_BYTES) else None
            for element in _of(part.root, form.elements) if part else ():
                left -= 1
                if part is None or left < 0:
                    gathering.note("comments", f"more than {MOST_COMMENTS} comments; times of the rest are not told")
                    return
                _comment(part.layer, part.path, element, form, gathering, application)


def _changes(layer: Layer, path: str, gathering: Gathering, application: str) -> None:
    first = last = None
    count = 0
    for one in _WHEN.finditer(layer.data):
        count += 1
        first = one if first is None or one[1] < first[1] else first
        last = one if last is None or one[1] > last[1] else last
    if first is None or last is None:
        return
    for name, one in (("first", first), ("last", last)) if count > 1 else (("first", first),):
        raw = layer.cut(one.span(1), "")
        gathering.add_time(
            _utc(one[1].decode("ascii")),
            TimeKind.SESSION_CHANGE,
            Description.RECORDED,
            raw.locator(f"{path}#{name}"),
            raw.data,
            owner=application,
        )
    raw = layer.cut(last.span(1), "")
    gathering.add_fact("ooxml.session_changes", str(count), raw.locator(f"{path}#changes"), raw.data)


def _of(root: Element, names: frozenset[str]) -> Iterator[Element]:
    return (one for one in root.walk() if one.local in names)


def _comment(layer: Layer, path: str, element: Element, form: _Form, gathering: Gathering, application: str) -> None:
    value = next((value for name, value in element.attributes.items() if _local(name) == form.attribute), None)
    if value is None:
        return
    written = _utc(value.text) if form.kind is TimeKind.COMMENT_UTC else _local_time(value.text, element)
    raw = layer.cut(value.span, value.text)
    locator = raw.locator(f"{path}#{element.local}.{form.attribute}")
    gathering.add_time(written, form.kind, Description.RECORDED, locator, raw.data, owner=application)


def _utc(text: str) -> WrittenDate:
    """Read a time that is UTC whether or not it says so."""
    return w3cdtf(text if text.endswith("Z") else f"{text}Z")


def _local_time(text: str, element: Element) -> WrittenDate:
    """Read a wall time, with its zone where the comment has it: minutes to be added for UTC."""
    written = w3cdtf(text)
    biases = [value.text for one in element.walk() for name, value in one.attributes.items() if _local(name) == _ZONE]
    if not isinstance(written.wall, int) or isinstance(written.instant, int):
        return written
    if len(biases) != 1 or not _BIAS.fullmatch(biases[0]) or abs(int(biases[0])) > _MOST_BIAS:
        return written._replace(instant=Absence.NOT_PRESENT)
    seconds = 60 * int(biases[0])
    return written._replace(instant=written.wall + seconds * TICKS_PER_SECOND, offset_s=-seconds)


_ZONE, _MOST_BIAS = "timeZoneBias", 840


def _local(name: str) -> str:
    return name.rpartition("}")[2]
