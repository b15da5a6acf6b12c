"""A file is named or declared as something harmless and holds something else."""

from collections.abc import Iterator

from forensics.checks._facts import settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import occurrence
from forensics.knowledge.types import family, types
from forensics.model.items import Occurrence
from forensics.model.locations import Locator
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Evidence,
    Has,
    Observation,
    Proposition,
    Role,
    Rule,
    Sentence,
    State,
    Strength,
    Subject,
)

RULE = Rule(
    id="archive.type_disguise",
    version=2,
    title="Content is not what its name says",
    subject=Subject.OCCURRENCE,
    needs=Has.NAME | Has.FOUND_TYPE | Has.EXTENSION_TYPE,
    bins=(
        Bin("executable_by_name"),
        Bin("document_by_name"),
        Bin("archive_by_name"),
        Bin("executable_by_type"),
        Bin("other_name"),
    ),
    group="name",
    compare_with="sender",
    proposition=Proposition.LURE,
    ceiling=Strength.MODERATE,
    benign=("gateway_rename", "misnamed", "unsolicited"),
    settle="settle.sender_copy",
    references=("RFC 2046 1", "attack:masquerading", "kb:O-26"),
)

_MAGIC = "content"
_PROGRAM_MARKS = (".exe.", ".com.", ".scr.", ".bat.", ".vbs.", ".pif.", ".msi.", ".dll.")


def check(item: Occurrence, context: Context) -> Iterator[Observation]:
    """Compare families of types, never single types: many names of one thing are no disguise."""
    if item.other_names and (observation := _two_names(item)) is not None:
        yield observation
    found = family(item.media_type)
    if not found:
        return
    for claim, kind in ((item.extension_type, "name"), (item.declared_type, "type")):
        claimed = family(claim)
        # A declared type alone is set by careless programs; it counts only where it hides a program.
        if (claimed, found) not in types().disguises or (kind == "type" and found != "executable"):
            continue
        values = {"name": item.name[:200], "claim": claim, "found": item.media_type, "claimed_family": claimed}
        yield Observation(
            sentence=Sentence(f"rule.{RULE.id}.{kind}", values | {"found_family": found}),
            bin=f"{found}_by_{kind}",
            evidence=(_fact(kind, f"{item.name[:200]} ({claim})", kind), _fact(_MAGIC, item.media_type, _MAGIC)),
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
                    sentence=Sentence(f"rule.{RULE.id}.other_name", values),
                    bin="other_name",
                    evidence=(_fact("name", f"{shown[:200]} ({claim})", "name"), _fact("name", other[:200], "name")),
                    suspect="occurrence:name",
                )
    return None


def _fact(label: str, value: str, path: str) -> Evidence:
    # The bytes stand in the container (its step in the location), not in the item.
    return Evidence(role=Role.SUSPECT, label=label, value=value, raw=b"", locator=Locator(path=f"occurrence:{path}"))


def _renamed(name: str, claimed: str) -> tuple[BenignState, ...]:
    if claimed != "text" or not any(mark in name.lower() for mark in _PROGRAM_MARKS):
        return ()
    return (settled("gateway_rename", State.EXPLAINS, "keeps_extension", name=name[:80]),)


def cases() -> Iterator[Case]:
    """Cases of disguises, and of the many disagreements that are none."""
    exe, pdf, png = "application/x-dosexec", "application/pdf", "image/png"
    yield fires(
        occurrence("a.jpg", extension_type="image/jpeg", media_type=exe), "program as picture", bin="executable_by_name"
    )
    yield fires(occurrence("a.png", extension_type=png, media_type=pdf), "document as picture", bin="document_by_name")
    wav = occurrence("a.exe", extension_type="application/x-msdownload", declared_type="audio/x-wav", media_type=exe)
    yield fires(wav, "program declared as sound", bin="executable_by_type")
    yield silent(occurrence("a.jpg", extension_type="image/jpeg", media_type=png), "another picture format")
    yield silent(occurrence("a.xls", extension_type="application/vnd.ms-excel", media_type="text/html"), "a report")
    yield silent(
        occurrence("a.pdf", declared_type="application/octet-stream", extension_type=pdf, media_type=pdf), "no claim"
    )
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
