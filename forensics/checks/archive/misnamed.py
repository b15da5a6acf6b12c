"""A file has the name of another kind of file."""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import settled
from forensics.checks._mismatches import mismatch
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import occurrence
from forensics.model.items import Occurrence
from forensics.model.presence.occurrence import OccurrenceHas
from forensics.model.rules import BenignState, Bin, Context, Observation, Proposition, Rule, State, Strength, Subject
from forensics.model.sentences import says

_BINS = {
    "pdf": "document",
    "office": "document",
    "archive": "archive",
    "compressed": "archive",
    "disc": "archive",
    "image": "image",
    "media": "image",
    "text": "text",
    "unknown": "unknown",
}
"""Bin of a family; what runs, or is a page, is `archive.type_disguise`."""

RULE = Rule(
    id="archive.misnamed",
    version=1,
    title="Name of another kind of file",
    subject=Subject.OCCURRENCE,
    needs=OccurrenceHas.NAME | OccurrenceHas.FOUND_TYPE | OccurrenceHas.EXTENSION_TYPE,
    bins=(
        *[Bin(name) for name in ("document", "archive")],
        *[Bin(name, ceiling=Strength.WEAK) for name in ("image", "text", "unknown")],
    ),
    group="name",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    benign=("gateway_rename", "misnamed", "unsolicited"),
    settle=settle.SENDER_COPY,
    references=("RFC 2046 1", "kb:O-26"),
)

_SAID = says(
    "rule.archive.misnamed.name",
    one="The name {name} indicates {claim}, but the content is {found}.",
)


_KEEPS_EXTENSION = says(
    "note.keeps_own_extension",
    one=(
        "{name} still shows an extension of what it holds, with that of a text behind it, as mail gateways rename "
        "files."
    ),
)
_OWN = {
    "document": re.compile(r"\.(?:doc|dot|xls|xlt|ppt|pps)[xmb]?\.|\.(?:od[tspg]|rtf|pdf)\.", re.IGNORECASE),
    "archive": re.compile(r"\.(?:zip|rar|7z|tar|t?gz|cab)\.", re.IGNORECASE),
    "image": re.compile(r"\.(?:jpe?g|png|gif|tiff?|bmp)\.", re.IGNORECASE),
}


def check(item: Occurrence, context: Context) -> Iterator[Observation]:
    """Report a document, an archive, a picture or a text that its name says is something else."""
    found = mismatch(item)
    if found is not None and found.kind == "name" and found.found in _BINS:
        yield Observation(
            sentence=_SAID(**found.values(item)),
            bin=_BINS[found.found],
            evidence=found.evidence(item),
            suspect="occurrence:name",
            benign=_renamed(item.name, found.claimed, _BINS[found.found]),
        )


def _renamed(name: str, claimed: str, kind: str) -> tuple[BenignState, ...]:
    own = _OWN.get(kind)
    if claimed != "text" or own is None or not own.search(name):
        return ()
    return (settled("gateway_rename", State.EXPLAINS, _KEEPS_EXTENSION(name=name[:80])),)


def cases() -> Iterator[Case]:
    """Cases of false names, and of the many disagreements that are none."""
    pdf, png = "application/pdf", "image/png"
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    yield fires(occurrence("a.png", extension_type=png, media_type=pdf), "document as picture", bin="document")
    yield fires(occurrence("a.pdf", extension_type=pdf, media_type=docx), "Word document as PDF", bin="document")
    packed = occurrence("a.txt", extension_type="text/plain", media_type="application/zip")
    yield fires(packed, "an archive as text", bin="archive")
    yield fires(occurrence("a.pdf", extension_type=pdf), "nothing that is known, as PDF", bin="unknown")
    kept = occurrence("minutes.docx.txt", extension_type="text/plain", media_type=docx)
    yield explained(kept, "a mail gateway's way to keep a document from being opened", by="gateway_rename")
    other = occurrence("minutes.zip.txt", extension_type="text/plain", media_type=docx)
    yield fires(other, "the extension inside is of something else", bin="document")
    exe = occurrence("a.jpg", extension_type="image/jpeg", media_type="application/x-dosexec")
    yield silent(exe, "a program as picture: a lure")
    declared = occurrence("a.bin", extension_type="", declared_type=pdf, media_type=docx)
    yield silent(declared, "another type declared: programs do so")
    yield silent(occurrence("a.jpg", extension_type="image/jpeg", media_type=png), "another picture format")
    yield silent(
        occurrence("a.pdf", declared_type="application/octet-stream", extension_type=pdf, media_type=pdf), "no claim"
    )
    side = occurrence("._a.pdf", extension_type=pdf, media_type="application/applefile")
    yield silent(side, "what macOS keeps beside a PDF")
    yield silent(occurrence("a.docx", extension_type=docx, media_type="application/zip"), "a package")
    yield silent(occurrence("a.txt", extension_type="text/plain"), "text of an unknown character set")
    mail = occurrence("a.eml", extension_type="message/rfc822", media_type="application/mbox")
    yield silent(mail, "a single mail that begins with a mailbox's separator line")
