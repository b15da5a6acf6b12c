"""What the texts of one mail say of the mails that they quote."""

from forensics.casestore import Queries
from forensics.model.rows.quoted_mails import QuotedMailRow

_QUOTED = "SELECT * FROM quoted_mails WHERE sha256 = $sha256 ORDER BY index"


def read_quoted_mails(queries: Queries, sha256: str) -> tuple[QuotedMailRow, ...]:
    """Return the mails that a mail quotes, in the order in which it does; none where it is no mail."""
    return tuple(queries.rows(_QUOTED, {"sha256": sha256}, QuotedMailRow))
