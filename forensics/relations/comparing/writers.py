"""Who writes which header field, as far as its name says it."""

import re
from functools import lru_cache

_MAILBOX = frozenset(
    (
        *("status", "x-status", "x-uid", "x-uidl", "x-keywords", "x-imap", "x-imapbase", "x-label", "x-folder"),
        *("content-length", "lines", "x-account-key", "x-evolution", "x-evolution-source", "x-gmail-labels"),
        *("x-gm-thrid", "x-gm-msgid", "x-tuid", "x-offlineimap", "x-sieve", "x-unsent", "x-apple-auto-saved"),
        *("x-uniform-type-identifier", "x-universally-unique-identifier", "x-mail-created-date"),
    )
)
_MAILBOX_BEGINNINGS = ("x-mozilla-", "x-kmail-", "x-dspam-", "x-apple-mail-", "x-evolution-")
_AUTHOR = frozenset(
    (
        *(
            "date",
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "subject",
            "message-id",
            "in-reply-to",
            "references",
        ),
        *("comments", "keywords", "mime-version", "organization", "importance", "sensitivity", "expires", "summary"),
        *("thread-topic", "thread-index", "disposition-notification-to", "return-receipt-to", "autocrypt", "openpgp"),
        *(
            "x-mailer",
            "user-agent",
            "x-newsreader",
            "x-priority",
            "x-msmail-priority",
            "followup-to",
            "mail-followup-to",
        ),
    )
)
"""Fields of whoever writes a mail; servers, lists and filters write all others, under names without end."""
_EXPORT = re.compile(r"x-.*(?:export|convert|migrat|folder|mailbox|label)")
"""Names that programs give which export or move whole mailboxes."""
_CLIENT = frozenset(("x-mailer", "user-agent", "x-newsreader"))
_SIGNATURES = frozenset(("dkim-signature", "domainkey-signature", "x-google-dkim-signature"))
THREAD = ("in-reply-to", "references", "thread-topic", "thread-index")


@lru_cache(4096)
def by_mailbox(name: str) -> bool:
    """Whether programs that keep, move or export mailboxes write a field of this lower-case name."""
    return name in _MAILBOX or name.startswith(_MAILBOX_BEGINNINGS) or bool(_EXPORT.match(name))


def by_client(name: str) -> bool:
    """Whether it names the program that wrote the mail."""
    return name in _CLIENT


def is_signature(name: str) -> bool:
    """Whether it is a signature of whoever sent the mail."""
    return name in _SIGNATURES


def by_author(name: str) -> bool:
    """Whether whoever writes a mail writes it: no server puts it in or takes it out."""
    return name in _AUTHOR or name.startswith(("content-", "resent-"))
