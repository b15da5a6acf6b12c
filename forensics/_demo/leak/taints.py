"""The planted items: each changes genuine bytes as its forger would, and says what it changed."""

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from forensics._demo.leak import files, office, tokens
from forensics._demo.leak.clock import DAYS, MONTHS, at, later, wall
from forensics._demo.leak.people import PEOPLE
from forensics._demo.leak.plot import Stored

DONOR = "pont/0"
"""Key of the mail whose Message-ID the first forged mail keeps."""

_BODY_1 = (
    "Bonjour Inès,\n\nComme convenu, commande 400 pigeons mécaniques et fais-les livrer de nuit sous le pont. "
    "Paiement en jetons de manège, surtout pas de facture. Brûle ce message.\n\nPerrine\n"
)
_BODY_2 = (
    "Chère Inès,\n\nLe virement des donateurs de la planète Mars est arrivé sur le compte du zoo. Je le déclare en "
    "bouchons de bouteille, personne ne regardera. La somme exacte est dans le coffre, code 0000.\n\nThéodule\n"
)


@dataclass(frozen=True)
class Planted:
    """A stored mail that was changed or added, and what its label says."""

    item: Stored
    operations: tuple[str, ...]
    changed: str
    rules: tuple[str, ...]
    attachment: bytes = b""
    """The tainted attachment, where that is the item."""
    name: str = ""


