"""How a client writes its header and its texts.

Of the header names in their exact case and order, the styles of Date, charset, Message-ID and boundary; of the texts
transfer encoding, disposition, format, the line before a quotation, HTML's own marks.

Each feature is one ``kind=value``; what a mail does not show (the padding of a two-digit day) gives none. Only what
clients write is read: servers add fields above and keep these as a rule. Of texts the first that a reader is shown
counts.

Source: knowledge base 2.4, 2.5, F-03, T-50 to T-54, B-17; RFC 3676 (format=flowed).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from forensics.model.facts import Absence, Timestamp
from forensics.model.mail import HeaderField, MimePart
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.bodies import Bodies, Body

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
_KNOWN = _ORDERED | _TELLING
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
_ATTRIBUTIONS = (
    ("Gmail", re.compile(r"^On \w{3}, \w{3} \d+, \d{4} at \d+:\d\d.{0,4}[AP]?M?.{0,200}wrote:", re.MULTILINE)),
    ("Apple", re.compile(r"^On \d+ \w{3} \d{4}, at \d", re.MULTILINE)),
    ("Mozilla", re.compile(r"^On \d+/\d+/\d+,? \d+:\d\d", re.MULTILINE)),
    ("other date", re.compile(r"^On .{10,200}wrote:$", re.MULTILINE)),
    ("name", re.compile(r"^.{3,100} (?:wrote|writes|schrieb|a \xe9crit):$", re.MULTILINE)),
    ("Outlook text", re.compile(r"^-----Original Message-----", re.MULTILINE)),
    ("Outlook web", re.compile(r"^_{32}\s+(?:From|Von|De):", re.MULTILINE)),
    ("block", re.compile(r"^From: .*\n(?:Sent|Date): ", re.MULTILINE)),
    ("none", re.compile(r"^>", re.MULTILINE)),
)
_MARKS = (
    ("Word", re.compile(r"name=\"?generator\"? content=\"?Microsoft Word", re.IGNORECASE)),
    ("Outlook", re.compile(r"MsoNormal")),
    ("Apple", re.compile(r"-webkit-nbsp-mode|Apple-interchange-newline")),
    ("Mozilla", re.compile(r"moz-|text=\"#000000\" bgcolor=")),
    ("Yahoo", re.compile(r"\byiv\d|ydp[0-9a-f]+")),
    ("Gmail", re.compile(r"<div dir=\"(?:ltr|auto)\"|gmail_")),
)
_QUOTED = re.compile(r"\n(?:>|From:|-----Orig|______)")
"""What a quotation begins with; the line that introduces it stands beside the first."""
_BEFORE, _AFTER = 300, 200
_HEAD = 4_000
"""Characters in which a program's own marks stand; what follows may be quoted."""


def form(root: MimePart, date: Timestamp | Absence, times: Sequence[Timestamp]) -> tuple[str, ...]:
    """Return the features of a mail's header.

    Args:
        root: its MIME tree.
        date: the topmost Date field.
        times: all that are read from the mail; those in its Message-ID say the scheme that it fits.
    """
    headers = root.headers
    schemes = [time.scheme for time in times if time.kind is TimeKind.MESSAGE_ID and time.index == 0]
    by_key = root.by_key
    order, has = _of_names(tuple([key for key in by_key if key in _KNOWN]))
    found = [order]
    identifier = root.first("message-id")
    if identifier is not None:
        found += (f"id-name={identifier.name}", f"id={schemes[0] if schemes else _structure(identifier.body)}")
    version = root.first("mime-version")
    if version is not None:
        found.append(f"mime-name={version.name}")
    if isinstance(date, Timestamp) and date.raw:
        found += _date(date.raw)
    content_type = root.first("content-type")
    if content_type is not None:
        found += _charset(content_type.body)
    found += has
    if not _GATEWAYS.keys().isdisjoint(by_key):
        found += _gateway(headers)
    if root.boundary:
        found.append(f"boundary={_family(root.boundary)}")
    return tuple(found)


def _gateway(headers: Sequence[HeaderField]) -> list[str]:
    for field in headers:
        held = _GATEWAY_VALUES.get(field.key)
        if field.key in _GATEWAYS and (held is None or held.match(field.body)):
            return [f"{GATEWAY}{_GATEWAYS[field.key]}"]
    return []


@lru_cache(1024)
def _of_names(keys: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the order of a header's fields, and which telling ones it has, of these names of `_KNOWN` in order."""
    order = " ".join([key for key in keys if key in _ORDERED])
    return f"order={order}", tuple([f"has={key}" for key in sorted(_TELLING.intersection(keys))])


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


def _charset(body: bytes) -> tuple[str, ...]:
    stated = _CHARSET.search(body)
    if stated is None:
        return ()
    fold, quote, name = stated.groups()
    case = "upper" if name.isupper() else "lower" if name.islower() else "mixed"
    space = "tab" if b"\t" in fold else "line" if b"\n" in fold or b"\r" in fold else "space" if fold else "none"
    return f"charset={'quoted' if quote else 'bare'} {case}", f"charset-fold={space}"


def _family(boundary: bytes) -> str:
    for name, pattern in _BOUNDARIES:
        if pattern.match(boundary):
            return name
    return "other"


def text_form(bodies: Bodies) -> tuple[str, ...]:
    """Return the features of a message's texts."""
    return tuple(_features(bodies, bodies.shown[0])) if bodies.shown else ()


def _features(bodies: Bodies, first: Body) -> Iterator[str]:
    part = first.part
    yield f"part={part.media_type}"
    if first.raw.isascii() and (part.decoder == "copy/1" or first.text.isascii()):
        yield f"transfer={part.encoding or 'none'}"
    if part is bodies.root and part.disposition:
        yield f"disposition={part.disposition}"
    if part.media_type == "text/plain":
        content_type = part.first("content-type")
        if content_type is not None:
            yield f"flowed={'yes' if b'flowed' in content_type.raw.lower() else 'no'}"
        yield from _attribution(first)
    else:
        head = first.text[:_HEAD]
        yield f"html={next((name for name, pattern in _MARKS if pattern.search(head)), 'other')}"


def _attribution(body: Body) -> Iterator[str]:
    text = body.text
    quoted = _QUOTED.search(text)
    if quoted is None:
        return
    near = text[max(0, quoted.start() - _BEFORE) : quoted.start() + _AFTER]
    for name, pattern in _ATTRIBUTIONS:
        if pattern.search(near):
            yield f"attribution={name}"
            return
