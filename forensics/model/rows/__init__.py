"""Rows of the case's tables: one frozen struct per table is its schema, its JSON line and its documentation.

Times are flattened: ``instant``, ``wall`` and ``offset_s`` are null where an absence beside them says why. Ranges are
``start``/``end`` of the first range of the locator, null where bytes cannot be named; ``path`` is the locator's path.
``location`` is the JSON text of a `Location`, since tables are joined on digests and never on places.
"""

import msgspec

from forensics.model.rows.archives import ArchiveRow, MemberRow
from forensics.model.rows.chains import ChainRow
from forensics.model.rows.contents import ContentRow
from forensics.model.rows.copies import CopyRow
from forensics.model.rows.copy_claims import CopyClaimsRow
from forensics.model.rows.counterparts import CounterpartRow
from forensics.model.rows.document_copies import DocumentCopyRow
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.explanations import ExplanationRow
from forensics.model.rows.findings import FindingRow
from forensics.model.rows.keys import KeyRow
from forensics.model.rows.labels import LabelRow
from forensics.model.rows.lineage import LineageRow
from forensics.model.rows.marks import MarkRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.notices import NoticeRow
from forensics.model.rows.observations import ObservationRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.originals import OriginalRow
from forensics.model.rows.quoted_mails import QuotedMailRow
from forensics.model.rows.quotes import QuoteRow
from forensics.model.rows.ranking import RankRow
from forensics.model.rows.repairs import RepairRow
from forensics.model.rows.restored import RestoredRow
from forensics.model.rows.restrictions import RestrictionRow, UnsealedRow
from forensics.model.rows.set_aside import SetAsideRow
from forensics.model.rows.signatures import SignatureRow
from forensics.model.rows.signed_parts import SignedPartRow
from forensics.model.rows.signer_keys import CarriedKeyRow, SignerKeyRow
from forensics.model.rows.signer_verdicts import SignerVerdictRow
from forensics.model.rows.threads import GhostRow, ThreadRow
from forensics.model.rows.verdicts import VerdictRow
from forensics.model.rows.wrong_times import WrongTimeRow

TABLES: dict[str, type[msgspec.Struct]] = {
    "contents": ContentRow,
    "occurrences": OccurrenceRow,
    "messages": MessageRow,
    "signatures": SignatureRow,
    "signed_parts": SignedPartRow,
    "carried_keys": CarriedKeyRow,
    "quoted_mails": QuotedMailRow,
    "documents": DocumentRow,
    "archives": ArchiveRow,
    "archive_members": MemberRow,
    "keys": KeyRow,
    "signer_keys": SignerKeyRow,
    "originals": OriginalRow,
    "verdicts": VerdictRow,
    "chains": ChainRow,
    "signer_verdicts": SignerVerdictRow,
    "repairs": RepairRow,
    "threads": ThreadRow,
    "ghosts": GhostRow,
    "wrong_times": WrongTimeRow,
    "counterparts": CounterpartRow,
    "quotes": QuoteRow,
    "copies": CopyRow,
    "copy_claims": CopyClaimsRow,
    "document_copies": DocumentCopyRow,
    "lineage": LineageRow,
    "restored": RestoredRow,
    "observations": ObservationRow,
    "notices": NoticeRow,
    "explanations": ExplanationRow,
    "findings": FindingRow,
    "ranking": RankRow,
    "set_aside": SetAsideRow,
    "labels": LabelRow,
    "marks": MarkRow,
    "restrictions": RestrictionRow,
    "unsealed": UnsealedRow,
}
"""Table name to row type. `keys` are given or recovered, `signer_keys` given, `originals` read from reference sources;
what only stages write stands from `verdicts` to `restored`, and from `explanations` to `set_aside`."""

BY_READERS = frozenset({"marks", "restrictions", "unsealed"})
"""Tables that readers add to at any time: no stage reads them, and no result rests on them."""