def digest(data: bytes) -> str:
    """Return the SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()


def pick(mails: list[Stored], key: str, box: str) -> Stored:
    """Return a received mail by its key."""
    return next(item for item in mails if (item.key, item.box, item.copy) == (key, box, "received"))


def with_field(source: bytes, name: str, value: str) -> bytes:
    """Replace the body of the topmost field of a name, folded lines included."""
    pattern = re.compile(rb"^" + name.encode() + rb":[^\n]*(?:\n[ \t][^\n]*)*", re.MULTILINE)
    return pattern.sub(lambda _: f"{name}: {value}".encode(), source, count=1)


def _script_body(source: bytes, text: str) -> bytes:
    """Keep the header block, put a plain body in: the script declares its own content type."""
    head = source.split(b"\n\n", 1)[0] + b"\n"
    head = with_field(head, "Content-Type", "text/plain; charset=utf-8")
    head = re.sub(rb"^Content-Transfer-Encoding:[^\n]*\n", b"", head, flags=re.MULTILINE)
    return head + b"Content-Transfer-Encoding: 8bit\n\n" + text.encode("utf-8")


def forged_pair(mails: list[Stored], rng: Random) -> list[Planted]:
    """Two absurd mails, written by a script over the header blocks of genuine ones."""
    first, second = pick(mails, DONOR, "chief"), pick(mails, "comptes/0", "chief")
    day = first.mail.claimed
    moved = later(day, -4 * 86_400)
    date = f"{DAYS[day.weekday()]}, {moved.day} {MONTHS[moved.month - 1]} {wall(moved, 7200):%Y %H:%M:%S} +0200"
    one = with_field(with_field(first.source, "Date", date), "Subject", "livraison de nuit")
    claimed = later(second.mail.claimed, 2 * 86_400 + 11_000)
    shown = later(claimed, -4 * 3600 - 1800)
    date = f"{DAYS[shown.weekday()]}, {shown.day} {MONTHS[shown.month - 1]} {shown:%Y %H:%M:%S} -0430"
    account = PEOPLE["theodule"].account
    identity = f"<{tokens.exchange(account, rng)}@{second.mail.message_id.split('@')[1]}>"
    two = with_field(
        with_field(with_field(second.source, "Date", date), "Message-ID", identity), "Subject", "virement Mars"
    )
    return [
        Planted(
            replace(first, key="forged/1", source=_script_body(one, _BODY_1), delivered=moved),
            ("O-31", "O-15"),
            "New mail over the copied header block of a genuine one: Date four days earlier with the old weekday, "
            "Message-ID kept, other subject and body.",
            (
                "mail.date_weekday",
                "mail.date_before_first_trace",
                "case.message_id_reuse",
                "case.token_reuse",
                "case.delivery_time",
                "case.body_hash",
                "case.header_signature",
            ),
        ),
        Planted(
            replace(second, key="forged/2", source=_script_body(two, _BODY_2), delivered=claimed),
            ("O-31", "O-18"),
            "New mail over the copied header block of a genuine one: Date two days after the first server's trace, at "
            "an offset (-0430) that no zone kept after May 2016; new Message-ID, subject and body.",
            (
                "mail.offset_unknown",
                "mail.date_after_first_trace",
                "mail.thread_topic",
                "case.token_reuse",
                "case.sender_offset",
                "case.delivery_time",
                "case.body_hash",
                "case.header_signature",
            ),
        ),
    ]


def backdated(mails: list[Stored]) -> Planted:
    """Date set back by four months with the weekday left; one printed trace date edited to go with it."""
    item = pick(mails, "advance", "treasurer")
    source = re.sub(rb"^(Date: Tue, 14) Mar 2017", rb"\1 Nov 2016", item.source, count=1, flags=re.MULTILINE)
    relay = re.compile(rb"(by relais\.[^;]*; Tue, 14) Mar 2017")
    source = relay.sub(rb"\1 Nov 2016", source, count=1)
    return Planted(
        replace(item, source=source),
        ("O-15", "O-16"),
        "Date and the relay's printed trace date moved from 14 March 2017 to 14 November 2016; weekdays and ids left.",
        (
            "mail.date_weekday",
            "mail.trace_reversal",
            "mail.hop_delay",
            "mail.message_id_time",
            "mail.thread_index_time",
            "mail.signing_time",
            "case.header_signature",
        ),
    )


def _swap(item: Stored, old: bytes, new: bytes) -> Stored:
    """Exchange an attachment inside the stored mail; its stated size stays what it was."""
    before, after = base64.encodebytes(old), base64.encodebytes(new)
    assert item.source.count(before) == 1
    return replace(item, source=item.source.replace(before, after))


def edited_documents(mails: list[Stored], rng: Random) -> list[Planted]:
    """A contract with hand-edited times, and an attestation made months after its mail whose times were set back."""
    carrier = pick(mails, "contract", "treasurer")
    old = carrier.mail.letter.attachments[0]
    about = files.contract_properties("contrat", carrier.mail.letter.sent)
    about = office.redated(about, about.created, at("2016-11-30 09:05:00"))
    contract = office.replace_part(
        old.data, office.CORE, office.core_xml(about, revision=True), at("2017-04-26 19:14:38")
    )
    second = pick(mails, "certificate", "treasurer")
    lease = second.mail.letter.attachments[0]
    honest = files.contract_properties("attestation", second.mail.letter.sent)
    made = at("2017-04-05 16:31:00")
    lines = files.contract_text("attestation", second.mail.letter.sent, 3400)
    late = office.word(office.redated(honest, made, later(made, 1080)), lines, rng)
    # The forger sees one date in the folder, the last save: they set that one back and forget the other.
    set_back = office.core_xml(office.redated(honest, made, honest.modified), revision=True)
    attestation = office.replace_part(late, office.CORE, set_back, at("2017-04-26 19:27:52"))
    return [
        Planted(
            _swap(carrier, old.data, contract),
            ("O-27", "files-9:5"),
            "docProps/core.xml edited by hand and put back with another zip program: modified lies before created.",
            ("document.modified_before_created", "archive.patched_member", "mail.attachment_size"),
            contract,
            old.name,
        ),
        Planted(
            _swap(second, lease.data, attestation),
            ("O-26", "O-27", "files-9:5", "files-9:7"),
            "Attachment exchanged for one made four months after the mail, amount times ten; modified was set back to "
            "the day before the mail, created was forgotten.",
            ("document.modified_before_created", "archive.patched_member", "case.document_created_after_mail"),
            attestation,
            lease.name,
        ),
    ]


def replanted(mails: list[Stored], planted: list[Planted]) -> list[Stored]:
    """Put the planted mails in: changed ones in place, new ones where their Date puts them."""
    changed = {(entry.item.key, entry.item.box, entry.item.copy): entry.item for entry in planted}
    out = [changed.pop((item.key, item.box, item.copy), item) for item in mails]
    return sorted([*out, *changed.values()], key=_order)


def _order(item: Stored) -> tuple[datetime, str, str, str]:
    return item.delivered, item.key, item.box, item.copy
