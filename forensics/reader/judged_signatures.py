"""Signatures of mails without a case, under keys that are given."""

from collections.abc import Iterable
from itertools import groupby

from forensics.authenticity.chain import chain_row
from forensics.authenticity.judging import Judged, Keys, judge, of_body
from forensics.authenticity.key_records import KeyRecord, read_record
from forensics.knowledge.suffixes import organization
from forensics.model.key_lines import SignatureVerdict
from forensics.model.keys import Key
from forensics.model.rows.chains import ChainRow
from forensics.model.rows.keys import row_of
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.signatures import SignatureRow


def judged_signatures(
    signatures: Iterable[SignatureRow], messages: Iterable[MessageRow], given: Iterable[Key]
) -> tuple[tuple[SignatureVerdict, ...], tuple[ChainRow, ...]]:
    """Return what each signature says, and each chain; a signature whose key was not given says so of its body.

    Args:
        signatures: those of a mail follow each other.
        messages: the mails.
        given: keys.
    """
    keys = _by_selector(given)
    senders = {row.sha256: row.from_domain for row in messages}
    verdicts: list[SignatureVerdict] = []
    chains: list[ChainRow] = []
    for sha256, rows in groupby(signatures, lambda row: row.sha256):
        judged = [(row, judge(row, keys)) for row in rows]
        verdicts += [_verdict(row, senders.get(sha256, ""), said) for row, said in judged]
        chain = chain_row(sha256, judged)
        chains += [chain] if chain is not None else []
    return tuple(verdicts), tuple(chains)


def _by_selector(given: Iterable[Key]) -> Keys:
    found: dict[tuple[str, str], list[tuple[str, KeyRecord]]] = {}
    for row in sorted(map(row_of, given), key=lambda row: (row.first_seen is None, row.first_seen or 0, row.key)):
        found.setdefault((row.domain, row.selector), []).append((row.origin, read_record(row.record)))
    return found


def _verdict(row: SignatureRow, sender: str, judged: Judged | None) -> SignatureVerdict:
    return SignatureVerdict(
        sha256=row.sha256,
        kind=row.kind,
        index=row.index,
        domain=row.domain,
        selector=row.selector,
        algorithm=row.algorithm,
        header=judged.opened.outcome if judged else "",
        body="" if row.kind == "as" else of_body(row),
        origin=judged.key if judged else "",
        aligned=row.kind == "dkim" and organization(row.domain) == organization(sender),
        limits=judged.limits if judged else (),
    )
