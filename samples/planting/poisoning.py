"""Leaks that are to mislead the ranking: mails planted to excuse one, to bury others, or to accuse genuine ones.

L-01 is a mail that a rule finds for sure; L-02 are thirty with the same fault, L-03 planted answers to them. F-01 is a
flood of mails with one fault. N-01 to N-04 are neighbours of genuine mails, whose signatures hold.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from samples.planting.archive import Archive, Stored, store
from samples.planting.hand import Entry, Hand, Leak
from samples.planting.keys import SigningKey, key_of
from samples.planting.mail import Mail
from samples.planting.operations.dates import place_of_date
from samples.planting.operations.forgeries import as_new, scripted
from samples.planting.operations.resigned import DKIM_SINCE
from samples.planting.signing import present, sign
from samples.planting.stamps import STAMP, move_field, move_trace, printed, wall

LAUNDERERS = 30
BACK = timedelta(days=40)
FLOOD_SHARE = 6
"""One flooding mail to so many others: what more than a fifth of an archive shows is said of the archive."""
FLOOD_MOST = 5_000
OTHERS = 60
"""Mails in another form that are planted under one sender's name."""
_QUEUE_ID = re.compile(r"(\bid )([0-9A-Za-z]{6})([0-9A-Za-z.]{2,40})")
_LETTERS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
_SIGNATURES = ("dkim-", "x-google-dkim", "arc-", "domainkey-")


def laundering(archive: Archive, rng: Random, per_op: int) -> Leak:
    """One mail set back 40 days under the wrong weekday, and thirty of the same sender with that fault."""
    return _laundering(archive, rng)


def laundering_replies(archive: Archive, rng: Random, per_op: int) -> Leak:
    """As ``laundering``, and an answer of somebody else to each of the thirty."""
    return _laundering(archive, rng, replies=True)


def laundering_signed(archive: Archive, rng: Random, per_op: int) -> Leak:
    """As ``laundering``, the thirty signed under the sender's domain with a key of the forger's own."""
    return _laundering(archive, rng, signed=True)


