"""Signed parts of mails for examples."""

from typing import Any

import msgspec

from forensics.examples.located import located
from forensics.examples.times import DAY, time
from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.locations import Locator
from forensics.model.signed_parts import Issued, PartOutcome, PartVerdict, SignedKind, SignedPart


def signed_part(
    outcome: PartOutcome = PartOutcome.HOLDS,
    *,
    kind: SignedKind = SignedKind.SMIME,
    number: str = "",
    outside: tuple[str, ...] = (),
    signed_at: str = f"{DAY}T10:00:00+00:00",
    **verdict: Any,
) -> SignedPart:
    """A signed part, of Anna's certificate, whose issuer browsers trust.

    Args:
        outcome: of the test.
        kind: how it is signed.
        number: of the part.
        outside: numbers of the texts beside it.
        signed_at: ISO time that the signer gives.
        verdict: fields of its verdict, if not these.
    """
    instant = time(signed_at).instant
    said = PartVerdict(
        outcome=outcome,
        digest_name="sha256",
        key="0" * 64,
        signers=("anna@example.org",),
        issuer="Common Name: Example Root",
        issued=Issued.KNOWN_ROOT,
        time=instant // TICKS_PER_SECOND if isinstance(instant, int) else None,
    )
    return SignedPart(
        kind=kind,
        number=number,
        depth=number.count("."),
        protocol="application/pkcs7-signature",
        micalg="sha-256",
        signed=Locator(ranges=((400, 900),), path=f"part:{number or '1'}"),
        signature=Locator(ranges=((1000, 3000),), path="part:2"),
        decoder="base64/2",
        opening=located("MIIGAQYJKoZIhvcNAQcCoIIF8jCC", "part:2", start=1000),
        outside=outside,
        verdict=msgspec.structs.replace(said, **verdict),
    )
