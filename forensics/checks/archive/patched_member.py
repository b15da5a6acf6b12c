"""Few members of a package or zip carry another date or another writer's marks than the rest: they came later.

Office writes all parts of a package at once, with the constant date 1980-01-01; every packing program marks all that it
writes alike. A part that was replaced afterwards has the marks of whoever replaced it, and a real date.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.checks import settle
from forensics.checks._facts import settled, shown
from forensics.checks._packing import CITED, cite_marks, name_of, writer
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import archive, member
from forensics.examples.times import ticks, time
from forensics.model.documents import DATED_FROM, ArchiveFacts, ArchiveMember
from forensics.model.facts import ClockKind
from forensics.model.presence.archive import ArchiveHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import Sentence, says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="archive.patched_member",
    version=3,
    title="Few members of a ZIP or package came from elsewhere than the rest",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.TWO_LISTED,
    bins=(
        Bin("content_other_writer"),
        Bin("content"),
        Bin("part_other_writer"),
        Bin("part"),
        Bin("picture"),
        *[Bin(name, ceiling=Strength.CONTEXT) for name in ("properties", "beside", "ribbon", "rewritten")],
        Bin("appended"),
        Bin("between"),
    ),
    group="packer",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("part_maintained", "parts_taken_over", "patch_tool", "member_added", "marks_by_entry"),
    settle=settle.ARCHIVE,
    references=("APPNOTE 4.4.2", "kb:OOX-2", "kb:ARC-6", "attack:stored-data-manipulation"),
)

_SAID = {
    "dates": says(
        "rule.archive.patched_member.dates",
        one=(
            "A date stands at {count} of {members} parts, at the rest the constant of a package that was written at "
            "once; the first is {name}: {time}, by the clock of whoever put it in."
        ),
    ),
    "kept": says(
        "rule.archive.patched_member.kept",
        one=(
            "The constant of a package that was written at once stands at {count} of {members} parts, at the rest "
            "dates: the package was written anew and kept {name}."
        ),
    ),
    "marks": says(
        "rule.archive.patched_member.marks",
        one=(
            "The marks of another program than that of the rest (host and version {marks}, not {rest}) stand at "
            "{count} of {members} members; the first is {name}, dated {time}."
        ),
    ),
}
_STOCK = says(
    "note.stock_parts", one="All of these parts are dated before 2008 and are those of Microsoft's templates."
)
_HOST_ALONE = says(
    "note.host_alone",
    one=(
        "The marks differ in the host system alone, which build programs set for members with permissions of Unix only."
    ),
)
_UNDATED = says("note.member_undated", one="not at all")

_PACKAGES = ("ooxml", "odf")
_CONTENT = re.compile(
    r"word/(?:document|comments|footnotes|endnotes|header|footer)\d*\.xml|xl/(?:worksheets|chartsheets)/[^/]+\.(?:xml|bin)"
    r"|xl/(?:sharedstrings|comments\d*)\.(?:xml|bin)|ppt/(?:slides|notesslides|comments)/[^/]+\.xml|content\.xml"
)
_PROPERTIES = re.compile(
    r"docprops/.*|customxml/.*|docmetadata/.*|\[content_types\]\.xml|_rels/\.rels|meta\.xml|meta-inf/.*"
)
_BESIDE = re.compile(r".*/|.*\b(?:media|fonts|printersettings|thumbnails?)\b.*")
_RIBBON = re.compile(r"(?:user)?customui/.*")
"""Buttons and menus, which editors of ribbons put into finished packages: authors of macros do."""
_PICTURE = re.compile(r"(?:(?:word|xl|ppt)/)?media/[^/]+")
_STOCK_PARTS = re.compile(r"_rels/\.rels|docprops/(?:core\.xml|thumbnail\.\w{3,4})")
_STOCK_UNTIL = ticks("2008-01-01T00:00:00")


class _Found(NamedTuple):
    """Members that differ from the rest, and in what."""

    odd: Sequence[ArchiveMember]
    rest: Sequence[ArchiveMember]
    how: str


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Look for a date among constants in packages of documents, else for another writer's marks."""
    listed = [entry for entry in facts.members if entry.listed_at is not None and not entry.name.endswith("/")]
    package = facts.format in _PACKAGES
    found = (_by_date(listed) if package else None) or _by_marks(listed)
    if found is None:
        return
    name = "rewritten" if found.how == "kept" else _bin(found) if package else _place(found, listed)
    first = found.odd[0]
    values: dict[str, str | Sentence] = {"name": name_of(first)}
    if found.how != "kept":
        values["time"] = shown(first.packed) if first.packed else _UNDATED()
    if found.how == "marks":
        values |= {"marks": _shown(writer(first)), "rest": _shown(writer(found.rest[0]))}
    yield Observation(
        sentence=_SAID[found.how](count=str(len(found.odd)), members=str(len(listed)), **values),
        bin=name,
        evidence=(
            *[fact for entry in found.odd[:CITED] for fact in cite_marks(entry, Role.SUSPECT)],
            *cite_marks(found.rest[0], Role.WITNESS),
        ),
        suspect=f"zip:central[{first.index}].made_by",
        benign=tuple(_causes(found, package=package)),
    )


