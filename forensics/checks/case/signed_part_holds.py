"""The author's own signature holds for all that is shown, with a key or certificate that somebody gave.

This speaks for a mail, and accuses nothing. That the key is its author's rests on who gave the file, as does that of a
DKIM key. A key that only mails of the archive carry never counts here: anybody can make one and send it. The fields of
the header are not signed.
"""

from collections.abc import Iterable, Iterator

from forensics.checks import settle
from forensics.checks._authors import METHODS, PART_COLUMNS, PARTS, Part, example
from forensics.checks._facts import cite_located
from forensics.examples.cases import Case, fires, silent
from forensics.model.presence.message import MessageHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject, SubjectRef
from forensics.model.sentences import says
from forensics.model.signed_parts import SignedKind

RULE = Rule(
    id="case.signed_part_holds",
    version=1,
    title="Author's signature of the content holds with a given key",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNER_TRIED | MessageHas.FROM,
    bins=(Bin("author"),),
    group="signature",
    proposition=Proposition.AUTHENTICATED,
    ceiling=Strength.CONTEXT,
    benign=("account_used",),
    settle=settle.SIGNER_KEY,
    references=("RFC 9580 5.2.4", "RFC 8551 2.3", "kb:A-08", "kb:A-11"),
)

_SAID = says(
    "rule.case.signed_part_holds",
    one=(
        "The {method} signature of {signer} holds for all that is shown, with the key {key} of {file}: it is as it was "
        "signed. No header field is bound by it."
    ),
)

ROWS_NEEDED = {"signer_verdicts": 1}

QUERY = f"""
SELECT DISTINCT ON (i.item) {PART_COLUMNS} FROM {PARTS} AND p.outcome = 'holds' AND p.obtained = 'file'
    AND len(p.outside) = 0 AND list_contains(p.signers, m.sender)
ORDER BY i.item, p.index
"""

Row = Part


def check(rows: Iterable[Part], context: Context) -> Iterator[Observation]:
    """Say which signature of the sender holds for the whole content."""
    for row in rows:
        yield Observation(
            sentence=_SAID(method=METHODS[row.kind], signer=row.sender[:200], key=row.key, file=row.origin[:120]),
            bin="author",
            evidence=(cite_located("signature", row.opening, Role.WITNESS, row.sha256, row.location),),
            suspect=row.path,
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        )


def cases() -> Iterator[Case]:
    """Cases of either method."""
    yield fires((example(),), "a key ring has the key", bin="author")
    yield fires((example(kind=SignedKind.SMIME, origin="anna.pem"),), "a certificate", bin="author")
    yield silent((), "no key of a file, another's, or text beside it")
