"""Zip archives: the structure as it stands, and every member as a child item.

Source: PKWARE APPNOTE.TXT 6.3.10; Info-ZIP extrafld.txt.
"""

from collections.abc import Iterator, Sequence

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, Limits, ParseContext, Range
from forensics.model.locations import Location
from forensics.parsers import Yielded

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_SPLIT = (b"PK\x07\x08", b"PK00")
_PROGRAM = b"MZ"
_PARTS = tuple([f".z{number:02}" for number in range(1, 100)])
"""Names of the parts of a split archive but its last."""

FORMAT = Format(
    id="zip",
    title="Zip archive",
    media_types=("application/zip",),
    extensions=(".zip", ".jar", ".apk", ".kmz", ".epub", ".xpi", ".war", *_PARTS),
    version=4,
    begins=(_LOCAL, _END, *_SPLIT, _PROGRAM),
    ends=_END,
    wraps=True,
    damaged=("zip.truncated", "zip.split", "zip.damaged", "zip.crc", "zip.hmac"),
    over_budget=("zip.expansion_limit",),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* opens a zip: a member, an empty archive, a split one, or a self-extracting program."""
    if head.startswith((_LOCAL, _END)):
        return True
    if head.startswith(_SPLIT):
        return head[4:8] == _LOCAL
    if head.startswith(_PROGRAM):
        tail = source.read(max(0, source.size - 65_557), source.size)
        at = tail.rfind(_END)
        return at >= 0 and _CENTRAL in tail[:at]
    return False


def sniff_named(head: bytes, source: ByteSource) -> bool:
    """Whether a member begins somewhere in content whose name says zip: a middle part of a split archive, or a rest."""
    from forensics.parsers.archive._zip_recover import holds_member

    return holds_member(source)


def sniff_inside(head: bytes, source: ByteSource) -> bool:
    """Whether an end record leads to a directory, whatever stands before the archive."""
    from forensics.parsers.archive._zip_end import leads_to_directory

    return leads_to_directory(source)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the archive's facts, then its members in the order of its directory.

    Members whose bytes cannot be had are children without content, with the reason as a notice.
    """
    from forensics.parsers.archive._zip_children import read

    return read(source, context)


def cut(source: ByteSource, limits: Limits) -> Sequence[Range]:
    """Return runs of members of a large archive of which every byte is accounted for by its directory."""
    from forensics.parsers.archive._zip_runs import runs

    return runs(source, limits)


def parse_range(source: ByteSource, part: Range, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the members of a run, as `parse` of the whole yields them."""
    from forensics.parsers.archive._zip_children import read_run

    return read_run(source, part, context)


def parse_rest(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of an archive of which the members are read in runs."""
    from forensics.parsers.archive._zip_children import read_rest

    return read_rest(source, context)