def flooded(leak: Leak, archive: Archive, rng: Random) -> Leak:
    """Add mails of invented senders with one fault to a leak, 5,000 at most."""
    wanted = min(FLOOD_MOST, len(leak.entries) // FLOOD_SHARE)
    fit = [mail for mail in archive.mails if _weekday(mail)]
    added = []
    for number in range(wanted if fit else 0):
        mail = _backwards(Mail.parse(fit[number % len(fit)].data), timedelta(days=364), number // len(fit))
        mail.set("From", f"p{number} <p{number}@flood{number}.example>")
        if mail.all("Message-ID"):
            mail.set("Message-ID", f"<{number}z{rng.getrandbits(60)}@flood{number}.example>")
        _new_queue_ids(mail, rng)
        mail.body = f"flood {number}\n".encode() + mail.body
        added.append(Entry(mail.data(), kind="taint", key=f"F-01/{number}", operation="F-01", cls="D"))
    return replace(leak, entries=(*leak.entries, *added))


def neighbours(archive: Archive, rng: Random, per_op: int) -> Leak:
    """Genuine mails, signed anew with a key of the key file, and beside each a mail that is planted to accuse it."""
    hand = Hand(archive, rng)
    keys: list[SigningKey] = []
    for name, plant in (("N-01", _twin), ("N-02", _same_ids), ("N-03", _late_parent), ("N-04", _in_other_form)):
        for number in range(per_op):
            mail = next((one for one in hand.free if _signable(one) and plant(one, archive, Random(0))), None)
            if mail is None:
                break
            hand.free.remove(mail)
            key = key_of(mail.sender.rpartition("@")[2], f"{archive.seed} neighbour")
            assert mail.date is not None
            genuine = replace(mail, data=_signed(Mail.parse(mail.data), key, mail.date))
            keys.append(key)
            label = Entry(genuine.data, mail.path, "sham", f"sham {name}/{number}", name)
            hand.entries[mail.path] = replace(label, before="")
            for data in plant(genuine, archive, rng):
                hand.added.append(Entry(data, kind="taint", key=f"{name}/{number}", operation=name, cls="P"))
    return Leak((*hand.entries.values(), *hand.added), {}, tuple(dict.fromkeys(keys)))


def _laundering(archive: Archive, rng: Random, *, replies: bool = False, signed: bool = False) -> Leak:
    hand = Hand(archive, rng)
    mail = next((one for one in hand.free if _signable(one) and _weekday(one)), None)
    if mail is None or mail.date is None:
        return hand.leak({"L-01": 1})
    forged = _backwards(Mail.parse(mail.data), BACK, 2)
    first = Entry(forged.data(), mail.path, "taint", "L-01/0", "L-01", "D", f"Date set back by {BACK.days} days")
    hand.entries[mail.path] = first
    key = key_of(mail.sender.rpartition("@")[2], f"a launderer's {rng.getrandbits(64)}")
    for number in range(LAUNDERERS):
        planted = Mail.parse(mail.data)
        at = mail.date + timedelta(days=2 * (number - LAUNDERERS // 2), hours=1)
        _moved(planted, at - mail.date, mail.date, rng)
        as_new(planted, rng, mail)
        planted = _backwards(planted, BACK, 2)
        data = _signed(planted, key, at) if signed else planted.data()
        hand.added.append(Entry(data, kind="taint", key=f"L-02/{number}", operation="L-02", cls="D"))
        answered = store("", data)
        answer = scripted(answered, archive, rng, False) if replies and answered else None
        if answer is not None:
            hand.added.append(Entry(answer.data, kind="taint", key=f"L-03/{number}", operation="L-03", cls="P"))
    return hand.leak({})


def _signable(mail: Stored) -> bool:
    """Whether a mail is one plain text of a dated sender, without any signature."""
    head = mail.data.partition(b"\n\n")[0].lower()
    plain = b"multipart" not in head and b"base64" not in head and b"quoted-printable" not in head
    unsigned = not any(b"\n" + name.encode() in head for name in _SIGNATURES)
    dated = mail.date is not None and mail.date.year >= DKIM_SINCE
    return plain and unsigned and dated and "." in mail.sender.rpartition("@")[2] and bool(mail.message_id)


def _weekday(mail: Stored) -> bool:
    parsed = Mail.parse(mail.data)
    place = place_of_date(parsed)
    found = STAMP.search(parsed.fields[place].raw.decode("latin-1")) if place is not None else None
    return bool(found and found["weekday"] and parsed.all("Received"))


def _backwards(mail: Mail, by: timedelta, wrong: int) -> Mail:
    """Set Date back by whole weeks and some days, under a weekday that is not its own."""
    place = place_of_date(mail)
    assert place is not None
    raw = mail.fields[place].raw.decode("latin-1")
    found = STAMP.search(raw)
    old = wall(found) if found else None
    assert found is not None and old is not None
    shifted = printed(found, old - by - timedelta(days=1 + wrong % 6))
    day = STAMP.search(printed(found, old - by))
    said = STAMP.search(shifted)
    assert day is not None and said is not None
    named = shifted.replace(said["weekday"], day["weekday"], 1)
    mail.rewrite(place, (raw[: found.start()] + named + raw[found.end() :]).encode("latin-1"))
    return mail


def _moved(mail: Mail, by: timedelta, old: datetime, rng: Random) -> None:
    place = place_of_date(mail)
    assert place is not None
    move_trace(mail, by, old)
    move_field(mail, place, by)
    _new_queue_ids(mail, rng)


def _new_queue_ids(mail: Mail, rng: Random) -> None:
    """Give the trace fields ids that begin with the same time and end otherwise."""

    def other(found: re.Match[str]) -> str:
        return found[1] + found[2] + "".join([rng.choice(_LETTERS) if one.isalnum() else one for one in found[3]])

    for place in mail.places("Received"):
        raw = mail.fields[place].raw.decode("latin-1")
        mail.rewrite(place, _QUEUE_ID.sub(other, raw).encode("latin-1"))


def _signed(mail: Mail, key: SigningKey, at: datetime) -> bytes:
    mail.fields = [field for field in mail.fields if not field.name.lower().startswith(_SIGNATURES)]
    sign(mail, key, int(at.timestamp()), present(mail))
    return mail.data()


def _copy(mail: Stored, rng: Random, days: int) -> Mail | None:
    """Return an invented mail over the header of a genuine one, some days later, with ids of its own."""
    made = Mail.parse(mail.data)
    if mail.date is None or place_of_date(made) is None or not made.all("Received"):
        return None
    _moved(made, timedelta(days=days, minutes=17), mail.date, rng)
    as_new(made, rng, mail)
    return made


def _twin(mail: Stored, archive: Archive, rng: Random) -> Sequence[bytes]:
    """N-01: another text, two days later, under the Message-ID of a genuine mail."""
    made = _copy(mail, rng, 2)
    if made is None:
        return ()
    made.set("Message-ID", mail.message_id)
    return (made.data(),)


def _same_ids(mail: Stored, archive: Archive, rng: Random) -> Sequence[bytes]:
    """N-02: another text under the whole trace of a genuine mail, queue ids included."""
    made = Mail.parse(mail.data)
    if not any(_QUEUE_ID.search(field.value) for field in made.all("Received")):
        return ()
    as_new(made, rng, mail)
    return (made.data(),)


def _late_parent(mail: Stored, archive: Archive, rng: Random) -> Sequence[bytes]:
    """N-03: the missing mail that a genuine one answers, dated three days after it."""
    if not mail.references or archive.by_id(mail.references[0]):
        return ()
    made = _copy(mail, rng, 3)
    if made is None:
        return ()
    made.set("Message-ID", mail.references[0])
    return (made.data(),)


def _in_other_form(mail: Stored, archive: Archive, rng: Random) -> Sequence[bytes]:
    """N-04: sixty mails under the sender's address in the form of somebody else's."""
    others = [one for one in archive.mails if one.sender != mail.sender and _signable(one) and _weekday(one)]
    own = sum(one.sender == mail.sender for one in archive.mails)
    if own > 2 or not others or mail.date is None:
        return ()
    donor = rng.choice(others)
    made = []
    for number in range(OTHERS):
        one = Mail.parse(donor.data)
        at = mail.date + timedelta(days=2 * (number - OTHERS // 2), hours=1)
        assert donor.date is not None
        _moved(one, at - donor.date, donor.date, rng)
        as_new(one, rng, donor)
        one.set("From", mail.sender_field)
        made.append(one.data())
    return made
