"""O-21 to O-25, O-40, O-49, O-50: who wrote it, to whom, under which subject and identifier."""

import re
import uuid
from collections import Counter
from email.utils import formataddr, getaddresses, parseaddr
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.bodyhash import tags
from samples.planting.mail import Mail
from samples.planting.operation import Operation, Plant, edited

FREE_MAIL = (
    "gmail.com",
    "yahoo.com",
    "hotmail.com",
    "outlook.com",
    "163.com",
    "126.com",
    "aol.com",
    "gmx.de",
    "qq.com",
)
SUBJECTS = (
    "payment details",
    "please keep this between us",
    "the agreement with our partners",
    "draft for the minister",
    "accounts for the second quarter",
    "what we agreed on the phone",
)


def another_sender(stored: Stored, archive: Archive, rng: Random) -> Stored:
    """Return a mail of another sender."""
    while True:
        other = rng.choice(archive.mails)
        if other.sender != stored.sender:
            return other


def signs(mail: Mail, name: str) -> bool:
    """Return whether a DKIM signature covers a field."""
    return any(
        name.lower() in tags(field.value).get("h", "").lower().split(":") for field in mail.all("DKIM-Signature")
    )


def sender_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-21: From names another person of the archive; half of the time the address stays."""
    mail = Mail.parse(stored.data, sham=sham)
    other = another_sender(stored, archive, rng).sender_field
    name, address = parseaddr(other)
    if rng.random() < 0.5:
        other = formataddr((name or address, stored.sender))
    if other == mail.value("From"):
        return None
    mail.set("From", other)
    return edited(mail, "D/P")


def recipient_added(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-22: another person of the archive among the recipients."""
    mail = Mail.parse(stored.data, sham=sham)
    name = "Cc" if mail.all("Cc") else "To"
    if not mail.all(name):
        return None
    mail.set(name, f"{mail.value(name)}, {another_sender(stored, archive, rng).sender_field}")
    return edited(mail, "D/P")


def _recipients(mail: Mail, name: str) -> list[str]:
    """Return the recipients of a field as they are written; empty where they cannot be told apart."""
    pieces = re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", mail.value(name))
    return pieces if len(pieces) == len(getaddresses([mail.value(name)])) else []


def recipient_removed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-23: one recipient of several is gone."""
    mail = Mail.parse(stored.data, sham=sham)
    for name in rng.sample(["To", "Cc"], 2):
        pieces = _recipients(mail, name)
        if len(pieces) > 1:
            gone = rng.randrange(len(pieces))
            mail.set(name, ",".join(pieces[:gone] + pieces[gone + 1 :]).strip())
            return edited(mail, "P")
    return None


def removal(address: str) -> Operation:
    """Return O-23 that removes one address, wherever it stands among others."""

    def plant(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
        mail = Mail.parse(stored.data, sham=sham)
        for name in ("To", "Cc"):
            pieces = _recipients(mail, name)
            kept = [piece for piece in pieces if parseaddr(piece)[1].lower() != address]
            if 0 < len(kept) < len(pieces):
                mail.set(name, ",".join(kept).strip())
                return edited(mail, "P")
        return None

    return Operation("O-23", f"{address} removed", plant)


def common_recipient(archive: Archive) -> str:
    """Return the address that most mails name among others, but not more than a third of them, as a list is named."""
    counts: Counter[str] = Counter()
    for stored in archive.mails:
        mail = Mail.parse(stored.data)
        fields = [_recipients(mail, name) for name in ("To", "Cc")]
        counts.update({parseaddr(piece)[1].lower() for pieces in fields if len(pieces) > 1 for piece in pieces})
    usual = [(count, name) for name, count in counts.items() if name and 3 * count <= len(archive.mails)]
    return max(usual, default=(0, ""))[1]


def blind_copy(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-24: a Bcc is invented."""
    mail = Mail.parse(stored.data, sham=sham)
    if mail.all("Bcc"):
        return None
    mail.add("Bcc", another_sender(stored, archive, rng).sender, before="Subject")
    return edited(mail, "N")


def subject_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-25: another subject; replies keep the old one."""
    mail = Mail.parse(stored.data, sham=sham)
    if not stored.subject:
        return None
    prefix = re.match(r"(?:re|fwd?): ", stored.subject, re.IGNORECASE)
    mail.set("Subject", (prefix[0] if prefix else "") + rng.choice(SUBJECTS))
    return edited(mail, "D" if archive.replies_to(stored.message_id) or stored.references else "D/P")


def attributed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-40: a stranger's mail from a free mail service passed off as one of the archive's busiest writers."""
    mail = Mail.parse(stored.data, sham=sham)
    if stored.sender.rpartition("@")[2] not in FREE_MAIL:
        return None
    busy = sorted(archive.senders().items(), key=lambda one: (-one[1], one[0]))[:20]
    victim = rng.choice([name for name, _ in busy if name != stored.sender])
    named = next(other.sender_field for other in archive.mails if other.sender == victim)
    mail.set("From", named)
    if not mail.all("Reply-To"):
        mail.add("Reply-To", stored.sender_field, before="From")
    return edited(mail, "D")


def id_replaced(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-49: another Message-ID at the same host; replies keep the old one."""
    mail = Mail.parse(stored.data, sham=sham)
    if not stored.message_id:
        return None
    host = stored.message_id.strip("<>").rpartition("@")[2]
    mail.set("Message-ID", f"<{uuid.UUID(int=rng.getrandbits(128), version=4)}@{host}>")
    return edited(mail, "D" if archive.replies_to(stored.message_id) else "P")


def reply_to_inserted(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-50: a Reply-To that was not there leads to a lookalike address."""
    mail = Mail.parse(stored.data, sham=sham)
    if mail.all("Reply-To"):
        return None
    name, address = parseaddr(stored.sender_field)
    mail.add(
        "Reply-To", formataddr((name, f"{address.partition('@')[0]}@mail-{rng.randrange(10, 99)}.example")), before="To"
    )
    return edited(mail, "P")


OPERATIONS = (
    Operation("O-21", "From changed", sender_changed),
    Operation("O-22", "recipient added", recipient_added),
    Operation("O-23", "recipient removed", recipient_removed),
    Operation("O-24", "Bcc invented", blind_copy),
    Operation("O-25", "subject changed", subject_changed),
    Operation("O-40", "a stranger's mail attributed to a person", attributed),
    Operation("O-49", "Message-ID replaced", id_replaced),
    Operation("O-50", "Reply-To inserted", reply_to_inserted),
)
