"""A signature holds: what it covers is as it was when it was signed. This speaks for a mail, and accuses nothing.

Only what nothing limits counts (`forensics.authenticity.limits`), and a recovered key only where something binds it to
its domain. Whoever held the account could sign any text: a signature shows that nobody changed it afterwards.
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
from forensics.model.sentences import says

RULE = Rule(
    id="case.authenticated",
    version=1,
    title="Signature holds",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.OPENED,
    bins=(Bin("author"), Bin("platform"), Bin("mended"), Bin("header_only")),
    group="signature",
    proposition=Proposition.AUTHENTICATED,
    ceiling=Strength.CONTEXT,
    benign=("account_used",),
    settle=settle.KEY_RECORD,
    references=("RFC 6376 3.5", "RFC 6376 3.7", "kb:A-08", "kb:A-11"),
)

_SAID = {
    "author": says(
        "rule.case.authenticated.author",
        one=(
            "The signature of {signer}, the domain of From, holds with the key {key}: the body and the fields that it "
            "covers are as they were signed, and these alone: {fields}."
        ),
    ),
    "platform": says(
        "rule.case.authenticated.platform",
        one=(
            "The signature of {signer}, which is not the domain of From, holds with the key {key}: the body and the "
            "fields that it covers are as they were when {signer} handed the mail on, and these alone: {fields}. It "
            "says nothing of who wrote it."
        ),
    ),
    "mended": says(
        "rule.case.authenticated.mended",
        one=(
            "The signature of {signer} holds with the key {key} once what servers did to the mail is undone ({steps}): "
            "apart from that the body and the fields that it covers are as they were signed, and these alone: {fields}."
        ),
    ),
    "header_only": says(
        "rule.case.authenticated.header_only",
        one=(
            "The signature of {signer} holds for the fields that it covers, with the key {key}, and not for the body: "
            "{fields}."
        ),
    ),
}

ROWS_NEEDED = {"verdicts": 1}

QUERY = r"""
WITH holding AS (
    SELECT item, kind, index, "domain", aligned, body_holds, key,
           coalesce(header_steps, []) || coalesce(body_steps, []) AS steps
    FROM flat.judged WHERE kind <> 'as' AND header_holds AND len(limits) = 0 AND body_holds IS NOT NULL),
best AS (
    SELECT DISTINCT ON (item) * FROM holding
    ORDER BY item, body_holds DESC, aligned DESC, len(steps), kind DESC, index),
origins AS (SELECT key, min(origin) AS origin, min(obtained) AS obtained FROM keys GROUP BY key)
SELECT i.sha256, location, b."domain", b.aligned, b.body_holds AS body, s.b, s.signed_fields, origin, obtained,
       b.steps
FROM best b JOIN flat.items i USING (item) JOIN origins USING (key)
JOIN signatures s ON s.sha256 = i.sha256 AND s.kind = b.kind AND s.index = b.index
ORDER BY i.item
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """The signature of a mail that binds most of it."""

    sha256: str
    location: Location
    domain: str
    aligned: bool
    body: bool
    b: LocatedRow
    signed_fields: list[str]
    origin: str
    obtained: str
    steps: list[str]
    """What was undone so that it holds."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Say what each signature binds."""
    for row in rows:
        name = "author" if row.aligned else "platform"
        if not row.body or row.steps:
            name = "mended" if row.body else "header_only"
        key = "recovered from this archive" if row.obtained == "recovered" else f"of {row.origin[:120]}"
        values = {"signer": row.domain[:120], "key": key, "fields": ", ".join(dict.fromkeys(row.signed_fields))[:400]}
        if name == "mended":
            values["steps"] = ", ".join([step.replace("_", " ") for step in row.steps])
        yield Observation(
            sentence=_SAID[name](**values),
            bin=name,
            evidence=(cite_located("signature", row.b, Role.WITNESS, row.sha256, row.location),),
            suspect="signature",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        )


def _row(**changed: object) -> Row:
    row = Row(
        sha256="0" * 64,
        location=location(),
        domain="example.org",
        aligned=True,
        body=True,
        b=located_row("mQ1yq0Yv", "header:DKIM-Signature[0]/b", start=300),
        signed_fields=["from", "to", "subject"],
        origin="keys.tsv",
        obtained="file",
        steps=[],
    )
    return msgspec.structs.replace(row, **changed)


def cases() -> Iterator[Case]:
    """Cases of who signed and what still holds."""
    yield fires((_row(),), "the author's domain signed it", bin="author")
    yield fires((_row(obtained="recovered"),), "by a key recovered from the archive", bin="author")
    yield fires((_row(aligned=False),), "a list or a provider signed it", bin="platform")
    yield fires((_row(steps=["footer_cut"]),), "its list's own footer is cut", bin="mended")
    yield fires((_row(body=False),), "a list added a footer", bin="header_only")
    yield silent((), "no signature holds")
