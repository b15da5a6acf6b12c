"""A zip shows different programs different contents: two members of one name, or two headers that disagree.

Some programs take the first of two members, some the last; some go by the directory, some by the headers before the
data. What the one shows the other hides.
"""

from collections.abc import Iterator, Sequence

from forensics.checks import settle
from forensics.checks._packing import CITED, cite_conflict, cite_name, name_of
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import archive, fact, member
from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.facts import Fact
from forensics.model.presence.archive import ArchiveHas
from forensics.model.rules import Bin, Context, Evidence, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="archive.two_readings",
    version=1,
    title="A ZIP or package shows different programs different contents",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.LISTED,
    bins=tuple([Bin(name) for name in ("shadow_part", "same_name", "left_behind", "names_differ", "contents_differ")]),
    group="container",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("archive_damaged", "build_duplicates", "member_added", "archive_writer"),
    settle=settle.ARCHIVE,
    references=("APPNOTE 4.3.7", "APPNOTE 4.3.12", "kb:OOX-2d"),
)

_SAID = {
    "same_name": says(
        "rule.archive.two_readings.same_name",
        one=(
            "Names that stand for two different contents each: {count}; the first is {name}. Programs differ on which "
            "of the two they show."
        ),
    ),
    "left_behind": says(
        "rule.archive.two_readings.left_behind",
        one=(
            "Members of which the archive holds another content that its directory does not list: {count}; the first "
            "is {name}."
        ),
    ),
    "names_differ": says(
        "rule.archive.two_readings.names_differ",
        one="The two headers of {count} of {members} members differ on the name; the first is {name}.",
    ),
    "contents_differ": says(
        "rule.archive.two_readings.contents_differ",
        one=(
            "The two headers of {count} of {members} members differ on size, checksum or method; the first is {name}."
        ),
    ),
}

_PACKAGES = ("ooxml", "odf")
_OF_CONTENT = frozenset(["zip.member.crc32", "zip.member.stored_size", "zip.member.size", "zip.member.method"])


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Look for members of one name and other bytes, and for headers that disagree in what is read."""
    package = facts.format in _PACKAGES
    first: dict[str, ArchiveMember] = {}
    twice: list[tuple[ArchiveMember, ArchiveMember]] = []
    left: list[tuple[ArchiveMember, ArchiveMember]] = []
    for entry in facts.members:
        # Parts of a package are named without regard to case.
        other = first.setdefault(entry.name.lower() if package else entry.name, entry)
        if other is not entry and not entry.name.endswith("/") and _bytes(other) != _bytes(entry):
            (left if entry.listed_at is None else twice).append((other, entry))
    for name, pairs in (
        ("same_name", twice),
        ("left_behind", [pair for pair in left if pair[0].listed_at is not None]),
    ):
        if pairs:
            evidence = [cite_name(one, Role.EITHER) for pair in pairs[:CITED] for one in pair]
            yield _observation(name, pairs[0][1], evidence, facts, len(pairs), package=package)
    for name, fields in (("names_differ", frozenset(["zip.member.name"])), ("contents_differ", _OF_CONTENT)):
        odd = _conflicts(facts.members, fields)
        if odd:
            cited = [cite_conflict(one, said) for one, said in odd[:CITED]]
            count = len({one.index for one, _ in odd})
            yield _observation(name, odd[0][0], cited, facts, count, package=package)


def _bytes(entry: ArchiveMember) -> tuple[int, int | None]:
    return entry.size, entry.crc32


def _conflicts(members: Sequence[ArchiveMember], fields: frozenset[str]) -> list[tuple[ArchiveMember, Fact]]:
    return [(entry, said) for entry in members if entry.conflicts for said in entry.conflicts if said.name in fields]


def _observation(
    name: str, entry: ArchiveMember, evidence: Sequence[Evidence], facts: ArchiveFacts, count: int, *, package: bool
) -> Observation:
    values = {"count": str(count), "name": name_of(entry)}
    if name.endswith("differ"):
        values["members"] = str(len(facts.members))
    return Observation(
        sentence=_SAID[name](**values),
        bin="shadow_part" if package and name == "same_name" else name,
        evidence=tuple(evidence),
        suspect=evidence[0].locator.path,
    )


def _listed(
    name: str, index: int, crc32: int, *, unlisted: bool = False, conflicts: tuple[Fact, ...] = ()
) -> ArchiveMember:
    at = None if unlisted else 100 + 60 * index
    return member(name, index=index, listed_at=at, crc32=crc32, conflicts=conflicts)


def cases() -> Iterator[Case]:
    """Cases of names and headers, and of what programs write twice."""
    text, other = "word/document.xml", "word/Document.xml"
    yield fires(archive(_listed(text, 0, 1), _listed(text, 1, 2), format="ooxml"), "two texts", bin="shadow_part")
    yield fires(archive(_listed(text, 0, 1), _listed(other, 1, 2), format="ooxml"), "but for case", bin="shadow_part")
    yield fires(archive(_listed("a.txt", 0, 1), _listed("a.txt", 1, 2)), "two files of one name", bin="same_name")
    earlier = _listed("a.txt", 1, 2, unlisted=True)
    yield fires(archive(_listed("a.txt", 0, 1), earlier), "an earlier version that nothing lists", bin="left_behind")
    named = fact("zip.member.name", "local a.txt, central b.txt", path="zip:local[0].name")
    yield fires(archive(_listed("b.txt", 0, 1, conflicts=(named,))), "two names of one file", bin="names_differ")
    sized = fact("zip.member.size", "local 5, central 3", path="zip:local[0].size")
    yield fires(archive(_listed("b.txt", 0, 1, conflicts=(sized,))), "two sizes of one file", bin="contents_differ")
    flagged = fact("zip.member.flags", "local 2056, central 2048", path="zip:local[0].flags")
    yield silent(archive(_listed("b.txt", 0, 1, conflicts=(flagged,))), "flags alone")
    yield silent(archive(_listed("a.txt", 0, 1), _listed("a.txt", 1, 1)), "the same content twice")
    yield silent(archive(_listed("a.txt", 0, 1), _listed("A.txt", 1, 2)), "two files on a system that tells case")
    yield silent(archive(_listed("a/", 0, 1), _listed("a/", 1, 2)), "a folder twice")
    lost = [_listed("a.txt", place, place, unlisted=True) for place in (1, 2)]
    yield silent(archive(_listed("b.txt", 0, 1), *lost), "members of one name that are not listed at all")
