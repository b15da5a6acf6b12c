"""DKIM signatures and ARC sets as servers write them: layouts, lists of signed fields, keys. Source: RFC 6376, 8617."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from forensics._demo.leak.clock import at, microseconds
from forensics._demo.leak.drafts import Fields, Mail
from forensics._demo.leak.people import CAMPAIGN, CLOUD, FIRM, POST, PRINTER
from forensics._demo.leak.rsa import PrivateKey, private_key

ARC_SINCE = at("2016-10-01")
"""Since when the hosted Exchange seals what it receives; the first large services did so that autumn."""
DKIM = "DKIM-Signature"
_LINE = 72
_BLANKS = re.compile(rb"[ \t]+")


@dataclass(frozen=True)
class Layout:
    """How a program writes its signatures."""

    text: str
    """Body of the field; the hash and the signature stand in ``{bh}`` and ``{b}``."""
    names: tuple[str, ...]
    """Fields that are signed where a mail has them."""
    simple: bool = False
    """Canonicalization of header and body; else relaxed."""
    as_written: bool = False
    """Whether ``h=`` follows the mail, not the order of the names."""
    lower: bool = False
    again: tuple[str, ...] = ()
    """Fields named once more than the mail has them, so that none can be added."""
    fold: str = ""
    """What stands between the lines of ``b=``; none: one line."""


_CONTENT = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding")
_LIST = ("List-Id", "List-Post")
OPENDKIM = Layout(
    "v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\n\ts={selector}; t={time};\n\tbh={bh};\n\th={names};\n\tb={b}",
    ("From", "Subject", "Date", "To", "Cc", "In-Reply-To", "References"),
    as_written=True,
    again=("From",),
    fold="\n\t ",
)
WEBPOST = Layout(
    "v=1; a=rsa-sha256; c=relaxed/relaxed;\n        d={domain}; s={selector};\n        h={names};\n"
    "        bh={bh};\n        b={b}",
    ("MIME-Version", "In-Reply-To", "References", "From", "Date", "Message-ID", "Subject", "To", "Cc"),
    as_written=True,
    lower=True,
    fold="\n         ",
)
EXCHANGE = Layout(
    "v=1; a=rsa-sha256; c=relaxed/relaxed;\n d={domain}; s={selector};\n h={names};\n bh={bh};\n b={b}",
    ("From", "To", "Date", "Subject", "Message-ID", "Content-Type", "MIME-Version"),
)
BULK_MAILER = Layout(
    "v=1; a=rsa-sha256; c=simple/simple; d={domain};\n s={selector}; t={time};\n bh={bh};\n h={names};\n b={b}",
    ("Date", "From", "To", "Message-ID", "Subject", "MIME-Version", "Content-Type", "List-Unsubscribe"),
    simple=True,
    fold="\n ",
)
EXIM = Layout(
    "v=1; a=rsa-sha256; q=dns/txt; c=relaxed/relaxed; d={domain}; s={selector};\n\th={names}; bh={bh};\n\tb={b};",
    ("From", "Subject", "Date", "Message-ID", "To", "Cc", *_CONTENT, "In-Reply-To", "References", *_LIST),
    fold="\n\t",
)
ARC_MESSAGE = Layout(
    "i=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\n s={selector};\n h={names};\n bh={bh};\n b={b}",
    ("From", "Date", "Subject", "Message-ID", "Content-Type", "MIME-Version"),
)
_SEAL = "i=1; a=rsa-sha256; s={selector}; d={domain}; cv=none;\n b="
_RESULTS = "i=1; mx.cloudpost.example 1; spf=pass\n smtp.mailfrom={envelope}; {dkim}; arc=none"


@dataclass(frozen=True)
class Signer:
    """Who signs: a domain, the name of its key, the key, and the program's layout."""

    domain: str
    selector: str
    layout: Layout
    key: PrivateKey = field(repr=False)
    signs_at: datetime | None = None
    """When it signs, if not when the mail passes."""

    def dkim(self, mail: Mail, instant: datetime) -> tuple[str, str]:
        """Return the field that signs a mail as it is handed on at an instant of the server's clock."""
        return DKIM, self.signed(DKIM, mail, self.signs_at or instant)

    def signed(self, name: str, mail: Mail, instant: datetime) -> str:
        """Return the body of a signature field over a mail's fields and body."""
        layout = self.layout
        chosen = _chosen(layout, mail.fields)
        names = [*[one for one, _ in chosen], *layout.again]
        text = layout.text.format(
            domain=self.domain,
            selector=self.selector,
            time=microseconds(instant) // 1_000_000,
            names=":".join(names).lower() if layout.lower else ":".join(names),
            bh=body_hash(mail.body, simple=layout.simple),
            b="{b}",
        )
        data = b"".join([canonical(*row, simple=layout.simple) for row in chosen])
        return self.completed(name, text, data)

    def completed(self, name: str, text: str, data: bytes) -> str:
        """Sign *data* and the field itself, whose ``{b}`` counts as empty, and put the signature there."""
        own = canonical(name, text.replace("{b}", ""), simple=self.layout.simple)
        value = base64.b64encode(self.key.sign(data + own.removesuffix(b"\r\n"))).decode("ascii")
        width = _LINE if self.layout.fold else len(value)
        lines = [value[start : start + width] for start in range(0, len(value), width)]
        return text.replace("{b}", self.layout.fold.join(lines))


