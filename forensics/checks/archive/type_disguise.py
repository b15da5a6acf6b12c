"""A file is named or declared as something harmless, and is a program, a script or a page."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import settled
from forensics.checks._mismatches import DANGEROUS, fact, mismatch
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import occurrence
from forensics.knowledge.types import family, types
from forensics.model.items import Occurrence
from forensics.model.presence.occurrence import OccurrenceHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

_LURING = (*DANGEROUS, "page")
"""Families of what leads its reader elsewhere; any other under a false name is `archive.misnamed`."""
_PROGRAM_MARKS = (".exe.", ".com.", ".scr.", ".bat.", ".vbs.", ".pif.", ".msi.", ".dll.")

RULE = Rule(
    id="archive.type_disguise",
    version=4,
    title="A program or a page under a harmless name",
    subject=Subject.OCCURRENCE,
    needs=OccurrenceHas.NAME | OccurrenceHas.FOUND_TYPE | OccurrenceHas.EXTENSION_TYPE,
    bins=(
        *[Bin(f"{name}_by_name") for name in DANGEROUS],
        Bin("page_by_name", ceiling=Strength.WEAK),
        *[Bin(f"{name}_by_type") for name in DANGEROUS],
        Bin("other_name"),
    ),
    group="name",
    proposition=Proposition.LURE,
    ceiling=Strength.MODERATE,
    benign=("gateway_rename", "misnamed", "unsolicited"),
    settle=settle.SENDER_COPY,
    references=("RFC 2046 1", "attack:masquerading", "kb:O-26"),
)

_SAID = {
    "name": says(
        "rule.archive.type_disguise.name",
        one="The name {name} indicates {claim}, but the content is {found}.",
    ),
    "other_name": says(
        "rule.archive.type_disguise.other_name",
        one="The mail gives one file the names {name} ({claim}) and {other} ({found}); programs choose between them.",
    ),
    "type": says(
        "rule.archive.type_disguise.type",
        one="{name} is declared as {claim}, but the content is {found}.",
    ),
}
_KEEPS_EXTENSION = says(
    "note.keeps_extension",
    one="{name} still shows a program's extension; a disguise would hide it.",
)


def check(item: Occurrence, context: Context) -> Iterator[Observation]:
    """Report what looks harmless and runs, or is a page; and two names of which a program may choose either."""
    if item.other_names and (observation := _two_names(item)) is not None:
        yield observation
    found = mismatch(item)
    if found is not None and found.found in _LURING:
        yield Observation(
            sentence=_SAID[found.kind](**found.values(item)),
            bin=f"{found.found}_by_{found.kind}",
            evidence=found.evidence(item),
            suspect=f"occurrence:{found.kind}",
            benign=_renamed(item.name, found.claimed),
        )


def _two_names(item: Occurrence) -> Observation | None:
    """Compare the names of a file that has several: which one a program shows or saves is its own choice."""
    named = [(item.name, item.extension_type), *zip(item.other_names, item.other_types, strict=True)]
    for shown, claim in named:
        for other, meant in named:
            if (family(claim), family(meant)) in types().disguises:
                values = {"name": shown[:200], "other": other[:200], "claim": claim, "found": meant}
                return Observation(
                    sentence=_SAID["other_name"](**values),
                    bin="other_name",
                    evidence=(fact("name", f"{shown[:200]} ({claim})", "name"), fact("name", other[:200], "name")),
                    suspect="occurrence:name",
                )
    return None


def _renamed(name: str, claimed: str) -> tuple[BenignState, ...]:
    if claimed != "text" or not any(mark in name.lower() for mark in _PROGRAM_MARKS):
        return ()
    return (settled("gateway_rename", State.EXPLAINS, _KEEPS_EXTENSION(name=name[:80])),)


def cases() -> Iterator[Case]:
    """Cases of disguises, and of the many disagreements that are none."""
    exe, pdf, png = "application/x-dosexec", "application/pdf", "image/png"
    yield fires(
        occurrence("a.jpg", extension_type="image/jpeg", media_type=exe), "program as picture", bin="executable_by_name"
    )
    yield fires(occurrence("a.pdf", extension_type=pdf, media_type="text/html"), "a page as PDF", bin="page_by_name")
    shell = occurrence("a.pdf", extension_type=pdf, media_type="text/x-shellscript")
    yield fires(shell, "a script as PDF", bin="script_by_name")
    yield silent(occurrence("a.png", extension_type=png, media_type=pdf), "a document as picture: no lure")
    wav = occurrence("a.exe", extension_type="application/x-msdownload", declared_type="audio/x-wav", media_type=exe)
    yield fires(wav, "program declared as sound", bin="executable_by_type")
    yield silent(occurrence("a.xls", extension_type="application/vnd.ms-excel", media_type="text/html"), "a report")
    yield silent(occurrence("a.txt", extension_type="text/plain", media_type="text/x-shellscript"), "a script as text")
    two = occurrence(
        "a.png", other="a.exe", extension_type=png, other_type="application/x-msdownload", media_type="x/y"
    )
    yield fires(two, "a picture by one name, a program by the other", bin="other_name")
    same = occurrence("a.png", other="b.png", extension_type=png, other_type=png, media_type=png)
    yield silent(same, "two names of the same kind")
    renamed = occurrence("setup.exe.txt", extension_type="text/plain", media_type=exe)
    yield explained(renamed, "a mail gateway's way to take the danger out of a name", by="gateway_rename")
