"""How a client writes, said for people: the features of `MailMessage.form` in words."""

from collections.abc import Iterable

from forensics.knowledge.sentences import text

SERVERS = frozenset(
    ("Exim", "Exim from 4.97", "Mailman", "Postfix", "Postfix long", "qmail", "sendmail", "sendmail before 8.10")
)
"""Structures of Message-IDs that servers give to mail that has none."""
_GATEWAY = "gateway="


def gateway(form: Iterable[str]) -> str:
    """Return in words which gateway wrote a mail anew, by its form; empty where none did."""
    return next((in_words(one) for one in form if one.startswith(_GATEWAY)), "")


def in_words(feature: str) -> str:
    """Say a feature (``kind=value``, or ``kind!=value``: never that value) in words.

    Args:
        feature: as in a message's form or in the table of programs' habits.
    """
    kind, never, value = feature.partition("!=")
    if never:
        return text("form.never", feature=in_words(f"{kind}={value}"))
    kind, _, value = feature.partition("=")
    return text(f"form.{kind}", value=value[:80])
