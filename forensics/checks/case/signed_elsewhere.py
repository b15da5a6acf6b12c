"""What a signature signed stands in another mail: the body whose hash it states, or the header that it opens to.

Two digests of SHA-256 are not equal by chance. Under one Message-ID the other mail is a copy that still has what was
signed, and the two can be compared word by word; under another, a signature was taken from a mail and put onto this.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import Value, says

RULE = Rule(
    id="case.signed_elsewhere",
    version=2,
    title="What was signed stands in another mail",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE,
    bins=(Bin("copy"), Bin("other")),
    group="signature",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.STRONG,
    contradiction=True,
    benign=("cut_copy", "sent_twice", "resaved"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 6376 3.7", "RFC 8017 8.2.2", "kb:A-30", "kb:O-31", "kb:O-41", "kb:O-46"),
)

_BODY = says("rule.case.signed_elsewhere.body", one="body")
_HEADER = says("rule.case.signed_elsewhere.header", one="header")
_SAID = {
    "copy": says(
        "rule.case.signed_elsewhere.copy",
        one=(
            "The {what} that {signer} signed is not the one here, and another copy under the same Message-ID still has "
            "it: comparing the two shows what was changed."
        ),
    ),
    "body": says(
        "rule.case.signed_elsewhere.other_body",
        one="The body that {signer} signed is not the one here but that of another mail, “{subject}”.",
    ),
    "header": says(
        "rule.case.signed_elsewhere.other",
        one=(
            "The {what} that {signer} signed is not the one here but that of another mail, “{subject}”: the signature "
            "was made for that mail."
        ),
    ),
}

ROWS_NEEDED = {"messages": 2}

# The two digests are those of an empty body in either form: many mails have it, and it says nothing.
QUERY = r"""
WITH judged AS MATERIALIZED (
    SELECT j.item, j.kind, j.index, j."domain", header_holds, body_holds, signed_digest
    FROM flat.judged j WHERE kind <> 'as'),
broken AS (
    SELECT item, NOT bool_or(coalesce(body_holds, false)) AND bool_or(NOT body_holds) AS body,
           NOT bool_or(coalesce(header_holds, false)) AND bool_or(NOT header_holds) AS header
    FROM judged GROUP BY item HAVING body OR header),
wanted AS MATERIALIZED (
    SELECT j.*, b.body, b.header, s.body_hash_stated, s.b
    FROM judged j JOIN broken b USING (item) JOIN flat.items i USING (item)
    JOIN signatures s ON s.sha256 = i.sha256 AND s.kind = j.kind AND s.index = j.index),
held AS (
    SELECT i.item, s.body_hash, s.header_digest FROM signatures s JOIN flat.items i USING (sha256) WHERE kind <> 'as'),
found AS (
    SELECT w.item, w."domain", w.b, h.item AS other, false AS of_header, w.kind, w.index
    FROM wanted w JOIN held h ON h.body_hash = w.body_hash_stated AND h.item <> w.item
    WHERE w.body AND w.body_holds = false AND w.body_hash_stated NOT IN (
        '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        '7eb70257593da06f682a3ddda54a9d260d4fc514f645237f5ca74b08f8da61a6')
    UNION ALL
    SELECT w.item, w."domain", w.b, h.item, true, w.kind, w.index
    FROM wanted w JOIN held h ON h.header_digest = w.signed_digest AND h.item <> w.item
    WHERE w.header AND w.header_holds = false AND w.signed_digest <> ''),
first AS (
    SELECT DISTINCT ON (item, of_header) f.*, m.message_id = o.message_id AND m.message_id <> '' AS same, o.subject
    FROM found f JOIN flat.mails m USING (item) JOIN flat.mails o ON o.item = f.other
    ORDER BY item, of_header, same DESC, f.kind, f.index, f.other)
SELECT i.sha256, i.location, f."domain", f.b, f.of_header, f.same, f.subject, o.sha256 AS other,
       o.location AS other_location
FROM first f JOIN flat.items i USING (item) JOIN flat.items o ON o.item = f.other
ORDER BY i.item, f.of_header
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail of which nothing signed holds, and the mail that has what was signed."""

    sha256: str
    location: Location
    domain: str
    b: LocatedRow
    of_header: bool
    """Whether the header is there, else the body."""
    same: bool
    """Whether both bear the same Message-ID."""
    subject: str
    """Of the other."""
    other: str
    other_location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each."""
    for row in rows:
        values: dict[str, Value] = {"signer": row.domain[:120]}
        if row.same:
            sentence = _SAID["copy"](**values, what=_HEADER() if row.of_header else _BODY())
        elif row.of_header:
            sentence = _SAID["header"](**values, subject=row.subject[:200], what=_HEADER())
        else:  # the same text may have been sent twice, each time with a signature of its own
            sentence = _SAID["body"](**values, subject=row.subject[:200])
        yield Observation(
            sentence=sentence,
            bin="copy" if row.same else "other",
            evidence=(cite_located("signature", row.b, Role.SUSPECT, row.sha256, row.location),),
            suspect="header" if row.of_header else "body",
            subjects=(
                SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),
                SubjectRef(role=Role.WITNESS, sha256=row.other, location=row.other_location),
            ),
        )


def _row(*, same: bool, of_header: bool = False) -> Row:
    return Row(
        sha256="0" * 64,
        location=location(),
        domain="example.org",
        b=located_row("mQ1yq0Yv", "header:DKIM-Signature[0]/b", start=300),
        of_header=of_header,
        same=same,
        subject="Minutes",
        other="1" * 64,
        other_location=location(sha256="1" * 64),
    )


def cases() -> Iterator[Case]:
    """Cases of a copy and of a mail that a signature was taken from."""
    yield fires((_row(same=True),), "a second copy still has the body that was signed", bin="copy")
    yield fires((_row(same=False),), "the body that was signed is another mail's", bin="other")
    yield fires((_row(same=False, of_header=True),), "a pasted signature opens to another mail's header", bin="other")
    yield silent((), "what was signed stands nowhere else")
