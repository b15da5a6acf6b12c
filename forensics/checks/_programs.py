"""Which program a mail names, when it was released, and which Message-IDs it makes, if no server gave the id."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from forensics.knowledge import births
from forensics.model.mail import HeaderField, Message

_MUTT = frozenset(("Mutt", "Mutt before 1.3", "NeoMutt"))
_MOZILLA = frozenset(("Mozilla before 45", "UUID lower"))
_NETSCAPE = frozenset(("Netscape 4", "Mozilla before 45"))
"""An id of Netscape 4 whose second half has decimal digits only reads as Mozilla's."""
_CAMEL = frozenset(("camel", "Evolution"))
_OUTLOOK = frozenset(("Outlook before 2007", "Outlook", "Outlook IMO", "Exchange", "Exchange Online"))
"""Outlook hands mail to an Exchange without an id. What the Macintosh had under that name is another program."""
OWN = (
    (re.compile(r"git-send-email \d|StGit/\d", re.I), frozenset(("git send-email",))),
    (re.compile(r"(?:Neo)?Mutt(?:/| \d[\d.]{0,9}i)", re.I), _MUTT),
    (re.compile(r"Mozilla 4\.\d"), _NETSCAPE),
    (re.compile(r"Mozilla|Thunderbird|Icedove|Betterbird", re.I), _MOZILLA),
    (re.compile(r"(?:Ximian )?Evolution", re.I), _CAMEL),
    (re.compile(r"Apple Mail|(?:iPhone|iPad) Mail"), frozenset(("UUID upper",))),
    (
        re.compile(r"Microsoft (?:Office )?Outlook(?! Express [Mm]ac| Express for)"),
        _OUTLOOK | {"Exchange", "Exchange Online"},
    ),
    (re.compile(r"Al?pine", re.I), frozenset(("Alpine", "Pine"))),
    (re.compile(r"Claws Mail|Sylpheed", re.I), frozenset(("Sylpheed",))),
    (re.compile(r"KMail", re.I), frozenset(("KMail",))),
    (re.compile(r"Gnus", re.I), frozenset(("Gnus",))),
    (re.compile(r"Mew version", re.I), frozenset(("Mew",))),
)
"""Programs that make no other Message-IDs, and the structures of theirs (knowledge base 2.2)."""
_WEBMAIL = (
    (re.compile(r"OpenWebMail|Open WebMail", re.I), frozenset(("OpenWebMail",))),
    (re.compile(r"Horde|Internet Messaging Program|\bD?IMP\b"), frozenset(("Horde", "PHP"))),
    (re.compile(r"SquirrelMail", re.I), frozenset(("SquirrelMail",))),
    (re.compile(r"Yahoo|YMail"), frozenset(("Yahoo", "JavaMail"))),
    (re.compile(r"Zimbra|JavaMail"), frozenset(("JavaMail", "Yahoo"))),
)
"""Some add the name of the browser, which is no mail program."""
_OTHERS = (
    (re.compile(r"\bn?mh\b|\bMH-E\b|Mulberry", re.I), frozenset(("MH",))),
    (re.compile(r"VM \d"), frozenset(("VM",))),
    (re.compile(r"emacs|SEMI/|Wanderlust", re.I), frozenset(("Gnus", "Wanderlust", "VM", "MH", "Mew"))),
    (re.compile(r"The Bat!"), frozenset(("The Bat!",))),
    (re.compile(r"Eudora"), frozenset(("Eudora",))),
    (re.compile(r"Pegasus"), frozenset(("Pegasus",))),
    (re.compile(r"GroupWise"), frozenset(("GroupWise",))),
    (re.compile(r"\balot/|HyperKitty|Mailman|Python", re.I), frozenset(("Python", "Mailman"))),
    (re.compile(r"Rails|Ruby|Redmine", re.I), frozenset(("Ruby",))),
    (re.compile(r"PHP|Swift", re.I), frozenset(("PHP", "SwiftMailer"))),
)
"""Programs whose ids may have other structures as well."""
NAMING = frozenset(("x-newsreader", "x-webmail", "x-webmailer", "x-mail-client", "x-mua", "posting-user-agent"))
"""Fields in which programs name themselves that write neither User-Agent nor X-Mailer."""
_KEPT = frozenset(
    (
        "origin-messageid",
        "original-message-id",
        "x-google-original-message-id",
        "x-microsoft-original-message-id",
        "x-original-message-id",
    )
)
"""Fields in which services keep the id that they replaced by their own."""
_OTHER_IDS = re.compile(rb"Postfix|Exim|sendmail|qmail|\(8\.\d{1,2}\.\d", re.I)
"""Servers whose own Message-IDs have schemes of their own, by what they write into their trace fields."""