def _by_date(listed: Sequence[ArchiveMember]) -> _Found | None:
    dated = [entry for entry in listed if _wall(entry) >= DATED_FROM]
    if not 0 < len(dated) < len(listed):
        return None
    rest = [entry for entry in listed if _wall(entry) < DATED_FROM]
    return _Found(dated, rest, "dates") if len(dated) < len(rest) else _Found(rest, dated, "kept")


def _by_marks(listed: Sequence[ArchiveMember]) -> _Found | None:
    marks = [writer(entry) for entry in listed]
    if len(set(marks)) < 2:
        return None
    most = Counter(marks).most_common(1)[0][0] if 2 * Counter(marks).most_common(1)[0][1] > len(marks) else marks[0]
    odd = [entry for entry, mark in zip(listed, marks, strict=True) if mark != most]
    return _Found(odd, [entry for entry, mark in zip(listed, marks, strict=True) if mark == most], "marks")


def _wall(entry: ArchiveMember) -> int:
    stamp = entry.packed
    return stamp.wall if stamp is not None and isinstance(stamp.wall, int) else 0


def _bin(found: _Found) -> str:
    """Return what the parts are, and whether another program than that of the rest wrote them."""
    names = [entry.name.lower().replace("\\", "/") for entry in found.odd]
    if all(_PROPERTIES.fullmatch(name) for name in names):
        return "properties"
    if all(_PROPERTIES.fullmatch(name) or _RIBBON.fullmatch(name) for name in names):
        return "ribbon"
    content = any(_CONTENT.fullmatch(name) for name in names)
    if not content and all(_PROPERTIES.fullmatch(name) or _BESIDE.fullmatch(name) for name in names):
        return "picture" if any(_PICTURE.fullmatch(name) for name in names) else "beside"
    other = {writer(entry) for entry in found.odd} - {writer(entry) for entry in found.rest}
    return ("content" if content else "part") + ("_other_writer" if other else "")


def _place(found: _Found, listed: Sequence[ArchiveMember]) -> str:
    odd = {entry.index for entry in found.odd}
    return "appended" if all(entry.index in odd for entry in listed[-len(odd) :]) else "between"


def _shown(mark: tuple[int, int]) -> str:
    host, version = mark
    return f"{host}/{version / 10}" if version else f"{host}/1.0-2.0"


def _causes(found: _Found, *, package: bool) -> Iterator[BenignState]:
    names = [entry.name.lower() for entry in found.odd]
    old = all(_wall(entry) < _STOCK_UNTIL for entry in found.odd)
    if found.how == "dates" and old and all(_STOCK_PARTS.fullmatch(name) for name in names):
        yield settled("parts_taken_over", State.EXPLAINS, _STOCK())
    if found.how == "marks" and not package and not any(writer(entry)[1] for entry in (*found.odd, found.rest[0])):
        yield settled("marks_by_entry", State.EXPLAINS, _HOST_ALONE())


OFFICE, ZIP, PLAIN = 45, 3 << 8 | 30, 20
"""Version made by of desktop Office, of Info-ZIP on Unix, and of most libraries."""


