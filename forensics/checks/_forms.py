"""How a client writes: the features of `Message.form` in words, and which of them are its own."""

import re
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


_BY_SERVER = ("id", "id-name", "order")
"""Kinds of habits that a server breaks which gives a mail its id."""
_BY_PROVIDER = re.compile(r"has=(?:x-gm-|x-google-|x-received|x-ms-exchange-|arc-|dkim-|x-provags|x-spam|received)")
"""Fields that the service writes which takes a mail from its sender, whatever program made it."""
_ONE = {
    "has=mime-version": "mime",
    "has=content-transfer-encoding": "mime",
    "transfer": "mime",
    "id-name": "names",
    "mime-name": "names",
    "date-zone": "date",
    "date-weekday": "date",
    "date-day": "date",
    "charset-fold": "charset",
}
"""Kinds of habits, and fields, that come from one line of a program, and go together."""


def own_habits(features: Iterable[str], *, served: bool, service: bool) -> dict[str, str]:
    """Return the features that are a program's own, each with the line of the program that it comes from.

    Args:
        features: ``kind=value``.
        served: a server gave the mail its id.
        service: the program is the service that takes mails from their senders.
    """
    found: dict[str, str] = {}
    for feature in features:
        kind = feature.partition("=")[0]
        if not (served and kind in _BY_SERVER) and (service or not _BY_PROVIDER.match(feature)):
            key = feature if kind == "has" else kind
            found[feature] = _ONE.get(key, key)
    return found
