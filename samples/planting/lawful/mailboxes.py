"""Copies that differ by who keeps them: another mailbox, an mbox file, an IMAP account, the sender's own folder."""

import re
from random import Random

from samples.planting.archive import Stored
from samples.planting.lawful.form import Form, delivered
from samples.planting.lawful.lists import unlisted
from samples.planting.mail import Mail

_WRITTEN = frozenset(
    (
        *("date", "from", "to", "cc", "subject", "reply-to", "message-id", "in-reply-to", "references", "mime-version"),
        *("content-type", "content-transfer-encoding", "content-disposition", "content-language", "content-id"),
        *("user-agent", "x-mailer", "organization", "comments", "keywords", "importance", "thread-topic"),
        *("thread-index", "x-priority", "x-msmail-priority", "autocrypt", "openpgp", "mail-followup-to"),
        *("disposition-notification-to", "return-receipt-to", "sensitivity", "followup-to", "x-newsreader"),
    )
)
"""What a client writes and keeps in its own copy."""
_FROM = re.compile(rb"(?m)^(>*From )")


def another_mailbox(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy of another mailbox on another server, with that mailbox's marks."""
    mail = Mail.parse(stored.data)
    if not delivered(mail, stored, rng):
        return None
    mail.add("Status", rng.choice(("RO", "O", "R")))
    mail.add("X-UID", str(rng.randrange(1, 9000)))
    if rng.random() < 0.5:
        mail.add("X-Keywords", "")
    return mail.data()


def mbox(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy of an mbox file: its first line, ``>From``, marks, one more empty line at the end."""
    mail = Mail.parse(stored.data)
    if stored.date is None:
        return None
    mail.body = _FROM.sub(rb">\1", mail.body)
    mail.add("Status", "RO")
    mail.add("X-Status", rng.choice(("", "A", "F")))
    mail.add("Content-Length", str(len(mail.body)))
    line = b"" if rng.random() < 0.5 else f"From {stored.sender} {stored.date:%a %b %d %H:%M:%S %Y}\n".encode()
    return line + mail.data() + mail.newline


def uploaded(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy of a mail program that put it on another IMAP server, or of an export of a web mail service."""
    mail = Mail.parse(stored.data)
    if rng.random() < 0.5:
        mail.add("X-Gmail-Labels", "Archived,Opened", top=True)
        mail.add("X-GM-THRID", str(rng.getrandbits(60)), top=True)
    else:
        mail.add("X-Mozilla-Keys", " " * 80, top=True)
        mail.add("X-Mozilla-Status2", "00000000", top=True)
        mail.add("X-Mozilla-Status", "0001", top=True)
        mail.add("X-Account-Key", f"account{rng.randrange(1, 9)}", top=True)
    data = mail.data()
    return re.sub(rb"\r?\n", b"\r\n", data) if rng.random() < 0.5 else data


def sent(stored: Stored, rng: Random) -> bytes | None:
    """Write the sender's own copy: no server saw it, it may name who got it blindly and may have no id yet."""
    mail = Mail.parse(stored.data)
    if not mail.all("Received"):
        return None
    unlisted(mail, stored)
    mail.fields = [field for field in mail.fields if field.name.lower() in _WRITTEN]
    if rng.random() < 0.3:
        mail.add("Bcc", f"archive@{stored.sender.rpartition('@')[2]}", before="Subject")
    if rng.random() < 0.2 and mail.all("Message-ID"):
        mail.remove("Message-ID")
    if rng.random() < 0.3:
        mail.add("X-Mozilla-Draft-Info", "internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0", top=True)
    return mail.data()


FORMS = (
    Form("another mailbox", "mailbox", another_mailbox),
    Form("mbox file", "mailbox", mbox),
    Form("IMAP upload", "mailbox", uploaded),
    Form("sent copy", "sent_copy", sent),
)
