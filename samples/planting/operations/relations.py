"""R-01 to R-06: what mails say of each other: attribution lines, quotes, references, a second mailbox's copy."""

import re
from collections.abc import Callable
from datetime import timedelta
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.mail import Mail
from samples.planting.mime import Unfit
from samples.planting.operation import Operation, Plant, edited
from samples.planting.operations.bodies import SENTENCES, words_of
from samples.planting.prose import change_line, other_word, text_parts
from samples.planting.stamps import STAMP, printed, wall

_ATTRIBUTION = re.compile(r"(?m)^(?:On|Am|Le)\b[^\n>]{10,200}(?:\n[^\n>]{1,120})?(?:wrote|schrieb|écrit)\s*:[ \t]*$")
_SLASHED = re.compile(r"\b(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\b")
_MAILBOX = "mbx{number}.harbour-office.example"
_DAYS = (3, 9, 40, 200)


def attribution_dated(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """R-01: the attribution line of a reply names another day than the mail that it quotes has."""
    by = timedelta(days=rng.choice(_DAYS) * rng.choice((-1, 1)))

    def change(line: str) -> str:
        found = STAMP.search(line)
        if found is not None and (old := wall(found)) is not None:
            return line[: found.start()] + printed(found, old + by) + line[found.end() :]
        slashed = _SLASHED.search(line)
        if slashed is None:
            return line
        day = str(int(slashed[4]) % 28 + 1).zfill(len(slashed[4]))
        return line[: slashed.start(4)] + day + line[slashed.end(4) :]

    return _attribution(stored, archive, sham, change)


def attribution_named(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """R-02: the attribution line names another writer of the archive."""
    parents = [parent for name in stored.references for parent in archive.by_id(name)]
    others = [mail for mail in archive.mails if "<" in mail.sender_field and mail.sender != stored.sender]
    if not parents or not others or "<" not in parents[0].sender_field:
        return None
    name = _name(parents[0])
    other = next((mail for mail in rng.sample(others, min(40, len(others))) if _name(mail) not in ("", name)), None)
    if not name or other is None:
        return None

    def change(line: str) -> str:
        return line.replace(name, _name(other)).replace(parents[0].sender, other.sender)

    return _attribution(stored, archive, sham, change)


def quote_extended(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """R-03: a sentence that the quoted mail does not have, between two quoted lines that it has."""
    mail = Mail.parse(stored.data, sham=sham)
    parts = text_parts(mail)
    parents = [parent for name in stored.references for parent in archive.by_id(name)]
    if not parts or not parents:
        return None
    said = _said(parents[0])
    rows = mail.text(parts[0]).split("\n")
    between = [
        number
        for number in range(1, len(rows))
        if all(len(row) > 40 and row[:2] == "> " and row[2:].strip() in said for row in rows[number - 1 : number + 1])
    ]
    if not between:
        return None
    number, sentence = rng.choice(between), rng.choice(SENTENCES)
    rows.insert(number, f"> {sentence}")
    return _written(mail, "\n".join(rows), f"quote extended by {sentence!r}")


def parent_exchanged(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """R-04: In-Reply-To and References name another mail of the archive, of another subject, than the one quoted."""
    mail = Mail.parse(stored.data, sham=sham)
    parents = [parent for name in stored.references for parent in archive.by_id(name)]
    quotes = any(line.startswith("> ") for part in text_parts(mail) for line in mail.text(part).split("\n"))
    older = [one for one in archive.mails if one.date and stored.date and one.date < stored.date and one.message_id]
    others = [one for one in older if not set(one.subject.lower().split()) & set(stored.subject.lower().split())]
    if not parents or not quotes or not others or not mail.all("In-Reply-To"):
        return None
    other = rng.choice(others)
    mail.set("In-Reply-To", f"<{other.message_id.strip('<>')}>")
    if mail.all("References"):
        mail.set("References", f"<{other.message_id.strip('<>')}>")
    return edited(mail, "D", f"answers {other.message_id} instead of {parents[0].message_id}")


def second_copy(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """R-05: the copy of another mailbox, as its server writes it, with one word changed; as a sham unchanged."""
    mail = Mail.parse(stored.data)
    parts = text_parts(mail)
    if not parts or stored.date is None:
        return None
    done = ("", "")
    if not sham:
        found = change_line(mail, rng, other_word(rng, words_of(stored)), parts[0])
        if found is None:
            return None
        done = found
    host, reader = _MAILBOX.format(number=rng.randrange(1, 4)), rng.choice(("ilse", "marten", "rosa"))
    arrived = f"{stored.date + timedelta(seconds=rng.randrange(20, 90)):%a, %d %b %Y %H:%M:%S} +0000"
    received = f"from relay.harbour-office.example by {host} with LMTP id {rng.getrandbits(48):012x}; {arrived}"
    mail.add("Received", received, top=True)
    mail.add("Delivered-To", f"{reader}@harbour-office.example", top=True)
    mail.add("Return-Path", f"<{stored.sender}>", top=True)
    mail.add("Status", "RO")
    return Plant(mail.data(), "D", f"copy of {reader}: {done[0]!r} -> {done[1]!r}", "insert", stored.path)


def parent_invented(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """R-06: a reply names, in place of the mail that it quotes, one that never was."""
    mail = Mail.parse(stored.data, sham=sham)
    parents = [parent for name in stored.references for parent in archive.by_id(name)]
    if not parents or not mail.all("In-Reply-To"):
        return None
    host = parents[0].message_id.rpartition("@")[2].strip("<>")
    invented = f"<{rng.getrandbits(64):016x}@{host}>"
    for name in ("In-Reply-To", "References"):
        if mail.all(name):
            mail.set(name, mail.value(name).replace(f"<{parents[0].message_id.strip('<>')}>", invented))
    return edited(mail, "P", f"answers {invented} instead of {parents[0].message_id}") if mail.changes or sham else None


def _attribution(stored: Stored, archive: Archive, sham: bool, change: Callable[[str], str]) -> Plant | None:
    """Change the first attribution line of a reply whose parent is in the archive."""
    mail = Mail.parse(stored.data, sham=sham)
    parts = text_parts(mail)
    if not parts or not any(archive.by_id(name) for name in stored.references):
        return None
    text = mail.text(parts[0])
    found = _ATTRIBUTION.search(text)
    new = change(found[0]) if found is not None else ""
    if found is None or new == found[0]:
        return None
    return _written(mail, text[: found.start()] + new + text[found.end() :], f"{found[0]!r} -> {new!r}")


def _name(stored: Stored) -> str:
    return stored.sender_field.partition("<")[0].strip(' "')


def _said(stored: Stored) -> set[str]:
    """Return the lines of a mail's texts."""
    mail = Mail.parse(stored.data)
    return {line.strip() for part in text_parts(mail) for line in mail.text(part).split("\n")}


def _written(mail: Mail, text: str, what: str) -> Plant | None:
    try:
        mail.set_text(text_parts(mail)[0], text)
    except Unfit:
        return None
    return edited(mail, "D", what)


OPERATIONS = (
    Operation("R-01", "another day in an attribution line", attribution_dated),
    Operation("R-02", "another writer in an attribution line", attribution_named),
    Operation("R-03", "a sentence added to a quote", quote_extended),
    Operation("R-04", "reply put under another mail", parent_exchanged),
    Operation("R-05", "another mailbox's copy with one change", second_copy),
    Operation("R-06", "reply to a mail that never was", parent_invented),
)
