"""Table ``labels``, made over the whole case: lists of what was found need not read the mails for them."""

import msgspec


class LabelRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What a reader recognizes an item by that a finding or the ranking names."""

    location: str
    label: str
    """JSON text of an `ItemLabel`."""
