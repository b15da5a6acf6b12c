"""Table ``set_aside``, made over the whole case."""

import msgspec


class SetAsideRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the set-aside list, whole as JSON."""

    rule: str
    reason: str
    group: str
    count: int
    set_aside: str
