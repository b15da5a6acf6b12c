"""Who writes which header field, as far as its name says it."""

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
_SERVER = frozenset(
    (
        *("return-path", "delivered-to", "envelope-to", "errors-to", "precedence", "received-spf", "priority"),
        *("authentication-results", "arc-seal", "arc-message-signature", "arc-authentication-results"),
        *("list-id", "list-post", "list-unsubscribe", "list-subscribe", "list-help", "list-archive", "list-owner"),
        *("mailing-list", "original-recipient", "delivery-date", "domainkey-status", "auto-submitted", "sender"),
        *("old-return-path", "feedback-id", "apparently-to", "list-unsubscribe-post", "old-content-type"),
    )
)
_CLIENT = frozenset(("x-mailer", "user-agent", "x-newsreader"))
_SIGNATURES = frozenset(("dkim-signature", "domainkey-signature", "x-google-dkim-signature"))
THREAD = ("in-reply-to", "references", "thread-topic", "thread-index")


@lru_cache(4096)
def by_mailbox(name: str) -> bool:
    """Whether programs that keep mailboxes write a field of this lower-case name."""
    return name in _MAILBOX or name.startswith(_MAILBOX_BEGINNINGS)


def by_client(name: str) -> bool:
    """Whether it names the program that wrote the mail."""
    return name in _CLIENT


def is_signature(name: str) -> bool:
    """Whether it is a signature of whoever sent the mail."""
    return name in _SIGNATURES


@lru_cache(4096)
def by_server(name: str) -> bool:
    """Whether servers write it, or may: fields that no standard defines are of anybody."""
    return name in _SERVER or (name.startswith("x-") and not by_client(name))