def _chosen(layout: Layout, fields: Sequence[tuple[str, str]]) -> Fields:
    """Return the fields that are signed, in the order of ``h=``; no mail of the story has one of them twice."""
    wanted = {name.lower(): place for place, name in enumerate(layout.names)}
    found = [(name, value) for name, value in fields if name.lower() in wanted]
    return found if layout.as_written else sorted(found, key=lambda row: wanted[row[0].lower()])


def canonical(name: str, value: str, *, simple: bool) -> bytes:
    """Return a field as it is hashed (RFC 6376 3.4.1, 3.4.2)."""
    if simple:
        return f"{name}: {value}\n".encode("ascii").replace(b"\n", b"\r\n")
    return f"{name.lower()}:{' '.join(value.split())}\r\n".encode("ascii")


def body_hash(body: bytes, *, simple: bool) -> str:
    """Return ``bh=`` of a body with LF line ends (RFC 6376 3.4.3, 3.4.4)."""
    lines = body.split(b"\n")
    if not simple:
        lines = [_BLANKS.sub(b" ", line).rstrip(b" ") for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    text = b"".join([line + b"\r\n" for line in lines]) or (b"\r\n" if simple else b"")
    return base64.b64encode(hashlib.sha256(text).digest()).decode("ascii")


def arc_set(signer: Signer, mail: Mail, dkim: str, instant: datetime) -> Fields:
    """Return seal, message signature and results of the first server that hands a mail on by ARC.

    Args:
        signer: the platform.
        mail: as it came.
        dkim: domain whose signature held on arrival, empty if the mail has none.
        instant: of arrival.
    """
    held = f"dkim=pass (signature was verified)\n header.d={dkim}" if dkim else "dkim=none (message not signed)"
    envelope = mail.letter.sender.address.split("@")[1]
    rows = [("ARC-Authentication-Results", _RESULTS.format(envelope=envelope, dkim=held))]
    rows.append(("ARC-Message-Signature", signer.signed("ARC-Message-Signature", mail, instant)))
    text = _SEAL.format(domain=signer.domain, selector=signer.selector) + "{b}"
    data = b"".join([canonical(*row, simple=False) for row in rows])
    rows.append(("ARC-Seal", signer.completed("ARC-Seal", text, data)))
    return rows[::-1]


_SIGNERS = {
    "campaign": (CAMPAIGN, "mail", OPENDKIM),
    "lists": (f"listes.{CAMPAIGN}", "listes", EXIM),
    "webpost": (POST, "20150623", WEBPOST),
    "theodule": (FIRM, "selector1", EXCHANGE),
    # A customer who sets up no key of their own is signed for under the platform's name of them.
    "basile": (f"{PRINTER.split('.')[0]}.{CLOUD}", f"selector1-{PRINTER.replace('.', '-')}", EXCHANGE),
    "bulk": ("gazette-garrigue.example", "lettre", BULK_MAILER),
    "arc": (CLOUD.removeprefix("prod."), "arcselector9901", ARC_MESSAGE),
}
_SEEN = ("2015-11-09", "2017-09-04")
"""Days between which an observer of DNS saw every key of the story."""

Signers = dict[str, Signer]


def signers(rng: Random) -> Signers:
    """Make the key of every domain that signs; those of the association and of spam sign nothing."""
    return {name: Signer(*about, private_key(rng)) for name, about in _SIGNERS.items()}


def forger(rng: Random) -> Signer:
    """Return the key that a forger made for themselves, under a name that the campaign never had."""
    return Signer(CAMPAIGN, "smtp2", OPENDKIM, private_key(rng))


def key_file(everyone: Signers) -> str:
    """Write the public keys as a table; the domain is that of ``d=``."""
    rows = [("domain", "selector", "p", "first_seen", "last_seen")]
    for one in sorted(everyone.values(), key=lambda one: one.domain):
        rows.append((one.domain, one.selector, base64.b64encode(one.key.public()).decode("ascii"), *_SEEN))
    return "".join(["\t".join(row) + "\n" for row in rows])
