"""Digital signatures of documents for examples."""

from typing import Any

from forensics.examples.located import located
from forensics.examples.times import DAY, time
from forensics.model.document_signatures import (
    DigestOutcome,
    DocumentSignature,
    SignatureVerdict,
    SignedReference,
)
from forensics.model.facts import ClockKind, Description
from forensics.model.locations import Locator
from forensics.model.signed_parts import Issued, PartOutcome
from forensics.model.time_kinds import TimeKind

PART = "_xmlsignatures/sig1.xml"


def reference(name: str, outcome: DigestOutcome = DigestOutcome.SAME, **changed: Any) -> SignedReference:
    """What a signature states of a part, by SHA-256."""
    stated = located("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", f"xml:{PART}#Reference[{name}]")
    return SignedReference(name=name, method="sha256", outcome=outcome, stated=stated, **changed)


def signature(
    *references: SignedReference,
    outcome: PartOutcome = PartOutcome.HOLDS,
    method: str = "rsa-sha256",
    uncovered: tuple[str, ...] = ("docProps/core.xml",),
    signed_at: str = f"{DAY}T10:00:00+00:00",
    made_by_key: bool | None = True,
    **verdict: Any,
) -> DocumentSignature:
    """A signature of Anna's certificate, which signs itself, over the text of a document."""
    said = SignatureVerdict(
        outcome=outcome,
        made_by_key=made_by_key,
        **{
            "certificate": "0" * 64,
            "signer": "Anna Example",
            "subject": "CN=Anna Example",
            "issuer": "CN=Anna Example",
            "issued": Issued.NOBODY,
            **verdict,
        },
    )
    opening = located("RtQ3OC8K+rGYgVKRzCEnVIBHygvNKnU7TUJkPVmRd8a/29wW", f"xml:{PART}#SignatureValue")
    return DocumentSignature(
        part=PART,
        method=method,
        references=references or (reference("#idPackageObject"), reference("word/document.xml")),
        uncovered=uncovered,
        uncovered_count=len(uncovered),
        claimed=time(
            signed_at,
            path=f"xml:{PART}#SignatureTime",
            kind=TimeKind.DOCUMENT_SIGNED,
            clock=ClockKind.APPLICATION,
            description=Description.SIGNED,
        )
        if signed_at
        else None,
        opening=opening,
        place=Locator(path=f"xml:{PART}#SignatureValue"),
        verdict=said,
    )
