"""What the parts say that authors of some mails signed, as a case was last judged."""

from forensics.casestore import Queries
from forensics.model.signer_lines import SignedPartLine

_PARTS = """
SELECT sha256, index, kind, number, outcome, "key", obtained, origin, carriers, signers, outside
FROM judged_parts WHERE sha256 = $digest ORDER BY sha256, index
"""


def read_signed_parts(queries: Queries, digest: str) -> tuple[SignedPartLine, ...]:
    """Return the signed and encrypted parts of a mail, with what each says under all keys at hand."""
    return tuple(queries.rows(_PARTS, {"digest": digest}, SignedPartLine))
