"""Table ``occurrences``."""

from typing import Annotated

import msgspec

from forensics.model.rows.properties import PropertyRow
from forensics.model.rows.times import TimeRow


class AccountRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Bytes of an item that are no part of what was read of it."""

    kind: Annotated[str, msgspec.Meta(max_length=20)]
    """Which bytes: a word of `forensics.model.accounts.Kind`."""
    reason: Annotated[str, msgspec.Meta(max_length=100)]
    """Notice code, or what padding is; empty: several."""
    size: Annotated[int, msgspec.Meta(ge=0)]


class OccurrenceRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One place where a content stands."""

    sha256: str
    size: int
    location: str
    location_text: str
    source: str
    name: str
    declared_type: str
    extension_type: str
    media_type: str
    status: str
    parser: str
    reason: str
    """Notice code that explains a status other than parsed; empty otherwise."""
    depth: int
    parent_sha256: str
    """Digest of the item it was found in; empty for a source file."""
    message_sha256: str
    """Digest of the nearest enclosing message; empty if none."""
    mask: int
    times: list[TimeRow]
    accounts: list[AccountRow] | None = None
    """What of an item that was read, wholly or in part, was not; null: an earlier version did not record it."""
    named: list[PropertyRow] = []
    """What its file name says of it beside a time: `forensics.model.items.Occurrence.named`."""
    restates: bool = False
    """Whether it is the mail in which it stands once more, in another form: no further mail of the case."""
