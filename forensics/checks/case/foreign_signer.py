"""A mail is signed by a domain that nothing else in the archive names: no sender, no recipient, no server, no id.

Who signs is who sends, a list, or a service that sends for them; its servers, ids and addresses stand in mails too.
Somebody who signs another's mail anew, so that it verifies, signs with a domain of their own.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, counts, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.knowledge.suffixes import organization
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
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
    id="case.foreign_signer",
    version=2,
    title="Signed by a domain that nothing else here names",
    subject=Subject.MESSAGE,
    needs=MessageHas.SIGNATURE | MessageHas.FROM,
    bins=(Bin("foreign"),),
    group="signature",
    proposition=Proposition.FORGED,
    ceiling=Strength.MODERATE,
    benign=("tenant_name", "on_behalf", "other_way", "other_device", "small_signer", "unsolicited"),
    settle=settle.SENDING_SERVER,
    references=("RFC 6376 6.3", "kb:A-08", "kb:O-40", "kb:O-47"),
)

_SAID = says(
    "rule.case.foreign_signer",
    one=(
        "The mail is signed by {signer}, a domain that no address, server, id or other sender's mail of the archive "
        "names; {sender} has {others} other mails here, none signed by it."
    ),
    many=(
        "{n} mails of {sender} are signed by {signer}, a domain that no address, server or id of the archive names; "
        "the sender's other {others} mails are not."
    ),
)

_NAMED_SO = says(
    "note.tenant_name",
    one=("{signer} is a name that Exchange Online gives a customer; it begins as the sender's domain does, {domain}."),
)

LEAST = 3
"""Mails of the sender that are not signed by it."""

TENANTS = ".onmicrosoft.com"
"""Under which Exchange Online names its customers, and signs for those who set no signing of their own domain up."""
LEAST_LETTERS = 4
"""Of a domain's name, with which a customer's name must begin, or that begins with it."""

ROWS_NEEDED = {"messages": 2}

# A domain is known by its organization. One that signs mails of more than three senders is a service; more than half
# of a sender's mails are a habit.
QUERY = r"""
WITH signed AS MATERIALIZED (
    SELECT item, sender, organization, min(index) AS index
    FROM flat.signatures JOIN flat.organizations ON "name" = "domain" JOIN flat.mails USING (item)
    WHERE kind = 'dkim' AND organization IS NOT NULL AND sender <> '' GROUP BY item, sender, organization),
few AS MATERIALIZED (SELECT organization FROM signed GROUP BY organization HAVING count(DISTINCT sender) <= 3),
named AS (SELECT o.organization, o."name" FROM flat.organizations o SEMI JOIN few USING (organization)),
known AS MATERIALIZED (
    SELECT organization FROM named SEMI JOIN flat.mails ON sender_domain = "name"
    UNION SELECT organization FROM named SEMI JOIN flat.mails ON id_host = "name"
    UNION SELECT organization FROM named SEMI JOIN flat.hops ON host = "name"
    UNION SELECT organization FROM named
    SEMI JOIN (SELECT DISTINCT regexp_extract(lower("from"), '^[a-z0-9.-]*') AS giver FROM flat.hops) ON giver = "name"
    UNION SELECT organization FROM named
    SEMI JOIN (SELECT DISTINCT "domain" FROM flat.parties WHERE field <> 'reply-to') p ON p."domain" = named."name"),
senders AS (SELECT sender, count(*) AS mails FROM flat.mails GROUP BY sender),
odd AS MATERIALIZED (
    SELECT s.*, mails, count(*) OVER (PARTITION BY s.sender, organization) AS k
    FROM signed s SEMI JOIN few USING (organization) ANTI JOIN known USING (organization) JOIN senders USING (sender)
    QUALIFY k * 2 < mails AND mails - k >= 3)
SELECT i.sha256, odd.sender, s."domain" AS signer, mails, k, s.b AS signature, location
FROM odd JOIN flat.items i USING (item)
JOIN signatures s ON s.sha256 = i.sha256 AND s.kind = 'dkim' AND s.index = odd.index
ORDER BY i.sha256, signer
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail with a signature of a domain of which nothing but its signatures is here."""

    sha256: str
    sender: str
    signer: str
    mails: int
    """Mails of the sender."""
    k: int
    """Of them, those that it signed."""
    signature: LocatedRow
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each; mails of one sender with one such signer are one cluster."""
    for row in rows:
        if row.mails - row.k < LEAST or row.signature.start is None:
            continue
        counted = counts(
            RULE,
            "mails of the sender, and how many of them this domain signed",
            {"sender": row.sender, "signer": row.signer},
            n=row.mails,
            k=row.k,
        )
        values = {"signer": row.signer[:120], "sender": row.sender[:120], "others": str(row.mails - row.k)}
        yield Observation(
            sentence=_SAID(row.k, **values),
            bin="foreign",
            evidence=(cite_located("signature", row.signature, Role.SUSPECT, row.sha256, row.location),),
            suspect="header:DKIM-Signature[0]",
            subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
            aggregates=(counted,),
            cluster=f"{row.sender}, {row.signer}" if row.k > 1 else "",
            benign=tuple(_causes(row)),
        )


def _causes(row: Row) -> Iterator[BenignState]:
    """Explain the customer's name that a provider signs with, where it is the sender's house by its name."""
    signer, domain = row.signer.lower(), row.sender.rpartition("@")[2]
    house = (organization(domain) or domain).partition(".")[0]
    tenant = signer.removesuffix(TENANTS).rpartition(".")[2] if signer.endswith(TENANTS) else ""
    shorter, longer = sorted((house, tenant), key=len)
    if len(shorter) >= LEAST_LETTERS and longer.startswith(shorter):
        yield settled("tenant_name", State.EXPLAINS, _NAMED_SO(signer=row.signer[:120], domain=domain[:120]))


def cases() -> Iterator[Case]:
    """Cases of senders with many mails, and with few."""

    def row(mails: int, k: int = 1, signer: str = "examp1e-mail.test") -> Row:
        return Row(
            sha256="0" * 64,
            sender="anna@example.org",
            signer=signer,
            mails=mails,
            k=k,
            signature=located_row("eA==", "header:DKIM-Signature[0]", start=80),
            location=location(),
        )

    yield fires((row(12),), "one mail of twelve", bin="foreign")
    yield fires((row(4),), "one of four", bin="foreign")
    tenant = row(12, signer="exampleo365.onmicrosoft.com")
    yield explained((tenant,), "Exchange Online under the house's own name", by="tenant_name")
    yield fires((row(12, signer="other.onmicrosoft.com"),), "Exchange Online under another's name", bin="foreign")
    yield silent((row(3),), "the sender has two other mails")
