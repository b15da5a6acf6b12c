"""S-05 to S-08: a forger signs under a victim's domain with a key of their own, under a selector it never had.

The key stands in no key file: it can only be recovered from the mails that it signed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.keys import SigningKey, key_of
from samples.planting.mail import Mail
from samples.planting.operation import Operation, Plant
from samples.planting.operations.bodies import words_of
from samples.planting.operations.dates import place_of_date
from samples.planting.operations.forgeries import as_new
from samples.planting.operations.resigned import DKIM_SINCE
from samples.planting.prose import change_line, other_word, text_parts
from samples.planting.signing import present, sign
from samples.planting.stamps import move_field, move_trace

_SIGNATURES = ("dkim-", "x-google-dkim", "arc-", "domainkey-")


def _domain(stored: Stored) -> str:
    return stored.sender.rpartition("@")[2]


def _own_key(stored: Stored, rng: Random) -> SigningKey:
    return key_of(_domain(stored), f"a forger's {rng.getrandbits(64)}")


def _usable(stored: Stored) -> bool:
    return stored.date is not None and stored.date.year >= DKIM_SINCE and "." in _domain(stored)


def _signed(mail: Mail, key: SigningKey, at: datetime) -> bytes:
    mail.fields = [field for field in mail.fields if not field.name.lower().startswith(_SIGNATURES)]
    sign(mail, key, int(at.timestamp()), present(mail))
    return mail.data()


def altered(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """S-06: a word changed in two mails of a sender, their signatures replaced by the forger's."""
    others = [other for other in archive.mails if other.sender == stored.sender and other.path != stored.path]
    if sham or not _usable(stored) or not others:
        return None
    key, classes, made = _own_key(stored, rng), [], []
    for one in (stored, rng.choice(others)):
        mail = Mail.parse(one.data)
        parts = text_parts(mail)
        done = change_line(mail, rng, other_word(rng, words_of(one)), parts[0]) if parts and _usable(one) else None
        if done is None or one.date is None:
            return None
        made.append((one.path, _signed(mail, key, one.date)))
        classes.append("D" if archive.repeated(one, [done[0]]) else "P" if _domain_signs(one, archive) else "N")
    (_, data), other = made
    return Plant(data, min(classes, key="DPN".index), f"two mails altered, signed as {key.selector}", also=(other,))


def _domain_signs(stored: Stored, archive: Archive) -> bool:
    """Whether other mails of the domain carry signatures, by which a selector can be seen to be none of its own."""
    return any(
        other.sender.endswith(f"@{_domain(stored)}") and b"\nDKIM-Signature:" in other.data
        for other in archive.mails
        if other.path != stored.path
    )


@dataclass(frozen=True)
class _Invention:
    """How many mails of how many senders of a domain, over how many days, are invented and signed."""

    mails: int
    senders: int
    days: int

    def plant(self, stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
        """Forge each over the header of a genuine mail of its sender, the nearest in time."""
        writers = self._writers(stored, archive)
        if sham or stored.date is None or not _usable(stored) or len(writers) < self.senders:
            return None
        key, made = _own_key(stored, rng), []
        for number in range(self.mails):
            at = stored.date + timedelta(days=self.days * number / (self.mails - 1), minutes=rng.randrange(3, 90))
            data = _forged(writers[number % self.senders], at, rng, key)
            if data is None:
                return None
            made.append(data)
        first, *more = made
        said = f"{self.mails} mails of {self.senders} senders in {self.days} days, signed as {key.selector}"
        return Plant(first, "P", said, "insert", more=tuple(more))

    def _writers(self, stored: Stored, archive: Archive) -> list[list[Stored]]:
        """Return the usable mails of the sender, then of others of the domain, those who wrote most first."""
        by_sender: dict[str, list[Stored]] = {}
        for mail in archive.mails:
            if _domain(mail) == _domain(stored) and _usable(mail) and mail.message_id:
                by_sender.setdefault(mail.sender, []).append(mail)
        own = by_sender.pop(stored.sender, None)
        if own is None:
            return []
        return [own, *sorted(by_sender.values(), key=lambda mails: (-len(mails), mails[0].sender))][: self.senders]


def _forged(donors: Sequence[Stored], at: datetime, rng: Random, key: SigningKey) -> bytes | None:
    dated = [(abs(donor.date - at), donor.path, donor.date, donor) for donor in donors if donor.date is not None]
    _, _, written, donor = min(dated)
    mail = Mail.parse(donor.data)
    place = place_of_date(mail)
    if place is None:
        return None
    move_trace(mail, at - written, written)
    move_field(mail, place, at - written)
    as_new(mail, rng, donor)
    return _signed(mail, key, at)


OPERATIONS = (
    Operation("S-05", "two invented mails, the forger's own key", _Invention(2, 1, 1).plant),
    Operation("S-06", "two altered mails, the forger's own key", altered),
    Operation("S-07", "thirty invented mails of one sender, the forger's own key", _Invention(30, 1, 10).plant, most=1),
    Operation("S-08", "thirty of three senders in 100 days, the same", _Invention(30, 3, 100).plant, most=1),
)
