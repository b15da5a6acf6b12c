"""Honest damage undone: what servers did to signed mails on their way, one file for each kind.

What was signed is known without guessing: the stated hash of the body, and, where a key opens the signature, the digest
of the header. So a repair is tried, compared, and proven or dropped. That a mail holds after it says what was changed;
whether that is honest is asked of the route (`own_text`).
"""

BODY_STEPS = (
    "from_unmarked",
    "unwrapped",
    "last_part_dropped",
    "text_decoded",
    "parts_decoded",
    "footer_cut",
    "quoted_printable_76",
    "quoted_printable_75",
    "base64_76",
)
"""Closed list of what is done to a body to restore it."""
HEADER_STEPS = (
    "sender_restored",
    "encoding_restored",
    "type_restored",
    "part_field_restored",
    "subject_restored",
    "from_restored",
    "reply_to_removed",
    "mime_version_restored",
    "date_restored",
    "recipients_ordered",
    "recipients_respelled",
    "recipients_restored",
    "recipients_removed",
)
"""Closed list of what is done to header fields to restore them."""
