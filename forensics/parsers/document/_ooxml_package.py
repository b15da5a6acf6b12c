"""How an Office Open XML package is written: the marks of its zip headers, and how its parts begin.

Source: ECMA-376 part 2 annex B (zip items), PKWARE APPNOTE 4.4; kb:OOX-1, kb:OOX-2c.
"""

import re
import zlib

from forensics.model.byte_sources import ByteSource
from forensics.model.locations import Locator, quote
from forensics.parsers._gathering import Gathering
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive.zip_structure import Directory
from forensics.parsers.document._package import Package
from forensics.parsers.document._package_forms import GROWTH_HINT, form_facts

MOST_PARTS = 2_000
_HEAD = 1024
"""Stored bytes of a part that are decoded for how it begins."""
_OWN_PARTS = re.compile(
    rb"(?:\[Content_Types\]|docProps/[^/]{1,60}|(?:word|xl|ppt)/[^\0]{1,200}|_rels/\.rels)(?:\.xml|\.rels)?",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    rb"(?:word|xl|ppt)/(?:media|embeddings|customXml)/|.*\.(?!xml\Z|rels\Z)[^./]{1,10}\Z", re.IGNORECASE
)
"""What is no XML of the program's own."""
_PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]{0,200}\?>)?[ \t\r\n]{0,8}")


def package_facts(source: ByteSource, directory: Directory, package: Package, gathering: Gathering) -> None:
    """Add how the members are written, form by form, and how the XML parts begin.

    Facts:
        ``ooxml.package_form``: as `form_facts` says.
        ``ooxml.growth_hint``: how many members have the padding that Office leaves, at the first of them.
        ``ooxml.first_part``: the name of the member that the directory lists first.
        ``ooxml.prologue``: first what stands before the root of most parts, at one of them; then, of every part in
        which something else stands there, that. The part's name comes before it.
    """
    members = [one for one in directory.members if one.central is not None]
    form_facts(source, directory, gathering, "ooxml.package_form")
    hints = [extra for one in members if one.local for extra in one.local.extras if extra.id == GROWTH_HINT]
    if hints:
        where = Locator(path="zip:local.growth_hint", ranges=((hints[0].start, hints[0].start + 2),))
        gathering.add_fact("ooxml.growth_hint", str(len(hints)), where, source.read(hints[0].start, hints[0].start + 2))
    if members and (header := members[0].central) is not None:
        locator = Locator(path="zip:central[0].name", ranges=(header.range("name"),))
        gathering.add_fact("ooxml.first_part", quote(members[0].name), locator, header.raw("name"))
    _prologues(source, directory, package, gathering)


def _prologues(source: ByteSource, directory: Directory, package: Package, gathering: Gathering) -> None:
    found: dict[bytes, list[bytes]] = {}
    for member in directory.members:
        if _OWN_PARTS.fullmatch(member.name) and not _LEFT_OUT.match(member.name):
            head = _beginning(source, member)
            if head is not None and (match := _PROLOGUE.match(head)) and match.end() < len(head):
                found.setdefault(match[0], []).append(member.name)
    most = max(found, key=lambda prologue: len(found[prologue]), default=b"")
    for prologue, names in sorted(found.items(), key=lambda one: one[0] != most):
        if prologue != most and len(names) > MOST_PARTS:
            text = f"{len(names)} parts begin in one way that most do not, limit {MOST_PARTS}; the rest is not told"
            gathering.note("part_limit", text)
        for name in names[:1] if prologue == most else names[:MOST_PARTS]:
            layer = package.layer(name)
            if layer is None or not layer.data.startswith(prologue):
                continue
            raw = layer.cut((0, len(prologue)) if prologue else None, "")
            value = f"{quote(name)} {prologue.decode('utf-8', 'replace')}"
            gathering.add_fact("ooxml.prologue", value, raw.locator(f"xml:{quote(name)}#prologue"), raw.data)


def _beginning(source: ByteSource, member: Member) -> bytes | None:
    """Return how a part begins; ``None`` where it cannot be read."""
    if member.encrypted or member.local is None or member.method not in (0, 8):
        return None
    stored = source.read(member.data_start, min(member.data_end, member.data_start + _HEAD))
    if member.method == 0:
        return stored
    try:
        return zlib.decompressobj(-15).decompress(stored, _HEAD)
    except zlib.error:
        return None
