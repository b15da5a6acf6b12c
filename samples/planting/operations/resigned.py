"""O-08, S-01 to S-04: mails that are signed anew with a key that stands in DNS, and changed afterwards.

Their shams are signed anew and not changed. Only mails without any signature are taken, so that nothing but the new
signature can tell of the change.
"""

from collections.abc import Callable
from email.utils import formataddr, parseaddr
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.bodyhash import canonical
from samples.planting.keys import SigningKey, key_of
from samples.planting.mail import Mail
from samples.planting.operation import Operation, Plant
from samples.planting.operations.bodies import SENTENCES, words_of
from samples.planting.operations.dates import earlier, place_of_date
from samples.planting.operations.identity import SUBJECTS, another_sender
from samples.planting.prose import change_line, other_word, text_parts
from samples.planting.signing import present, seal, sign
from samples.planting.stamps import moved

DKIM_SINCE = 2012
ARC_SINCE = 2018
"""Years from which such a signature surprises nobody."""
_ONCE = ("From", "Subject", "Date")
_SHOWN = ("", "7bit", "8bit", "binary", "quoted-printable")
"""Transfer encodings under which text that is appended is shown."""

Edit = Callable[[Mail], str | None]
"""Changes a signed mail and tells what was changed; ``None``: it does not suit."""


def unsigned(stored: Stored, since: int) -> Mail | None:
    """Return the mail if it may be signed: of such a year or later, each of `_ONCE` there once, no word of DKIM yet."""
    mail = Mail.parse(stored.data)
    told = any(
        field.name.lower().startswith(("dkim-", "x-google-dkim", "arc-")) or b"dkim=" in field.raw
        for field in mail.fields
    )
    once = all(len(mail.all(name)) == 1 for name in _ONCE) and place_of_date(mail) is not None
    dated = stored.date is not None and stored.date.year >= since
    return mail if dated and once and not told and "." in stored.sender.rpartition("@")[2] else None


def _signed(stored: Stored, archive: Archive) -> tuple[SigningKey, int]:
    assert stored.date is not None
    return key_of(stored.sender.rpartition("@")[2], archive.seed), int(stored.date.timestamp())


def _edited(mail: Mail, edit: Edit, sham: bool, cls: str, *keys: SigningKey) -> Plant | None:
    signed = mail.data()
    said = edit(mail)
    return None if said is None else Plant(signed if sham else mail.data(), cls, said, keys=keys)


def appended_after_length(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-08: text after the bytes that a signature's length tag covers."""
    mail = unsigned(stored, DKIM_SINCE)
    parts = mail.parts() if mail else []
    if mail is None or len(parts) != 1 or parts[0].media_type != "text/plain" or parts[0].encoding not in _SHOWN:
        return None
    key, at = _signed(stored, archive)
    sign(mail, key, at, present(mail), len(canonical(mail.body)))

    def edit(mail: Mail) -> str:
        said = rng.choice(SENTENCES)
        mail.body += (b"" if mail.body.endswith(b"\n") else mail.newline) + said.encode() + mail.newline
        return f"{said!r} appended after the signed length"

    return _edited(mail, edit, sham, "D", key)


def _doubled(stored: Stored, archive: Archive, rng: Random, sham: bool, times: int) -> Plant | None:
    mail = unsigned(stored, DKIM_SINCE)
    if mail is None:
        return None
    key, at = _signed(stored, archive)
    once = [name.lower() for name in _ONCE]
    sign(mail, key, at, [*present(mail), *once * (times - 1)])

    def edit(mail: Mail) -> str:
        name = rng.choice(_ONCE)
        value = another_sender(stored, archive, rng).sender_field if name == "From" else rng.choice(SUBJECTS)
        value = moved(mail.value("Date"), earlier(rng)) if name == "Date" else value
        mail.add(name, value, before=name)
        return f"{name}: {value!r} put above the signed one"

    return _edited(mail, edit, sham, "D", key)


def doubled(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """S-01: a second From, Subject or Date above the signed one; the signature still holds."""
    return _doubled(stored, archive, rng, sham, 1)


def doubled_over_signed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """S-02: the same where these fields are named twice, so that the signature breaks."""
    return _doubled(stored, archive, rng, sham, 2)


def after_failed_chain(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """S-03: a word changed after an ARC set with ``cv=fail``.

    The first set holds, but its key was never to be had, which is why the next host sealed the chain as failed.
    """
    mail = unsigned(stored, ARC_SINCE)
    received_by = parseaddr(mail.value("To"))[1].rpartition("@")[2].lower() if mail else ""
    if mail is None or "." not in received_by:
        return None
    _, at = _signed(stored, archive)
    key = key_of(received_by, archive.seed)
    seal(mail, key_of(received_by, f"{archive.seed}, not to be had"), at, present(mail), "none")
    seal(mail, key, at + 2, present(mail), "fail")

    def edit(mail: Mail) -> str | None:
        parts = text_parts(mail)
        done = change_line(mail, rng, other_word(rng, words_of(stored)), parts[0]) if parts else None
        return None if done is None else f"{done[0]!r} -> {done[1]!r} after a seal of cv=fail"

    return _edited(mail, edit, sham, "D", key)


def absent_added(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """S-04: a Reply-To that was signed as absent leads to a lookalike address, and breaks the signature."""
    mail = unsigned(stored, DKIM_SINCE)
    if mail is None or mail.all("Reply-To"):
        return None
    key, at = _signed(stored, archive)
    sign(mail, key, at, [*present(mail), "reply-to"])

    def edit(mail: Mail) -> str:
        name, address = parseaddr(stored.sender_field)
        value = formataddr((name, f"{address.partition('@')[0]}@mail-{rng.randrange(10, 99)}.example"))
        mail.add("Reply-To", value, before="To")
        return f"Reply-To: {value!r} added where it was signed as absent"

    return _edited(mail, edit, sham, "D/P", key)


OPERATIONS = (
    Operation("O-08", "text appended after the signed length", appended_after_length),
    Operation("S-01", "second From, Subject or Date above the signed one", doubled),
    Operation("S-02", "the same, over-signed", doubled_over_signed),
    Operation("S-03", "word changed after an ARC set of cv=fail", after_failed_chain),
    Operation("S-04", "Reply-To added that was signed as absent", absent_added),
)
