"""A file is named or declared as something harmless and holds something else."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import occurrence
from forensics.knowledge.types import UNKNOWN, family, types
from forensics.model.items import Occurrence
from forensics.model.locations import Locator
from forensics.model.presence.occurrence import OccurrenceHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

_MAGIC = "content"
_BINS = {"pdf": "document", "office": "document", "compressed": "archive", "disc": "archive", "media": "image"}
"""Bin of a family that shares one with another."""
_DANGEROUS = ("executable", "script")
_PROGRAM_MARKS = (".exe.", ".com.", ".scr.", ".bat.", ".vbs.", ".pif.", ".msi.", ".dll.")

RULE = Rule(
    id="archive.type_disguise",
    version=3,
    title="Content does not match its name",
    subject=Subject.OCCURRENCE,
    needs=OccurrenceHas.NAME | OccurrenceHas.FOUND_TYPE | OccurrenceHas.EXTENSION_TYPE,
    bins=(
        *[Bin(f"{name}_by_name") for name in ("executable", "document", "archive", "script")],
        *[Bin(f"{name}_by_name", ceiling=Strength.WEAK) for name in ("page", "image", "text", "unknown")],
        *[Bin(f"{name}_by_type") for name in _DANGEROUS],
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
    """Compare families of types, never single types: many names of one thing are no disguise."""
    if item.other_names and (observation := _two_names(item)) is not None:
        yield observation
    found = UNKNOWN if item.unrecognized else family(item.media_type)
    if not found:
        return
    for claim, kind in _claims(item):
        claimed = family(claim)
        # A declared type alone is set by careless programs; it counts only where it hides a program.
        if (claimed, found) not in types().disguises or (kind == "type" and found not in _DANGEROUS):
            continue
        shown = item.media_type or "of no form that is known here"
        values = {"name": item.name[:200], "claim": claim, "found": shown, "claimed_family": claimed}
        yield Observation(
            sentence=_SAID[kind](**values, found_family=found),
            bin=f"{_BINS.get(found, found)}_by_{kind}",
            evidence=(_fact(kind, f"{item.name[:200]} ({claim})", kind), _fact(_MAGIC, shown, _MAGIC)),
            suspect=f"occurrence:{kind}",
            benign=_renamed(item.name, claimed),
        )
        return


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
                    evidence=(_fact("name", f"{shown[:200]} ({claim})", "name"), _fact("name", other[:200], "name")),
                    suspect="occurrence:name",
                )
    return None


def _claims(item: Occurrence) -> Iterator[tuple[str, str]]:
    """Yield the types that an item is given from outside, and how."""
    for claim in (item.extension_type, *item.other_types):
        yield claim, "name"
    yield item.declared_type, "type"


def _fact(label: str, value: str, path: str) -> Evidence:
    # The bytes stand in the container (its step in the location), not in the item.
    return Evidence(role=Role.SUSPECT, label=label, value=value, raw=b"", locator=Locator(path=f"occurrence:{path}"))


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
    yield fires(occurrence("a.png", extension_type=png, media_type=pdf), "document as picture", bin="document_by_name")
    yield fires(occurrence("a.pdf", extension_type=pdf, media_type="text/html"), "a page as PDF", bin="page_by_name")
    shell = occurrence("a.pdf", extension_type=pdf, media_type="text/x-shellscript")
    yield fires(shell, "a script as PDF", bin="script_by_name")
    packed = occurrence("a.txt", extension_type="text/plain", media_type="application/zip")
    yield fires(packed, "an archive as text", bin="archive_by_name")
    yield fires(occurrence("a.pdf", extension_type=pdf), "nothing that is known, as PDF", bin="unknown_by_name")
    wav = occurrence("a.exe", extension_type="application/x-msdownload", declared_type="audio/x-wav", media_type=exe)
    yield fires(wav, "program declared as sound", bin="executable_by_type")
    yield silent(occurrence("a.jpg", extension_type="image/jpeg", media_type=png), "another picture format")
    yield silent(occurrence("a.xls", extension_type="application/vnd.ms-excel", media_type="text/html"), "a report")
    yield silent(
        occurrence("a.pdf", declared_type="application/octet-stream", extension_type=pdf, media_type=pdf), "no claim"
    )
    side = occurrence("._a.pdf", extension_type=pdf, media_type="application/applefile")
    yield silent(side, "what macOS keeps beside a PDF")
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    yield silent(occurrence("a.docx", extension_type=docx, media_type="application/zip"), "a package")
    yield silent(occurrence("a.txt", extension_type="text/plain", media_type="text/x-shellscript"), "a script as text")
    yield silent(occurrence("a.txt", extension_type="text/plain"), "text of an unknown character set")
    mail = occurrence("a.eml", extension_type="message/rfc822", media_type="application/mbox")
    yield silent(mail, "a single mail that begins with a mailbox's separator line")
    two = occurrence(
        "a.png", other="a.exe", extension_type=png, other_type="application/x-msdownload", media_type="x/y"
    )
    yield fires(two, "a picture by one name, a program by the other", bin="other_name")
    same = occurrence("a.png", other="b.png", extension_type=png, other_type=png, media_type=png)
    yield silent(same, "two names of the same kind")
    renamed = occurrence("setup.exe.txt", extension_type="text/plain", media_type=exe)
    yield explained(renamed, "a mail gateway's way to take the danger out of a name", by="gateway_rename")
