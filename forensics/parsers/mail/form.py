"""How a client writes: names in their exact case and order, the styles of Date, charset, Message-ID and boundary.

Each feature is one ``kind=value``; what a mail does not show (the padding of a two-digit day) gives none. Only what
clients write is read: servers add fields above and keep these as a rule.

Source: knowledge base F-03, T-50 to T-54, B-17.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from forensics.model.mail import HeaderField, MimePart

_ORDERED = frozenset(("from", "to", "subject", "date", "message-id", "mime-version", "content-type"))
"""Fields that nearly every mail has; their order is the client's."""
_TELLING = frozenset(
    (
        "accept-language",
        "content-class",
        "content-disposition",
        "content-language",
        "content-transfer-encoding",
        "importance",
        "mime-version",
        "organization",
        "thread-topic",
        "user-agent",
        "x-accept-language",
        "x-enigmail-version",
        "x-gm-message-state",
        "x-google-dkim-signature",
        "x-mailer",
        "x-mimeole",
        "x-ms-has-attach",
        "x-ms-tnef-correlator",
        "x-msmail-priority",
        "x-priority",
        "x-received",
        "x-x-sender",
    )
)
"""Fields that one program or service writes into all its mails, and others into none (knowledge base 2.2, D-28)."""
_GATEWAYS = {
    "x-injected-via-gmane": "news",
    "x-gmane-nntp-posting-host": "news",
    "nntp-posting-host": "news",
    "nntp-posting-date": "news",
    "nntp-posting-user": "news",
    "injection-info": "news",
    "injection-date": "news",
    "x-trace": "news",
    "xref": "news",
    "newsgroups": "news",
    "x-complaints-to": "news",
    "x-nabble-from": "Nabble",
    "x-egroups-msg-info": "Yahoo Groups",
    "x-yahoo-newman-property": "Yahoo Groups",
    "x-mimetrack": "Notes",
    "x-mimeole": "Exchange",
    "x-original-from": "list",
}
"""Fields of servers that write a mail anew from its parts: then id, spellings and order of fields are theirs."""
_GATEWAY_VALUES = {
    "x-complaints-to": re.compile(rb"\s*<?(?:mailto:)?(?:usenet|news|newsmaster|newsabuse)@", re.IGNORECASE),
    "x-mimeole": re.compile(rb"\s*Produced By Microsoft Exchange", re.IGNORECASE),
}
"""Fields that others write too, and what they then hold."""
_STRUCTURES = (
    ("Gmail", re.compile(rb"(?:CA|AANLk|BANLk)[\w=+-]{40,60}@mail\.gmail\.com")),
    ("Exchange Online", re.compile(rb"[A-Z0-9]{10,20}[0-9A-F]{25}@[A-Z0-9]{10,20}\.[a-z0-9]+\.prod\.outlook\.com")),
    ("Exchange", re.compile(rb"[0-9A-F]{36,40}@")),
    ("Exchange 2007", re.compile(rb"[0-9a-f]{32}@[^@]*")),
    ("UUID upper", re.compile(rb"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}@")),
    ("UUID lower", re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}@")),
    ("QQMail", re.compile(rb"tencent_[0-9A-F]+@")),
    ("SendGrid", re.compile(rb"[\w-]{22}@(?:geopod-)?ismtpd")),
    ("Outlook IMO", re.compile(rb"[A-P]{28}\.")),
    ("Hotmail", re.compile(rb"(?:BAY|BLU|COL|SNT|DUB|DAV)[\w-]+@")),
    ("camel", re.compile(rb"[0-9a-f]{40}\.camel@")),
)
"""Message-IDs without a time whose writer is known by their structure (knowledge base 1.1)."""
_BOUNDARIES = (
    ("Outlook", re.compile(rb"----=_NextPart_\d")),
    ("Exchange 2000", re.compile(rb"----_=_NextPart_")),
    ("JavaMail", re.compile(rb"----=_Part_")),
    ("Exchange", re.compile(rb"_\d{3}_.+_\Z")),
    ("Gmail", re.compile(rb"[0-9a-f]{28}\Z")),
    ("Mozilla", re.compile(rb"-{12}[0-9A-Za-z]{24}\Z")),
    ("Apple", re.compile(rb"Apple-Mail")),
    ("Evolution", re.compile(rb"=-[\w+/-]{20}\Z")),
    ("Python", re.compile(rb"={15}\d+==\Z")),
    ("Mutt", re.compile(rb"[A-Za-z0-9+/]{16}\Z")),
    ("PHPMailer", re.compile(rb"b\d_")),
    ("KMail", re.compile(rb"nextPart|Boundary-0")),
    ("Gnus", re.compile(rb"=-=-=")),
    ("Alpine", re.compile(rb"\d+-\d+-\d+=:")),
    ("Sylpheed", re.compile(rb"Multipart_|=_")),
)
GATEWAY = "gateway="
"""What the feature begins with of a message that a gateway wrote anew."""
_DATE = re.compile(
    rb"(?:([A-Z][a-z]{2}), ?)?(?:( |0)\d|(\d)|\d\d) [A-Z][a-z]{2} \d{4} [\d:]{5,8} ([+-]\d{4}|[A-Z]{2,4})( \()?"
)
_CHARSET = re.compile(rb";([ \t\r\n]*)charset=(\"?)([\w.:-]+)", re.IGNORECASE)