def named(message: Message) -> str:
    """Return what the mail calls the program that wrote it; empty where it names none."""
    if message.client.value:
        return message.client.value
    if NAMING.isdisjoint(message.by_key):
        return ""
    field = next(field for field in message.headers if field.key in NAMING)
    return field.body.decode("utf-8", "replace").strip()


@lru_cache(maxsize=4096)
def only_forms(program: str) -> frozenset[str]:
    """Return the structures of all Message-IDs that a program makes; none where it may make others."""
    if any(pattern.search(program) for pattern, _ in _WEBMAIL):
        return frozenset()
    return next((forms for pattern, forms in OWN if pattern.search(program)), frozenset())


@lru_cache(maxsize=4096)
def own_forms(program: str) -> frozenset[str]:
    """Return structures of Message-IDs that a program makes; none where they are not known."""
    return next((forms for pattern, forms in (*_WEBMAIL, *OWN, *_OTHERS) if pattern.search(program)), frozenset())


def given_by_server(message: Message) -> bool:
    """Whether a server on the way gave the mail its Message-ID.

    Either a service kept the former id in a field of its own, or the id's host is one that the trace names, and not one
    whose server is known to give ids of another form.
    """
    if any(field.key in _KEPT and message.message_id.value not in _text(field) for field in message.headers):
        return True
    host = message.message_id.value.rpartition("@")[2].lower().rstrip(".")
    if not host:
        return False
    handed_by = ""
    for hop in message.trace:
        known = _OTHER_IDS.search(hop.raw) is not None
        if not known and (_one_host(host, hop.by.rstrip(".")) or _one_host(host, handed_by)):
            return True
        handed_by = hop.from_.partition(" ")[0].lower().rstrip(".")
    return False


def _one_host(one: str, other: str) -> bool:
    """Whether two names are of one host: equal, or one is the first label of the other; every host is ``localhost``."""
    if not one or not other or one.startswith("localhost"):
        return False
    if "." in one and "." in other:
        return one == other
    return one.partition(".")[0] == other.partition(".")[0]


def _text(field: HeaderField) -> str:
    return field.body.decode("utf-8", "replace")


_RELEASES = re.compile(
    r"(Thunderbird)[/ ](\d+[\d.]*\d(?:b\d+)?)|(?:iPhone|iPad) Mail \((\w+)\)|(Roundcube Webmail)/(\d+\.[\d.]*\d)"
    r"|(Microsoft)(?: Office)? Outlook,? (\d+\.\d)"
)
_SLACK, _OUTLOOK_SLACK = 60, 365
"""Days before its release at which a version is no surprise (knowledge base D-20 to D-28)."""


class Release(NamedTuple):
    """One version of a program that a mail names; days since 1970, 0 where the release is not known."""

    shown: str
    born: int
    surprising: int
    """Before this day it surprises."""


def releases(client: str) -> Iterator[Release]:
    """Yield the versions that a program's name holds."""
    for found in _RELEASES.finditer(client):
        thunderbird, version, build, roundcube, release, outlook, major = found.groups()
        word = thunderbird or roundcube or ("Microsoft Outlook" if outlook else "iPhone Mail")
        born = births.program_births().get((word, version or build or release or major), 0)
        # Outlook's table has the day in the shops; firms and testers had it up to a year before.
        yield Release(found[0], born, born - (_OUTLOOK_SLACK if outlook else _SLACK))
