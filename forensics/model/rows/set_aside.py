"""Table ``set_aside``, made over the whole case."""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.findings import SetAside


class SetAsideRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the set-aside list, whole as JSON."""

    rule: str
    reason: str
    group: str
    count: int
    set_aside: str


def row_of(line: SetAside) -> SetAsideRow:
    """Make the row of a line."""
    return SetAsideRow(
        rule=line.rule, reason=line.reason, group=line.group, count=line.count, set_aside=encode_text(line)
    )
