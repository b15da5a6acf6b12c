"""An author's signature holds with a key that other mails of the archive carry: whoever has it signed this mail too.

Anybody can make a key for any name and put it into a mail. Such a key therefore authenticates nothing; that the signer
is who wrote with it elsewhere in the archive is still a fact.
"""

from collections.abc import Iterable, Iterator

from forensics.checks import settle
from forensics.checks._authors import METHODS, PART_COLUMNS, PARTS, Part, example, key_of
from forensics.checks._facts import cite_located, counts
from forensics.examples.cases import Case, fires, silent
from forensics.model.presence.message import MessageHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject, SubjectRef
from forensics.model.sentences import says

RULE = Rule(
    id="case.signer_key",
    version=2,
    title="Author's signature holds with a key that other mails carry",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNER_TRIED,
    bins=(Bin("carried"),),
    group="signature",
    proposition=Proposition.CORROBORATED,
    ceiling=Strength.CONTEXT,
    benign=("small_signer",),
    settle=settle.SIGNER_KEY,
    references=("RFC 9580 5.2.4", "Autocrypt 1.1", "kb:A-20"),
)

_SAID = says(
    "rule.case.signer_key",
    one=(
        "The {method} signature holds for what it covers, with a key {key}, which names {signers}: whoever had that "
        "key signed it. Nothing outside this archive shows whose key it is, so it authenticates nobody."
    ),
)

ROWS_NEEDED = {"signer_verdicts": 1}

QUERY = f"""
SELECT DISTINCT ON (i.item) {PART_COLUMNS} FROM {PARTS} AND p.outcome = 'holds' AND p.obtained = 'archive'
ORDER BY i.item, p.index
"""

Row = Part


def check(rows: Iterable[Part], context: Context) -> Iterator[Observation]:
    """Report each mail."""
    for row in rows:
        said = _SAID(method=METHODS[row.kind], key=key_of(row), signers=", ".join(row.signers)[:200] or "nobody")
        yield Observation(
            sentence=said,
            bin="carried",
            evidence=(cite_located("signature", row.opening, Role.WITNESS, row.sha256, row.location),),
            suspect=row.path,
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(counts(RULE, "mails that carry the key", {"key": row.key}, n=row.carriers),),
        )


def cases() -> Iterator[Case]:
    """Cases with and without such a key."""
    yield fires((example(obtained="archive", origin="1" * 64, carriers=3),), "its Autocrypt fields", bin="carried")
    yield silent((), "no mail carries the key")
