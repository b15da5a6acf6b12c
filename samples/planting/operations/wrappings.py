"""O-10 to O-14: additions, links, pictures, charsets and hidden text."""

import base64
import re
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.bodyhash import holds
from samples.planting.mail import Mail
from samples.planting.mime import Unfit
from samples.planting.operation import Operation, Plant, edited
from samples.planting.operations.bodies import SENTENCES
from samples.planting.prose import text_parts

DISCLAIMER = (
    "\n-- \nThis message is confidential. If you received it in error,\n"
    "please inform the sender and delete it with all attachments ({number}).\n"
)
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mP4EKCAFTEMLQkAlsZYAQ96u3IAAAAASUVORK5CYII="
)
LINK = re.compile(r"https?://([A-Za-z0-9.-]+\.[a-z]{2,})(?=[/\s\"'>)]|$)")
CHARSETS = ("iso-8859-2", "windows-1251", "koi8-r", "iso-8859-7")


def disclaimer_added(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-10: a disclaimer at the end of the text, under a number."""
    mail = Mail.parse(stored.data, sham=sham)
    parts = text_parts(mail)
    if not parts or not mail.text(parts[0]):
        return None
    said = DISCLAIMER.format(number=rng.randrange(1000, 10000))
    try:
        mail.set_text(parts[0], mail.text(parts[0]).rstrip("\n") + "\n" + said)
    except Unfit:
        return None
    return edited(mail, "P", "a disclaimer added")


def link_replaced(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-11: a link leads to a lookalike host."""
    mail = Mail.parse(stored.data, sham=sham)
    for part in [*text_parts(mail), *text_parts(mail, "text/html")]:
        text = mail.text(part)
        found = list(LINK.finditer(text))
        if not found:
            continue
        at = rng.choice(found)
        host = at[1].replace(".", "-") + ".example"
        try:
            mail.set_text(part, text[: at.start(1)] + host + text[at.end(1) :])
        except Unfit:
            return None
        row = text[: at.start()].rpartition("\n")[2] + text[at.start() :].partition("\n")[0]
        return edited(mail, "D" if archive.witnessed(stored, [row]) else "P", f"link to {at[1]} -> {host}")
    return None


def picture_replaced(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-12: another picture under the same name and Content-ID."""
    mail = Mail.parse(stored.data, sham=sham)
    pictures = [part for part in mail.parts() if part.media_type.startswith("image/") and part.encoding == "base64"]
    if not pictures:
        return None
    mail.set_payload(pictures[0], PICTURE)
    return edited(mail, "P", f"picture {pictures[0].name!r} replaced", (PICTURE,))


def charset_changed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-13: the same bytes under another charset, which makes other letters of them."""
    mail = Mail.parse(stored.data, sham=sham)
    place = next(mail.places("Content-Type"), None)
    raw = mail.fields[place].raw if place is not None else b""
    found = re.search(rb'charset="?([\w-]+)', raw, re.IGNORECASE)
    if place is None or found is None or mail.body.isascii():
        return None
    new = rng.choice([name for name in CHARSETS if name.encode() != found[1].lower()])
    mail.rewrite(place, raw[: found.start(1)] + new.encode() + raw[found.end(1) :])
    return edited(mail, "P", f"charset {found[1].decode()} -> {new}")


def hidden_text(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-14: a sentence in the HTML part that is not shown."""
    mail = Mail.parse(stored.data, sham=sham)
    parts = text_parts(mail, "text/html")
    text = mail.text(parts[0]) if parts else ""
    at = text.lower().rfind("</body")
    if at < 0:
        return None
    said = f'<span style="display:none;font-size:0">{rng.choice(SENTENCES)}</span>'
    try:
        mail.set_text(parts[0], text[:at] + said + text[at:])
    except Unfit:
        return None
    return edited(mail, "D", f"hidden text{' in a body whose hash held' if holds(Mail.parse(stored.data)) else ''}")


OPERATIONS = (
    Operation("O-10", "disclaimer added", disclaimer_added),
    Operation("O-11", "link target replaced", link_replaced),
    Operation("O-12", "picture replaced", picture_replaced),
    Operation("O-13", "charset changed over the same bytes", charset_changed),
    Operation("O-14", "hidden text added", hidden_text),
)
