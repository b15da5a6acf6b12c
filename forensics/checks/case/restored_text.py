"""A mail is as it was signed once words of another mail stand in the place of its own.

The hash of the body is stated in a signature, so that no chance makes it equal: these are the words that were signed,
and those that stand here came later. It is not said who changed them.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.restored import RestoredEditRow
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
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.restored_text",
    version=1,
    title="Other words than those that were signed",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE,
    bins=(Bin("form"), Bin("links"), Bin("words")),
    group="signature",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("body_rewritten", "list_copy", "resaved"),
    accuses=("body",),
    settle=settle.CORRESPONDENTS_COPY,
    references=(
        *("RFC 6376 3.7", "kb:A-01", "kb:X-04", "kb:X-07", "kb:O-01", "kb:O-02", "kb:O-03", "kb:O-04", "kb:O-05"),
        *("kb:O-09", "kb:O-41"),
    ),
)

_SAID = {
    "changed": says(
        "rule.case.restored_text.changed",
        one=(
            'Once "{restored}" stands in place of "{archived}", as in {witness}, the body is the one that {signer} '
            "signed; as it stands here it is not."
        ),
        many=(
            "Once the words of {witness} stand in {n} places, the body is the one that {signer} signed; as it stands "
            'here it is not. In the first they are "{restored}" in place of "{archived}".'
        ),
    ),
    "added": says(
        "rule.case.restored_text.added",
        one=(
            'Without "{archived}", which is not in {witness}, the body is the one that {signer} signed; as it stands '
            "here it is not."
        ),
        many=(
            "Once the words of {witness} stand in {n} places, the body is the one that {signer} signed; as it stands "
            'here it is not. The first has "{archived}" here, and nothing there.'
        ),
    ),
    "lacking": says(
        "rule.case.restored_text.lacking",
        one=(
            'Once "{restored}" is put back, which is in {witness}, the body is the one that {signer} signed; as it '
            "stands here it is not."
        ),
        many=(
            "Once the words of {witness} stand in {n} places, the body is the one that {signer} signed; as it stands "
            'here it is not. The first has "{restored}" there, and nothing here.'
        ),
    ),
}
_WITNESS = {
    "original": says("rule.case.restored_text.witness.original", one="the original in the reference"),
    "copy": says("rule.case.restored_text.witness.copy", one="another version of the mail"),
    "answer": says("rule.case.restored_text.witness.answer", one="a mail that quotes it"),
    "quoted": says("rule.case.restored_text.witness.quoted", one="the mail that it quotes"),
}
_BROKEN_HEADER = says(
    "note.broken_header",
    one="What was added is the rest of the header: a server broke a long field and so ended the header in its midst.",
)
_FIELDS_OF_SERVERS = re.compile(
    r"[^\n]*+\r?\n(?:(?:Errors-To|Sender|List-[A-Za-z]++|X-[\w-]++|Precedence):[^\n]*+\n?)++\s*+"
)
"""The rest of a field, then fields that list servers write below those of the sender."""

ROWS_NEEDED = {"restored": 1}

QUERY = """
WITH found AS (
    FROM restored QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY kind DESC, index) = 1)
SELECT f.sha256, i.location, f."domain", bh, witness, witness_sha256, witness_location, edits
FROM found f JOIN flat.items i USING (sha256) JOIN signatures s USING (sha256, kind, index) ORDER BY f.sha256
"""

_SHOWN = 200
"""Characters of words in the sentence."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A mail whose signed words are known."""

    sha256: str
    location: Location
    domain: str
    bh: LocatedRow
    witness: str
    """As in table ``restored``."""
    witness_sha256: str
    witness_location: Location
    edits: list[RestoredEditRow]


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each mail once."""
    for row in rows:
        yield _observation(row)


def _bin(row: Row) -> str:
    if all(edit.of_form for edit in row.edits):
        return "form"
    return "links" if all("://" in edit.archived and "://" in edit.restored for edit in row.edits) else "words"


def _observation(row: Row) -> Observation:
    first = row.edits[0]
    said = "lacking" if not first.archived else "changed" if first.restored else "added"
    return Observation(
        sentence=_SAID[said](
            len(row.edits),
            witness=_WITNESS[row.witness](),
            signer=row.domain[:120],
            archived=first.archived[:_SHOWN],
            restored=first.restored[:_SHOWN],
        ),
        bin=_bin(row),
        evidence=tuple(_evidence(row)),
        suspect="body",
        subjects=(
            SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),
            SubjectRef(role=Role.WITNESS, sha256=row.witness_sha256, location=row.witness_location),
        ),
        benign=tuple(_causes(row)),
    )


def _causes(row: Row) -> Iterator[BenignState]:
    (first, *others) = row.edits
    if not others and not first.restored and _FIELDS_OF_SERVERS.fullmatch(first.line.value):
        yield settled("body_rewritten", State.EXPLAINS, _BROKEN_HEADER())


def _evidence(row: Row) -> Iterator[Evidence]:
    here, there = (Role.SUSPECT, row.sha256, row.location), (Role.WITNESS, row.witness_sha256, row.witness_location)
    for edit in row.edits:
        yield cite_located("line", edit.line, *here, value=edit.line.value[:300])
        yield cite_located("line as it was signed", edit.witness_line, *there, value=edit.witness_line.value[:300])
    yield cite_located("stated hash", row.bh, *here)


def _edit(archived: str, restored: str, *, of_form: bool = False, line: str = "") -> RestoredEditRow:
    written = line or f"The sum was {archived} by the bank."
    return RestoredEditRow(
        archived=archived,
        restored=restored,
        of_form=of_form,
        line=located_row(written, "part:1", start=900),
        witness_line=located_row(f"The sum was {restored} by the bank.", "part:1", start=700),
    )


def _row(*edits: RestoredEditRow, witness: str = "answer") -> Row:
    return Row(
        sha256="0" * 64,
        location=location("leak/0.eml"),
        domain="example.org",
        bh=located_row("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "header:DKIM-Signature[0]/bh", start=300),
        witness=witness,
        witness_sha256="1" * 64,
        witness_location=location("leak/1.eml"),
        edits=list(edits),
    )


def cases() -> Iterator[Case]:
    """Cases of words, links and signs, and of a header that a server broke."""
    link, wrapped = "https://one.example/a", "https://links.example/?u=https%3A%2F%2Fone.example%2Fa"
    header = "e>, c@three.example\nErrors-To: list-bounces@lists.example\nSender: list-bounces@lists.example\n"
    yield fires((_row(_edit("kept", "returned")),), "another word", bin="words")
    yield fires((_row(_edit("and spent", ""), witness="copy"),), "words that a copy lacks", bin="words")
    yield fires((_row(_edit("", "not"), witness="quoted"),), "a word of a quote is missing", bin="words")
    yield fires((_row(_edit("kept", "returned"), _edit('"', "'", of_form=True)),), "a word and a sign", bin="words")
    yield fires((_row(_edit(wrapped, link), witness="original"),), "another link", bin="links")
    yield fires((_row(_edit("paid.", "paid!", of_form=True)),), "another sign", bin="form")
    yield explained((_row(_edit("e>, ...", "", line=header)),), "the rest of a header", by="body_rewritten")
    spoken = _edit("Sender: a", "", line="We met.\nSender: a@one.example says yes\nand we agreed.\n")
    yield fires((_row(spoken),), "a text that names a field", bin="words")
    yield silent((), "no words restore a body")