def listed(name: str, at: str, index: int = 0, made_by: int = OFFICE) -> ArchiveMember:
    """A listed member with a time by the packer's clock, for cases."""
    kind = TimeKind.CENTRAL_DOS
    stamp = time(at, path=f"zip:central[{index}].dos", kind=kind, clock=ClockKind.PACKER)
    return member(name, index=index, times=(stamp,), made_by=made_by, listed_at=60 * index)


def _package(*changed: ArchiveMember, format: str = "ooxml", at: str = "1980-01-01T00:00:00") -> ArchiveFacts:
    """A Word document of six parts, of which some are others; a folder among them."""
    names = ("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "docProps/core.xml", "word/")
    others = {entry.index: entry for entry in changed}
    last = max([6, *[place + 1 for place in others]])
    own = [listed(name, at, place) for place, name in enumerate(names)]
    return archive(*[others.get(place) or own[place] for place in range(last)], format=format)


def cases() -> Iterator[Case]:
    """Cases of parts by what they hold and who wrote them, of templates, and of other archives."""
    day = "2014-03-03T16:10:24"
    text, styles = listed("word/document.xml", day, 2), listed("word/styles.xml", day, 3)
    yield fires(_package(listed("word/document.xml", day, 2, ZIP)), "zip -u of the text", bin="content_other_writer")
    yield fires(_package(text), "the text, by a library that marks as Office does", bin="content")
    yield fires(_package(listed("word/styles.xml", day, 3, 63)), "the styles, by 7-Zip", bin="part_other_writer")
    yield fires(_package(styles), "the styles", bin="part")
    core = listed("docProps/core.xml", day, 4)
    yield fires(_package(core), "the properties alone", bin="properties")
    yield fires(_package(listed("word/media/image1.png", day, 6)), "a picture", bin="picture")
    yield fires(_package(listed("docProps/thumbnail.jpeg", day, 6), core), "a preview", bin="properties")
    yield fires(_package(listed("word/fonts/font1.odttf", day, 6), core), "a font", bin="beside")
    menu, rel = listed("customUI/customUI14.xml", day, 6, 63), listed("_rels/.rels", day, 1, 63)
    yield fires(_package(menu, rel), "an editor of ribbons", bin="ribbon")
    yield fires(_package(menu, text), "an editor of ribbons, and the text", bin="content_other_writer")
    types, rels = listed("[Content_Types].xml", day, 0), listed("_rels/.rels", day, 1)
    yield fires(_package(types, rels, text, styles), "all but one were written anew", bin="rewritten")
    stock = listed("docProps/core.xml", "2006-09-14T11:15:06", 4)
    yield explained(_package(stock), "a part of Microsoft's own templates", by="parts_taken_over")
    saved = _package(listed("word/document.xml", day, 2, ZIP), at="2014-03-01T10:00:00")
    yield fires(saved, "a real date on all, and one part by another program", bin="content_other_writer")
    one, two, three = [listed(name, day, place, ZIP) for place, name in enumerate(("a.txt", "b.txt", "c.txt"))]
    later = listed("c.txt", "2014-03-09T10:00:00", 2, PLAIN)
    yield fires(archive(one, two, later), "a member behind those of another program", bin="appended")
    between = listed("b.txt", "2014-03-09T10:00:00", 1, PLAIN)
    yield fires(archive(one, between, three), "a member replaced in its place", bin="between")
    yield fires(archive(one, between), "two members of two programs", bin="appended")
    unix = listed("b.txt", day, 1, 3 << 8 | PLAIN)
    host = archive(listed("a.txt", day, 0, PLAIN), unix, listed("c.txt", day, 2, PLAIN))
    yield explained(host, "a build program's member with permissions", by="marks_by_entry")
    yield silent(_package(), "a package that was written at once")
    yield silent(_package(listed("word/", day, 5)), "a folder alone has a date")
    yield silent(_package(at=day), "one date for all")
    yield silent(archive(one, two, three), "a zip of one program")
    first_day = listed("b.txt", "1980-01-01T00:00:00", 1, ZIP)
    yield silent(archive(one, first_day, three), "a constant among dates in what is no document")
