"""O-30 to O-35, O-38, O-51: mails that nobody sent, or not so."""

import re
import textwrap
import uuid
from collections.abc import Sequence
from datetime import timedelta
from email.utils import format_datetime
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.mail import Mail
from samples.planting.operation import Operation, Plant, edited
from samples.planting.operations.bodies import SENTENCES
from samples.planting.operations.dates import earlier, place_of_date
from samples.planting.operations.identity import SUBJECTS, another_sender
from samples.planting.prose import text_parts
from samples.planting.stamps import move_field, move_trace

_SERVER_FIELDS = re.compile(
    r"(?:received|x-received|return-path|delivered-to|dkim-.*|arc-.*|authentication-results|received-spf|list-.*"
    r"|sender|precedence|errors-to|x-(?!mailer|priority|msmail|mimeole|mozilla).*|x-mailman.*)$"
)
_BODY_FIELDS = (
    "content-type",
    "content-transfer-encoding",
    "mime-version",
    "content-length",
    "lines",
    "content-language",
)


def _words(rng: Random, name: str) -> str:
    said = " ".join(rng.sample(SENTENCES, 3))
    return f"Hello,\n\n{textwrap.fill(said, 72)}\n\n{name.split(' ')[0]}\n"


def _with_words(mail: Mail, rng: Random, stored: Stored) -> None:
    """Put invented plain words in place of the body."""
    mail.fields = [field for field in mail.fields if field.name.lower() not in _BODY_FIELDS]
    mail.add("MIME-Version", "1.0")
    mail.add("Content-Type", "text/plain; charset=utf-8")
    mail.body = _words(rng, stored.sender_field.strip('"')).encode("ascii", "replace").replace(b"\n", mail.newline)


def _new_id(rng: Random, stored: Stored) -> str:
    host = stored.message_id.strip("<>").rpartition("@")[2] or "localhost"
    return f"<{uuid.UUID(int=rng.getrandbits(128), version=4)}@{host}>"