def form(headers: Sequence[HeaderField], date: bytes, schemes: Sequence[str], root: MimePart) -> tuple[str, ...]:
    """Return the features of a mail.

    Args:
        headers: its own header.
        date: body of the topmost Date field as written; empty: none.
        schemes: schemes that its Message-ID fits.
        root: its MIME tree.
    """
    first: dict[str, HeaderField] = {}
    for field in headers:
        if field.key in _ORDERED:
            first.setdefault(field.key, field)
    found = [f"order={_joined(tuple(first))}"]
    identifier = first.get("message-id")
    if identifier is not None:
        found += (f"id-name={identifier.name}", f"id={schemes[0] if schemes else _structure(identifier.body)}")
    version = first.get("mime-version")
    if version is not None:
        found.append(f"mime-name={version.name}")
    if date:
        found += _date(date)
    content_type = first.get("content-type")
    if content_type is not None:
        found += _charset(content_type.body)
    keys = tuple([field.key for field in headers])
    found += _present(keys)
    if not _GATEWAYS.keys().isdisjoint(keys):
        found += _gateway(headers)
    if root.boundary:
        found.append(f"boundary={_family(root.boundary)}")
    return tuple(found)


@lru_cache(8192)
def _present(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([f"has={key}" for key in sorted(_TELLING.intersection(keys))])


def _gateway(headers: Sequence[HeaderField]) -> list[str]:
    for field in headers:
        held = _GATEWAY_VALUES.get(field.key)
        if field.key in _GATEWAYS and (held is None or held.match(field.body)):
            return [f"{GATEWAY}{_GATEWAYS[field.key]}"]
    return []


@lru_cache(4096)
def _joined(keys: tuple[str, ...]) -> str:
    return " ".join(keys)


def _structure(body: bytes) -> str:
    token = body.strip().strip(b"<>")
    for name, pattern in _STRUCTURES:
        if pattern.match(token):
            return name
    return "other"


def _date(raw: bytes) -> list[str]:
    shown = _DATE.match(raw)
    if shown is None:
        return ["date=other"]
    weekday, pad, bare, zone, comment = shown.groups()
    found = [f"date-zone={'comment' if comment else 'offset' if zone[:1] in b'+-' else 'name'}"]
    found.append(f"date-weekday={'yes' if weekday else 'no'}")
    if pad or bare:
        found.append(f"date-day={'bare' if bare else 'zero' if pad == b'0' else 'space'}")
    return found


def _charset(body: bytes) -> list[str]:
    stated = _CHARSET.search(body)
    if stated is None:
        return []
    fold, quote, name = stated.groups()
    case = "upper" if name.isupper() else "lower" if name.islower() else "mixed"
    space = "tab" if b"\t" in fold else "line" if b"\n" in fold or b"\r" in fold else "space" if fold else "none"
    return [f"charset={'quoted' if quote else 'bare'} {case}", f"charset-fold={space}"]


def _family(boundary: bytes) -> str:
    for name, pattern in _BOUNDARIES:
        if pattern.match(boundary):
            return name
    return "other"
