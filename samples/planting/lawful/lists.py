"""The copy that came by a list, and the copy that came beside it."""

import re
from random import Random

from samples.planting.archive import Stored
from samples.planting.lawful.form import Form, delivered
from samples.planting.mail import Field, Mail
from samples.planting.mime import Unfit
from samples.planting.prose import text_parts

_LIST_HOST = "lists.harbour-club.example"
_LABELS = ("talk", "members", "board-news")
_OF_LIST = re.compile(
    r"list-|x-list|x-mailman|x-beenthere|x-mailing-list|mailing-list|precedence|errors-to|sender|x-original-from"
    r"|delivered-to|return-path|x-original-to|x-orcpt|archived-at|x-topics|x-loop",
    re.IGNORECASE,
)
_FOOTER = re.compile(r"\n_{20,}\n(?:[^\n]*\n){1,6}\Z")
_BY_WAY = re.compile(r"\s*\(?\bvia\b.*", re.DOTALL)


def unlisted(mail: Mail, stored: Stored) -> None:
    """Take out what a list put in: trace fields from its server on, its fields, its tag, its footer, its From."""
    label = re.sub(r"[<>]", " ", stored.list_id).split()[-1:] if stored.list_id else []
    if not label:
        return
    name, _, host = label[0].replace("@", ".").partition(".")
    places = [place for place in mail.places("Received") if host.lower() in mail.fields[place].value.lower()]
    last = max(places, default=-1)
    mail.fields = [
        field
        for place, field in enumerate(mail.fields)
        if not (_OF_LIST.match(field.name) or (place <= last and _by_server(field)))
    ]
    _own_sender(mail)
    if host and host.lower() in mail.value("Reply-To").lower():
        mail.remove("Reply-To")
    subject = re.sub(rf"\[{re.escape(name)}\]\s*", "", mail.value("Subject"), count=1, flags=re.IGNORECASE)
    if subject != mail.value("Subject"):
        mail.set("Subject", subject)
    for part in text_parts(mail)[:1]:
        text = mail.text(part)
        found = _FOOTER.search(text)
        if found is not None and name.lower() in found[0].lower():
            mail.set_text(part, text[: found.start() + 1])


def _by_server(field: Field) -> bool:
    return field.name.lower() in ("received", "authentication-results", "dkim-filter", "x-spam-status", "x-received")


def _own_sender(mail: Mail) -> None:
    """Give a mail whose From a list wrote its author back, whom the list kept in Reply-To."""
    written, author = mail.value("From"), mail.value("Reply-To")
    if _BY_WAY.search(written.partition("<")[0]) and author:
        mail.set("From", author)
        mail.remove("Reply-To")


def direct(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy that someone named in To or Cc got beside the list."""
    mail = Mail.parse(stored.data)
    if not stored.list_id:
        return None
    try:
        unlisted(mail, stored)
    except Unfit:
        return None
    return mail.data() if delivered(mail, stored, rng) else None


def by_list(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy that came by a list: its server, its fields, its tag and footer, sometimes its From."""
    mail = Mail.parse(stored.data)
    label = rng.choice(_LABELS)
    address = f"{label}@{_LIST_HOST}"
    text = f"{'_' * 47}\n{label.title()} mailing list\n{address}\nhttps://{_LIST_HOST}/listinfo/{label}\n"
    try:
        unlisted(mail, stored)
        if rng.random() < 0.7:
            _footer(mail, text, f"===============_{rng.getrandbits(60)}==")
    except Unfit:
        return None
    if rng.random() < 0.7 and mail.all("Subject"):
        mail.set("Subject", f"[{label}] {mail.value('Subject')}")
    if rng.random() < 0.3 and not mail.all("Reply-To") and len(mail.all("From")) == 1:
        author = mail.value("From")
        name = author.partition("<")[0].strip(' "') or stored.sender.partition("@")[0]
        if name.isascii() and not name.startswith("=?"):
            mail.set("From", f'"{name} via {label.title()}" <{address}>')
            mail.add("Reply-To", author)
    for name, value in _fields(label, address):
        mail.add(name, value)
    return mail.data() if delivered(mail, stored, rng, [("Received", _hop(stored, rng))]) else None


def _hop(stored: Stored, rng: Random) -> str:
    stamp = f"{stored.date:%a, %d %b %Y %H:%M:%S} +0000"
    return f"from localhost by {_LIST_HOST} (Postfix) with ESMTP id {rng.getrandbits(40):010X}; {stamp}"


def _fields(label: str, address: str) -> list[tuple[str, str]]:
    bounces = f"{label}-bounces@{_LIST_HOST}"
    return [
        ("X-BeenThere", address),
        ("X-Mailman-Version", "2.1.29"),
        ("Precedence", "list"),
        ("List-Id", f"{label.title()} <{label}.{_LIST_HOST}>"),
        ("List-Unsubscribe", f"<https://{_LIST_HOST}/options/{label}>"),
        ("List-Post", f"<mailto:{address}>"),
        ("List-Help", f"<mailto:{label}-request@{_LIST_HOST}?subject=help>"),
        ("Errors-To", bounces),
        ("Sender", f'"{label.title()}" <{bounces}>'),
    ]


def _footer(mail: Mail, text: str, boundary: str) -> None:
    """Put the footer below a mail of one plain text; others become the first part of a new multipart."""
    parts = mail.parts()
    if len(parts) == 1 and parts[0].header_start < 0 and parts[0].media_type == "text/plain":
        said = mail.text(parts[0])
        if not said:
            raise Unfit("a text that cannot be read")
        mail.set_text(parts[0], said.rstrip("\n") + "\n" + text)
        return
    moved = [field for field in mail.fields if field.name.lower().startswith("content-")]
    mail.fields = [field for field in mail.fields if not field.name.lower().startswith("content-")]
    mail.add("Content-Type", f'multipart/mixed; boundary="{boundary}"')
    line, end = b"--" + boundary.encode(), mail.newline
    first = b"".join([field.raw for field in moved]) + end + mail.body
    last = b'Content-Type: text/plain; charset="us-ascii"' + end + b"MIME-Version: 1.0" + end
    last += b"Content-Transfer-Encoding: 7bit" + end + b"Content-Disposition: inline" + end + end
    last += text.encode().replace(b"\n", end)
    mail.body = line + end + first + end + line + end + last + end + line + b"--" + end


FORMS = (Form("direct copy", "list", direct), Form("list copy", "list", by_list))
