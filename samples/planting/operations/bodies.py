"""O-01 to O-07, O-09: words, numbers and sentences of the body are changed."""

import re
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.mail import Mail
from samples.planting.mime import Unfit
from samples.planting.operation import Operation, Plant, edited
from samples.planting.prose import WORD, body_edit, lines, other_word, text_parts

NUMBER = re.compile(r"(?<![\w.])[1-9]\d{1,5}(?![\w.]*\w)")
SENTENCES = (
    "As agreed, the amount will go to the second account.",
    "Please delete this message when you have read it.",
    "The minister has been told and has no objection.",
    "Nobody outside this group should hear about it before Friday.",
    "I have already spoken to the people at the bank about it.",
)
_NEGATIONS = (
    (r"\bdo not\b", "do"),
    (r"\bdoes not\b", "does"),
    (r"\bcannot\b", "can"),
    (r"\bdon't\b", "do"),
    (r"\bcan't\b", "can"),
    (r"\bis not\b", "is"),
    (r"\bwill not\b", "will"),
    (r"\bisn't\b", "is"),
    (r"\bis\b", "is not"),
    (r"\bcan\b", "cannot"),
    (r"\bwill\b", "will not"),
    (r"\bshould\b", "should not"),
)


def words_of(stored: Stored) -> list[str]:
    """Return the words of a mail's own prose, each once, in order."""
    mail = Mail.parse(stored.data)
    found: dict[str, None] = {}
    for part in text_parts(mail):
        rows = mail.text(part).split("\n")
        for number in lines("\n".join(rows)):
            found.update(dict.fromkeys(WORD.findall(rows[number])))
    return list(found)


def word_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-01: one word gives way to another of the same mail."""
    return body_edit(stored, archive, rng, sham, other_word(rng, words_of(stored)))


def number_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-02: one digit of a number in a sentence."""

    def change(line: str) -> str | None:
        found = NUMBER.search(line)
        if found is None:
            return None
        digits = list(found[0])
        at = rng.randrange(len(digits))
        digits[at] = rng.choice([digit for digit in "123456789" if digit != digits[at]])
        return line[: found.start()] + "".join(digits) + line[found.end() :]

    return body_edit(stored, archive, rng, sham, change)


def sentence_inserted(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-03: a sentence on a line of its own after one of the sender's."""
    return body_edit(stored, archive, rng, sham, lambda line: f"{line}\n{rng.choice(SENTENCES)}", "P")


def line_deleted(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-04: one line of the sender's is gone."""
    return body_edit(stored, archive, rng, sham, lambda line: "\0", "P")


def negation_flipped(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-05: a sentence says the opposite."""

    def change(line: str) -> str | None:
        for pattern, new in _NEGATIONS:
            if re.search(pattern, line):
                return re.sub(pattern, new, line, count=1)
        return None

    return body_edit(stored, archive, rng, sham, change)


def _one_of_two(stored: Stored, rng: Random, sham: bool, media_type: str) -> Plant | None:
    mail = Mail.parse(stored.data, sham=sham)
    html, plain = text_parts(mail, "text/html"), text_parts(mail)
    if not html or not plain or html[0].boundary != plain[0].boundary:
        return None
    part = html[0] if media_type == "text/html" else plain[0]
    text = mail.text(part)
    other = mail.text(plain[0] if part is html[0] else html[0])
    words = [word for word in words_of(stored) if text.count(word) == 1 and word in other]
    if len(words) < 2:
        return None
    old, new = rng.sample(words, 2)
    try:
        mail.set_text(part, text.replace(old, new))
    except Unfit:
        return None
    return edited(mail, "D", f"{part.media_type}: {old!r} -> {new!r}, the other part as it was")


def html_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-06: a word in the HTML part alone."""
    return _one_of_two(stored, rng, sham, "text/html")


def plain_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-07: a word in the plain text alone, beside an HTML part."""
    return _one_of_two(stored, rng, sham, "text/plain")


def quote_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-09: a word in a line that a reply quotes; the parent is in the archive and says otherwise."""
    mail = Mail.parse(stored.data, sham=sham)
    parts = text_parts(mail)
    parents = [parent for name in stored.references for parent in archive.by_id(name)]
    if not parts or not parents:
        return None
    said = {" ".join(line.split()) for line in _plain(parents[0]).split("\n")}
    words = words_of(parents[0])
    rows = mail.text(parts[0]).split("\n")
    quoted = [number for number, line in enumerate(rows) if line.startswith(">") and len(line) > 25]
    for number in rng.sample(quoted, len(quoted)):
        new = other_word(rng, words)(rows[number])
        if new is None or " ".join(rows[number].lstrip("> ").split()) not in said:
            continue
        old, rows[number] = rows[number], new
        try:
            mail.set_text(parts[0], "\n".join(rows))
        except Unfit:
            return None
        return edited(mail, "D", f"quote {old!r} -> {new!r}")
    return None


def _plain(stored: Stored) -> str:
    mail = Mail.parse(stored.data)
    return "\n".join([mail.text(part) for part in text_parts(mail)])


OPERATIONS = (
    Operation("O-01", "one word changed", word_changed),
    Operation("O-02", "a number changed", number_changed),
    Operation("O-03", "a sentence inserted", sentence_inserted),
    Operation("O-04", "a line deleted", line_deleted),
    Operation("O-05", "a negation flipped", negation_flipped),
    Operation("O-06", "HTML part changed alone", html_changed),
    Operation("O-07", "plain text changed alone", plain_changed),
    Operation("O-09", "quoted parent changed in a reply", quote_changed),
)
