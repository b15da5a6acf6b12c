"""Names of members are bytes of a code page of DOS or Windows for Cyrillic: what language the packer's system had.

Where a zip does not mark a name as UTF-8, programs write it in the code page of their system: 866 in a Russian Windows,
by the Explorer and older programs; 1251 by some.
"""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._packing import CITED, cite_name
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import archive, member
from forensics.model.documents import UTF8_NAME, ArchiveFacts, ArchiveMember
from forensics.model.locations import quote, unquote
from forensics.model.presence.archive import ArchiveHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="archive.name_locale",
    version=1,
    title="Names of members are in a code page for Cyrillic",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.CODED_NAME,
    bins=(Bin("cp866"), Bin("cp1251")),
    group="packer",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.CONTEXT,
    benign=("packed_elsewhere", "member_added"),
    settle=settle.ARCHIVE,
    references=("APPNOTE 4.4.4", "kb:ARC-3"),
)

_SAID = says(
    "rule.archive.name_locale",
    one=(
        "The names of {count} of {members} members are not marked as UTF-8 and read as Cyrillic in code page {page}, "
        "as a system set to such a language writes them; the first is {name}."
    ),
)
_PAGES = (
    ("cp866", re.compile(rb"[\x80-\xaf\xe0-\xf1]{3}"), re.compile(rb"[\x00-\x7f\x80-\xaf\xe0-\xf1\xfc]*")),
    (
        "cp1251",
        re.compile(rb"[\xc0-\xff\xa8\xb8]{3}"),
        re.compile(rb"[\x00-\x7f\xc0-\xff\xa8\xb8\xb9\xab\xbb\x96\x97]*"),
    ),
)
"""Code page, three of its letters in a row (Western names have them one by one), and all that it writes."""


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Read the names that are in no UTF-8 in both code pages; one that fits neither leaves the archive open."""
    coded = [(entry, unquote(entry.name)) for entry in facts.members if entry.coded_name]
    coded = [(entry, raw) for entry, raw in coded if not _is_utf8(raw)]
    for page, letters, written in _PAGES:
        if coded and all(written.fullmatch(raw) for _, raw in coded) and any(letters.search(raw) for _, raw in coded):
            first = next(raw for _, raw in coded if letters.search(raw))
            yield Observation(
                sentence=_SAID(
                    count=str(len(coded)),
                    members=str(len(facts.members)),
                    page=page.removeprefix("cp"),
                    name=first.decode(page, "replace")[:200],
                ),
                bin=page,
                evidence=tuple([cite_name(entry, Role.EITHER) for entry, _ in coded[:CITED]]),
                suspect=f"zip:central[{coded[0][0].index}].name",
            )
            return


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def cases() -> Iterator[Case]:
    """Cases of names in the code pages of several systems."""

    def named(text: str, page: str, *, flags: int = 0) -> ArchiveMember:
        return member(quote(text.encode(page)), listed_at=0, flags=flags)

    yield fires(archive(named("Отчет.doc", "cp866"), member("a.txt", index=1)), "a Russian Windows", bin="cp866")
    yield fires(archive(named("Отчет.doc", "cp1251")), "a program that writes 1251", bin="cp1251")
    yield silent(archive(named("Отчет.doc", "utf-8", flags=UTF8_NAME)), "marked as UTF-8")
    yield silent(archive(named("Отчет.doc", "utf-8")), "UTF-8 that is not marked")
    yield silent(archive(named("Größe.doc", "cp437")), "a German Windows")
    yield silent(archive(member("report.doc", listed_at=0)), "ASCII")
