"""What a store says of a message that has no place among the facts of mail: a closed list, in its own words.

Where the header that was delivered is kept, it decides who wrote what to whom; what the store says of that stands
here beside it.

Source: [MS-OXPROPS], [MS-OXCMSG] 2.2.1.
"""

import re
from collections.abc import Iterator
from uuid import UUID

from forensics.model.facts import Fact
from forensics.model.locations import Locator
from forensics.parsers.mail.mapi.properties import Properties, Property
from forensics.parsers.mail.mapi.values import (
    BOOLEAN,
    FLOATING64,
    GUID,
    MULTIPLE,
    STRING,
    STRING8,
    codepage_of,
    data_of,
    decoded,
    integer,
)

RAW_BYTES = 1000
"""Of one value that are kept; the range of all of them is said."""
MOST_CATEGORIES = 100
ALWAYS = {
    0x0017: "importance",
    0x001A: "message_class",
    0x0026: "priority",
    0x0036: "sensitivity",
    0x003B: "sent_representing_search_key",
    0x003F: "received_by_entry_id",
    0x0040: "received_by_name",
    0x0051: "received_by_search_key",
    0x0075: "received_by_address_type",
    0x0076: "received_by_address",
    0x0077: "received_representing_address_type",
    0x0078: "received_representing_address",
    0x0047: "message_submission_id",
    0x007F: "tnef_correlation_key",
    0x0C1D: "sender_search_key",
    0x0E07: "message_flags",
    0x0E08: "message_size",
    0x0E17: "message_status",
    0x0E1F: "rtf_in_sync",
    0x0E28: "primary_send_account",
    0x0E29: "next_send_account",
    0x0E69: "read",
    0x0FF9: "record_key",
    0x0FFF: "entry_id",
    0x1016: "native_body",
    0x1080: "icon_index",
    0x1081: "last_verb",
    0x1090: "flag_status",
    0x1095: "follow_up_icon",
    0x300B: "search_key",
    0x3013: "conversation_id",
    0x3FDE: "internet_codepage",
    0x3FF1: "locale",
    0x3FF8: "creator_name",
    0x3FF9: "creator_entry_id",
    0x3FFA: "last_modifier_name",
    0x3FFB: "last_modifier_entry_id",
    0x3FFD: "message_codepage",
    0x4019: "sender_flags",
    0x401A: "sent_representing_flags",
    0x5909: "editor_format",
    0x5D07: "received_by_smtp_address",
    0x5D08: "received_representing_smtp_address",
    0x65E0: "source_key",
    0x65E2: "change_key",
    0x65E3: "predecessor_change_list",
}
"""Numbers of properties, and how facts call them behind ``mapi.``; of those that two numbers name the first counts."""
BESIDE_HEADER = {
    0x0037: "subject",
    0x003D: "subject_prefix",
    0x0042: "sent_representing_name",
    0x0064: "sent_representing_address_type",
    0x0065: "sent_representing_address",
    0x0070: "conversation_topic",
    0x0071: "conversation_index",
    0x0C1A: "sender_name",
    0x0C1E: "sender_address_type",
    0x0C1F: "sender_address",
    0x0E1D: "normalized_subject",
    0x1035: "message_id",
    0x1039: "references",
    0x1042: "in_reply_to",
    0x5D01: "sender_smtp_address",
    0x5D02: "sent_representing_smtp_address",
}
"""The same where the header that was delivered is kept."""
NAMED = {
    "{00020329-0000-0000-C000-000000000046}/Keywords": "categories",
    "{00062008-0000-0000-C000-000000000046}/0x8552": "outlook_internal_version",
    "{00062008-0000-0000-C000-000000000046}/0x8554": "outlook_version",
    "{00062008-0000-0000-C000-000000000046}/0x8580": "internet_account_name",
    "{00062008-0000-0000-C000-000000000046}/0x8581": "internet_account_stamp",
    "{00062008-0000-0000-C000-000000000046}/0x8530": "flag_request",
    "{00062002-0000-0000-C000-000000000046}/0x8208": "location",
}
OF_ATTACHMENTS = {0x0E20: "attachment_size", 0x3705: "attachment_method"}
_PREFIX = re.compile("\x01.")
_HEX = 512
"""Bytes of a value that are shown."""


def said(properties: Properties, *, delivered: bool) -> Iterator[Fact]:
    """Yield what a store says of a message; *delivered*: whether the header that it was delivered with is kept."""
    codepage = codepage_of(properties)
    for one in properties:
        name = NAMED.get(one.name, "") if one.name else ALWAYS.get(one.id, "")
        if not name and delivered and not one.name:
            name = BESIDE_HEADER.get(one.id, "")
        if name:
            yield _fact(name, one, codepage)


def said_of_attachment(properties: Properties) -> Iterator[Fact]:
    """Yield the size that an attachment takes in the store, its properties included, and how it is attached."""
    for one in properties:
        if one.id in OF_ATTACHMENTS and not one.name:
            yield _fact(OF_ATTACHMENTS[one.id], one, 0)


def _fact(name: str, one: Property, codepage: int) -> Fact:
    raw = data_of(one)
    place = one.locator
    if len(raw) > RAW_BYTES and len(place.ranges) == 1:
        start = place.ranges[0][0]
        place = Locator(ranges=((start, start + RAW_BYTES),), path=place.path, steps=place.steps)
    return Fact(name=f"mapi.{name}", value=_value(one, raw, codepage), raw=raw[:RAW_BYTES], locator=place)


def _value(one: Property, raw: bytes, codepage: int) -> str:
    kind = one.type & ~MULTIPLE
    if kind in (STRING, STRING8):
        text = decoded(raw, kind, codepage)
        return _PREFIX.sub("", text, count=1) if text[:1] == "\x01" else "; ".join(text.split("\0")[:MOST_CATEGORIES])
    if one.type == BOOLEAN:
        return "yes" if integer(one) else "no"
    if (value := integer(one)) is not None:
        return str(value)
    if one.type == GUID and len(raw) == 16:
        return f"{{{UUID(bytes_le=raw)}}}".upper()
    if one.type == FLOATING64:
        return raw.hex()
    return raw[:_HEX].hex()