def scripted(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-30: written by a script from nothing, as a reply to a mail of the archive."""
    if sham or stored.date is None or not stored.message_id:
        return None
    by = another_sender(stored, archive, rng)
    at = stored.date + timedelta(minutes=rng.randrange(20, 2000))
    stamp = f"{at.timestamp():.0f}"
    subject = stored.subject if stored.subject.lower().startswith("re:") else f"Re: {stored.subject}"
    lines = [
        'Content-Type: text/plain; charset="us-ascii"',
        "MIME-Version: 1.0",
        "Content-Transfer-Encoding: 7bit",
        f"From: {by.sender_field}",
        f"To: {stored.sender_field}",
        f"Subject: {subject}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{stamp}{rng.randrange(10, 99)}.{rng.randrange(300, 30000)}.{rng.getrandbits(60)}@mail.local>",
        f"In-Reply-To: {stored.message_id}",
    ]
    data = "\n".join([*lines, "", _words(rng, by.sender_field)]).encode("latin-1", "replace")
    return Plant(data, "D", f"from nothing, as a reply to {stored.message_id}", "insert")


def header_copied(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-31: a genuine header block, its Date moved by minutes, over invented words; the donor stays."""
    mail = Mail.parse(stored.data)
    place = place_of_date(mail)
    if sham or place is None:
        return None
    move_field(mail, place, timedelta(minutes=rng.randrange(3, 240)))
    mail.set("Subject", rng.choice(SUBJECTS)) if mail.all("Subject") else None
    _with_words(mail, rng, stored)
    return Plant(mail.data(), "D", f"header of {stored.message_id} over invented words", "insert", stored.path)


def header_from_elsewhere(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-32: the header block of a mail outside the archive, with a sender of the archive and invented words."""
    if sham or not archive.elsewhere:
        return None
    donor = rng.choice(archive.elsewhere)
    mail = Mail.parse(donor.data)
    mail.set("From", stored.sender_field)
    if mail.all("Subject"):
        mail.set("Subject", rng.choice(SUBJECTS))
    _with_words(mail, rng, stored)
    return Plant(mail.data(), "P", f"header of a mail outside the archive ({donor.message_id})", "insert")


def clock_set_back(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-33: sent with a real client whose clock was set back, through a real server that stamped the true time."""
    mail = Mail.parse(stored.data)
    place = place_of_date(mail)
    if sham or place is None or stored.date is None or not mail.all("Received"):
        return None
    sent = timedelta(days=rng.randrange(2, 40), minutes=rng.randrange(900))
    move_trace(mail, sent, stored.date)
    move_field(mail, place, earlier(rng))
    as_new(mail, rng, stored)
    return Plant(mail.data(), "D", "sent with a clock set back, server stamps kept", "insert", stored.path)


def sent_copy(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-34: as O-33, never sent: only what the client writes."""
    mail = _client_only(stored, rng)
    if sham or mail is None:
        return None
    return Plant(mail.data(), "P", "a sent copy without any server's mark", "insert", stored.path)


def draft_moved(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-35: a draft moved among the sent mails."""
    mail = _client_only(stored, rng)
    if sham or mail is None:
        return None
    mail.remove("Message-ID")
    mail.add("X-Mozilla-Draft-Info", "internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0", before="From")
    return Plant(mail.data(), "D/P", "a draft without Message-ID", "insert", stored.path)


def _client_only(stored: Stored, rng: Random) -> Mail | None:
    mail = Mail.parse(stored.data)
    place = place_of_date(mail)
    if place is None or not mail.all("Message-ID"):
        return None
    move_field(mail, place, -timedelta(days=rng.randrange(1, 60), minutes=rng.randrange(900)))
    as_new(mail, rng, stored)
    mail.fields = [field for field in mail.fields if not _SERVER_FIELDS.match(field.name.lower()) and field.name]
    return mail


def as_new(mail: Mail, rng: Random, stored: Stored) -> None:
    """Make a mail of a header block: another Message-ID, Subject and words, no thread and no signature."""
    if mail.all("Message-ID"):
        mail.set("Message-ID", _new_id(rng, stored))
    if mail.all("Subject"):
        mail.set("Subject", rng.choice(SUBJECTS))
    dropped = ("in-reply-to", "references", "dkim-signature", "thread-index", "thread-topic")
    mail.fields = [field for field in mail.fields if field.name.lower() not in dropped]
    _with_words(mail, rng, stored)


def thread_inserted(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-38: three forged mails that answer each other, each over the header of a genuine mail of its sender."""
    if sham or stored.date is None:
        return None
    other = another_sender(stored, archive, rng)
    subject, ids = rng.choice(SUBJECTS), [_new_id(rng, one) for one in (stored, other, stored)]
    made = [_of_thread(one, rng, ids, place, subject) for place, one in enumerate((stored, other, stored))]
    if not all(made):
        return None
    first, *more = [data for data in made if data]
    return Plant(first, "P", f"a thread of three under {subject!r}", "insert", more=tuple(more))


def _of_thread(stored: Stored, rng: Random, ids: Sequence[str], place: int, subject: str) -> bytes | None:
    mail = Mail.parse(stored.data)
    date = place_of_date(mail)
    if date is None or stored.date is None or not mail.all("Message-ID"):
        return None
    by = timedelta(minutes=rng.randrange(3, 40) + 90 * place)
    move_field(mail, date, by)
    move_trace(mail, by, stored.date)
    as_new(mail, rng, stored)
    mail.set("Message-ID", ids[place])
    if mail.all("Subject"):
        mail.set("Subject", subject if place == 0 else f"Re: {subject}")
    if place:
        mail.add("In-Reply-To", ids[place - 1], before="Subject")
        mail.add("References", " ".join(ids[:place]), before="Subject")
    return mail.data()


def retyped(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-51: typed or read by a machine from a print: four fields, the text wrapped anew with a reader's faults."""
    mail = Mail.parse(stored.data, sham=sham)
    parts = text_parts(mail)
    text = mail.text(parts[0]) if parts else ""
    if sham or len(text) < 200 or not text.isascii():
        return None
    read = re.sub(r"rn", lambda found: "m" if rng.random() < 0.3 else found[0], text)
    read = re.sub(r"\bI\b", lambda found: "l" if rng.random() < 0.2 else found[0], read)
    wrapped = "\n\n".join([textwrap.fill(piece, 90) for piece in re.split(r"\n\s*\n", read)])
    kept = ("from", "to", "subject", "date")
    mail.fields = [field for field in mail.fields if field.name.lower() in kept]
    mail.body = wrapped.encode().replace(b"\n", mail.newline) + mail.newline
    return edited(mail, "D", "retyped: four fields and wrapped text are left")


OPERATIONS = (
    Operation("O-30", "forged from nothing by a script", scripted),
    Operation("O-31", "forged over a genuine header block", header_copied),
    Operation("O-32", "forged over a header from elsewhere", header_from_elsewhere),
    Operation("O-33", "sent with the clock set back", clock_set_back),
    Operation("O-34", "stored as a sent copy only", sent_copy),
    Operation("O-35", "a draft passed off as sent", draft_moved),
    Operation("O-38", "a thread of three inserted", thread_inserted),
    Operation("O-51", "retyped from a print", retyped),
)
