"""O-15 to O-20: the date is changed, and what hangs on it or not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.mail import Mail
from samples.planting.operation import Operation, Plant, edited
from samples.planting.stamps import STAMP, ZONE, move_field, move_trace, printed, wall

ZONES = ("-0800", "-0700", "-0500", "-0400", "+0000", "+0100", "+0200", "+0300", "+0530", "+0800", "+0900")


def earlier(rng: Random) -> timedelta:
    """Return ten days to two years back, to the minute; a forger thinks in days and types a time of day."""
    return -timedelta(days=rng.randrange(10, 730), minutes=rng.randrange(-180, 180))


def place_of_date(mail: Mail) -> int | None:
    """Return where a Date with a readable time stands."""
    place = next(mail.places("Date"), None)
    if place is None:
        return None
    found = STAMP.search(mail.fields[place].raw.decode("latin-1"))
    return place if found and wall(found) else None


def back_dated(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-15: Date alone is set back; its weekday is right."""
    mail = Mail.parse(stored.data, sham=sham)
    place = place_of_date(mail)
    if place is None:
        return None
    move_field(mail, place, earlier(rng))
    return edited(mail, "D")


def dates_moved(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-16: Date and every printed server time are set back by the same; ids stay."""
    mail = Mail.parse(stored.data, sham=sham)
    place, by = place_of_date(mail), earlier(rng)
    if place is None or not mail.all("Received"):
        return None
    move_field(mail, place, by)
    move_trace(mail, by)
    return edited(mail, "D", f"Date and server times set back by {-by}")


def all_moved(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-17: as O-16, and every id that is made from the time in a known way is made again."""
    mail = Mail.parse(stored.data, sham=sham)
    place, by = place_of_date(mail), timedelta(days=-rng.randrange(10, 730))
    if place is None or stored.date is None or not mail.all("Received"):
        return None
    move_field(mail, place, by)
    move_trace(mail, by, stored.date)
    for at, field in enumerate(mail.fields):
        if field.name.lower() in ("message-id", "dkim-signature", "x-google-dkim-signature", "arc-message-signature"):
            move_field(mail, at, by, stored.date)
    return edited(mail, "P", f"dates and ids set back by {-by}")


def zone_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-18: another offset, the time of day as it was."""
    mail = Mail.parse(stored.data, sham=sham)
    place = place_of_date(mail)
    found = ZONE.search(mail.fields[place].raw.decode("latin-1")) if place is not None else None
    if place is None or found is None:
        return None
    raw = mail.fields[place].raw.decode("latin-1")
    new = rng.choice([zone for zone in ZONES if zone != found[1]])
    mail.rewrite(place, (raw[: found.start(1)] + new + raw[found.end(1) :]).encode("latin-1"))
    return edited(mail, "D")


def year_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-19: another year, the weekday left as it was."""
    back = rng.randrange(1, 4)
    return _redated(stored, sham, lambda old: old.replace(year=old.year - back), weekday=False)


def day_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-20: an earlier day of the same month, with its weekday."""
    return _redated(stored, sham, lambda old: old.replace(day=rng.randrange(1, max(old.day, 2))), weekday=True)


def _redated(stored: Stored, sham: bool, change: Callable[[datetime], datetime], *, weekday: bool) -> Plant | None:
    mail = Mail.parse(stored.data, sham=sham)
    place = place_of_date(mail)
    raw = mail.fields[place].raw.decode("latin-1") if place is not None else ""
    found = STAMP.search(raw)
    old = wall(found) if found else None
    if place is None or found is None or old is None or not found["weekday"] or (old.month, old.day) == (2, 29):
        return None
    new = change(old)
    if new == old:
        return None
    raw = raw[: found.start()] + printed(found, new, weekday=weekday) + raw[found.end() :]
    mail.rewrite(place, raw.encode("latin-1"))
    return edited(mail, "D")


OPERATIONS = (
    Operation("O-15", "Date set back, nothing else", back_dated),
    Operation("O-16", "Date and printed server times set back, ids left", dates_moved),
    Operation("O-17", "all dates and known ids made again", all_moved),
    Operation("O-18", "only the time zone changed", zone_changed),
    Operation("O-19", "year changed, weekday left", year_changed),
    Operation("O-20", "day changed, weekday right", day_changed),
)
