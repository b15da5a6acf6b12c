"""How a client writes: the features of `Message.form` in words, and which of them are its own."""

import re
from collections.abc import Iterable

from forensics.model.sentences import Sentence, says

SERVERS = frozenset(
    ("Exim", "Exim from 4.97", "Mailman", "Postfix", "Postfix long", "qmail", "sendmail", "sendmail before 8.10")
)
"""Structures of Message-IDs that servers give to mail that has none."""
_GATEWAY = "gateway="
_SAID = {
    "never": says("form.never", one="never {feature}"),
    "gateway": says("form.gateway", one="a gateway ({value})"),
    "has": says("form.has", one="the field {value}"),
    "order": says("form.order", one="the order of fields {value}"),
    "id": says("form.id", one="a Message-ID of the form {value}"),
    "id-name": says("form.id-name", one="the spelling {value}"),
    "mime-name": says("form.mime-name", one="the spelling {value}"),
    "date": says("form.date", one="another form of Date ({value})"),
    "date-zone": says("form.date-zone", one="Date's zone as {value}"),
    "date-weekday": says("form.date-weekday", one="Date's weekday: {value}"),
    "date-day": says("form.date-day", one="Date's day padded with {value}"),
    "charset": says("form.charset", one="the character set written as {value}"),
    "charset-fold": says("form.charset-fold", one="before the character set: {value}"),
    "boundary": says("form.boundary", one="a boundary of the form {value}"),
    "transfer": says("form.transfer", one="the transfer encoding {value}"),
    "disposition": says("form.disposition", one="the disposition {value}"),
    "flowed": says("form.flowed", one="format=flowed: {value}"),
    "attribution": says("form.attribution", one="quotations introduced in the form {value}"),
    "html": says("form.html", one="HTML of the form {value}"),
    "part": says("form.part", one="a first part of type {value}"),
}


def gateway(form: Iterable[str]) -> Sentence | None:
    """Return in words which gateway wrote a mail anew, by its form; ``None`` where none did."""
    return next((in_words(one) for one in form if one.startswith(_GATEWAY)), None)


def in_words(feature: str) -> Sentence:
    """Say a feature (``kind=value``, or ``kind!=value``: never that value) in words.

    Args:
        feature: as in a message's form or in the table of programs' habits.
    """
    kind, never, value = feature.partition("!=")
    if never:
        return _SAID["never"](feature=in_words(f"{kind}={value}"))
    kind, _, value = feature.partition("=")
    return _SAID[kind](value=value[:80])


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
