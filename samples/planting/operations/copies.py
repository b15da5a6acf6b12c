"""O-36, O-39, O-41, O-42: mails uploaded again, taken from elsewhere, doubled, removed."""

import uuid
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.mail import Mail
from samples.planting.operation import Operation, Plant, edited
from samples.planting.operations.bodies import words_of
from samples.planting.prose import change_line, other_word, text_parts


def uploaded_again(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-36: edited in a mail program and put back on the server, which leaves the program's marks."""
    mail = Mail.parse(stored.data, sham=sham)
    parts = text_parts(mail)
    done = change_line(mail, rng, other_word(rng, words_of(stored)), parts[0]) if parts else None
    if done is None:
        return None
    mail.add("X-Uniform-Type-Identifier", "com.apple.mail-draft", before="From")
    mail.add(
        "X-Universally-Unique-Identifier", str(uuid.UUID(int=rng.getrandbits(128), version=4)).upper(), before="From"
    )
    return edited(
        mail, "D" if archive.witnessed(stored, [done[0]]) else "P", f"{done[0]!r} -> {done[1]!r}, uploaded again"
    )


def from_elsewhere(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-39: a genuine mail of another archive."""
    if sham or not archive.elsewhere:
        return None
    donor = rng.choice(archive.elsewhere)
    return Plant(donor.data, "D", f"genuine mail of another archive ({donor.message_id})", "insert")


def doubled(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-41: a second copy with one word changed; the first stays."""
    mail = Mail.parse(stored.data)
    parts = text_parts(mail)
    if sham or not parts:
        return None
    done = change_line(mail, rng, other_word(rng, words_of(stored)), parts[0])
    if done is None:
        return None
    return Plant(mail.data(), "D", f"second copy: {done[0]!r} -> {done[1]!r}", "insert", stored.path)


def deleted(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-42: a mail that others answer is gone."""
    if sham or not archive.replies_to(stored.message_id):
        return None
    return Plant(b"", "P", f"{stored.message_id} removed", "remove")


OPERATIONS = (
    Operation("O-36", "edited and uploaded again", uploaded_again),
    Operation("O-39", "genuine mail of another archive inserted", from_elsewhere),
    Operation("O-41", "second copy with one change", doubled),
    Operation("O-42", "mail removed", deleted),
)
