"""From the threads of `letters.toml` to mails as they lie in the two mailboxes."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from forensics._demo.leak import files
from forensics._demo.leak.bodies import Attachment
from forensics._demo.leak.clients import compose
from forensics._demo.leak.clock import at, later, paris, wall
from forensics._demo.leak.drafts import Fields, Letter, Mail, redirected
from forensics._demo.leak.people import CAMPAIGN, LIST, PEOPLE, RELAY
from forensics._demo.leak.routes import to_chief, to_treasurer
from forensics._demo.leak.signing import Signers

_CONTENT = ("mime-version", "content-type", "content-transfer-encoding", "content-disposition")
_FOOTER = (
    "_______________________________________________\nListe benevoles\n"
    f"{LIST}\nhttp://listes.{CAMPAIGN}/mailman/listinfo/benevoles\n"
)


@dataclass(frozen=True)
class Stored:
    """One mail as it lies in a mailbox."""

    key: str
    """``thread-number/position``, the same for every copy."""
    box: str
    """``chief`` or ``treasurer``."""
    mail: Mail
    source: bytes
    """LF line ends, trace included."""
    delivered: datetime
    copy: str
    """``received``, ``sent`` or ``list``."""


def _next(previous: datetime, rng: Random) -> datetime:
    """Answer after 20 minutes to 20 hours, within the waking hours of the story."""
    moment = later(previous, rng.randrange(20 * 60, 20 * 3600) + rng.randrange(1_000_000) / 1e6)
    local = wall(moment, paris(moment))
    if 7 <= local.hour < 21:
        return moment
    morning = local.replace(hour=8, minute=rng.randrange(60))
    if local.hour >= 21:
        morning = later(morning, 86_400)
    return later(morning, -paris(moment))


def thread_mails(number: int, thread: dict[str, Any], rng: Random) -> list[tuple[str, Mail]]:
    """Write the mails of one thread, each an answer to the one before."""
    cast = [PEOPLE[key] for key in thread["cast"]]
    readers = cast + [PEOPLE[key] for key in thread.get("copy", ())]
    moment = later(thread["start"].astimezone(UTC), rng.randrange(59_000_000) / 1e6)
    out: list[tuple[str, Mail]] = []
    name = thread.get("key", f"{number:02d}")
    for position, text in enumerate(thread["texts"]):
        sender = cast[position % len(cast)]
        key = thread.get("attach", {}).get(str(position))
        attached = (files.attachment(key, moment, rng),) if key else ()
        parent = out[-1][1] if out else None
        prefix = "RE: " if sender.client in ("outlook", "exchange") else "Re: "
        subject = prefix + thread["subject"] if parent else thread["subject"]
        others = tuple([person for person in readers if person is not sender])
        by_list = thread.get("via") == "list"
        letter = Letter(sender, others, subject, moment, text, attached, parent, to_list=by_list)
        out.append((f"{name}/{position}", compose(letter, rng)))
        moment = _next(moment, rng)
    return out


def through_list(mail: Mail, rng: Random) -> Mail:
    """Hand a mail on as Mailman does: prefix, list fields, footer in the text or as a part of its own."""
    added: Fields = [
        ("X-BeenThere", LIST),
        ("X-Mailman-Version", "2.1.18"),
        ("Precedence", "list"),
        ("List-Id", f"<benevoles.listes.{CAMPAIGN}>"),
        ("List-Post", f"<mailto:{LIST}>"),
        ("Errors-To", f"benevoles-bounces@listes.{CAMPAIGN}"),
    ]
    fields = [
        (name, f"[benevoles] {value}") if name == "Subject" else (name, value)
        for name, value in mail.fields
        if name.lower() not in _CONTENT
    ]
    content = [(name, value) for name, value in mail.fields if name.lower() in _CONTENT]
    kind = {name.lower(): value for name, value in content}
    if kind.get("content-transfer-encoding") == "8bit" and "utf-8" in kind["content-type"].lower():
        return redirected(mail, [*fields, *content, *added], mail.body + _FOOTER.encode("utf-8"))
    mark = f"==============={rng.randrange(10**18, 10**19)}=="
    inner = [(name, value) for name, value in content if name.lower() != "mime-version"]
    head = "".join([f"{name}: {value}\n" for name, value in inner]).encode("ascii")
    footer = 'Content-Type: text/plain; charset="us-ascii"\nMIME-Version: 1.0\nContent-Transfer-Encoding: 7bit\n'
    line = f"--{mark}".encode("ascii")
    body = line + b"\n" + head + b"\n" + mail.body + b"\n" + line + b"\n" + footer.encode("ascii")
    body += b"Content-Disposition: inline\n\n" + _FOOTER.encode("ascii") + b"\n" + line + b"--\n"
    outer = [("MIME-Version", "1.0"), ("Content-Type", f'multipart/mixed; boundary="{mark}"')]
    return redirected(mail, [*fields, *outer, *added], body)


def store(key: str, mail: Mail, rng: Random, signers: Signers, *, delay: float = 0) -> list[Stored]:
    """Put a mail where the two owners have it: sent copies as written, received ones with their trace."""
    letter, out = mail.letter, []
    boxes = {"chief": PEOPLE["ines"], "treasurer": PEOPLE["theodule"]}
    greylisted = letter.parent is None and letter.sender.client in ("roundcube", "exchange") and rng.random() < 0.5
    # A slow clock would show the delay as a shorter one: no greylisting while the relay is slow.
    if greylisted and not delay and not RELAY.clock_error(letter.sent):
        delay = rng.randrange(302, 1100)
    for box, owner in boxes.items():
        if letter.sender is owner:
            out.append(Stored(key, box, mail, mail.source(), letter.sent, "sent"))
        if letter.to_list and box == "chief":
            copy = through_list(mail, rng)
            journey = to_chief(mail, rng, signers, copy=copy)
            out.append(Stored(key, box, copy, copy.source(journey.trace), journey.now, "list"))
        elif owner in letter.to and not letter.to_list:
            journey = (to_chief if box == "chief" else to_treasurer)(mail, rng, signers, delay)
            trace = [*journey.trace, *(journey.extra or [])]
            out.append(Stored(key, box, mail, mail.source(trace), journey.now, "received"))
    return out


def single(
    key: str, sender: str, to: str, when: str, subject: str, text: str, rng: Random, **more: Any
) -> tuple[str, Mail]:
    moment = later(at(when), rng.randrange(59_000_000) / 1e6)
    letter = Letter(PEOPLE[sender], (PEOPLE[to],), subject, moment, text, **more)
    return key, compose(letter, rng)


def _newsletters(rng: Random) -> list[tuple[str, Mail]]:
    months = ("2016-04-01", "2016-06-03", "2016-09-02", "2016-11-04", "2016-12-02", "2017-02-03", "2017-04-07")
    text = (
        "La Lettre de la Garrigue\n\nNuméro {number}. Au sommaire : les marchés du mois, la rubrique des pigeons, "
        "et trois recettes de saison.\n\nPour ne plus recevoir cette lettre, écrivez à stop@gazette-garrigue.example."
    )
    return [
        single(
            f"news/{number}", "lettre", "ines", f"{day} 05:30:10", f"La Lettre de la Garrigue n° {number + 31}",
            text.format(number=number + 31), rng,
        )
        for number, day in enumerate(months)
    ]  # fmt: skip


def _reports(rng: Random) -> list[tuple[str, Mail]]:
    days = (
        *("2016-09-08", "2016-09-22", "2016-10-06", "2016-10-20", "2016-11-03", "2016-11-17", "2016-12-01"),
        *("2016-12-15", "2017-01-12", "2017-01-26", "2017-02-09", "2017-02-23", "2017-03-09", "2017-03-23"),
    )
    text = "Bonjour Inès,\n\n{doors} portes, {talks} conversations, {leaflets} tracts. Secteur suivant : {place}."
    places = ("Haut-Clos", "Lavoir", "Tisserands", "Moulin", "Fontaine-Sèche", "les Oules")
    out = []
    for number, day in enumerate(days, start=1):
        doors = rng.randrange(40, 160)
        said = text.format(doors=doors, talks=doors // 3, leaflets=doors * 2 + number, place=places[number % 6])
        subject = f"Rapport de terrain n° {number}"
        out.append(single(f"report/{number}", "gael", "ines", f"{day} {7 + number % 9:02d}:12:00", subject, said, rng))
    return out


def _lure() -> Attachment:
    """A program's header under a picture's name, with text in place of code."""
    stub = b"This program cannot be run: it is a harmless sample of a disguised file.\r\r\n$"
    data = b"MZ" + bytes(58) + (128).to_bytes(4, "little") + stub.ljust(64, b"\0") + b"PE\0\0" + bytes(252)
    return Attachment("etiquette_colis.jpg", "image/jpeg", data, at("2017-02-20 03:00:00"))


def singles(stored: list[Stored], rng: Random) -> list[tuple[str, Mail, float]]:
    """Write what is no thread: newsletters, spam, a mail without Date, a late one, an attached mail."""
    quiet = [(key, mail, 0.0) for key, mail in [*_newsletters(rng), *_reports(rng)]]
    offer = "Cartouches compatibles à moitié prix, jusqu'à dimanche seulement ! Répondez à ce message pour commander."
    parcel = "Votre colis est en attente. Ouvrez l'étiquette jointe pour confirmer votre adresse."
    received = [item.source for item in stored if (item.key, item.box) == ("facture/3", "chief")]
    lure = (_lure(),)
    rows = [
        single("spam/0", "promo", "ines", "2016-07-12 02:11:40", "-50 % sur vos cartouches !!!", offer, rng),
        single("spam/1", "colis", "theodule", "2017-02-21 04:47:09", "Votre colis", parcel, rng, attachments=lure),
        single("nodate", "copieur", "ines", "2016-11-08 09:15:00", "Scan 42", "Job 42 is done.", rng, dated=False),
        single(
            "attached", "ines", "theodule", "2016-09-20 15:02:00", "Fwd: Facture affiches",
            "Cher Théodule,\n\nPour ton dossier, le message de Basile en pièce jointe, tel que je l'ai reçu.", rng,
            attached=received[0],
        ),
    ]  # fmt: skip
    rows.append(
        single(
            "advance", "gael", "theodule", "2017-03-14 09:21:00", "Avance de caisse",
            "Bonjour Théodule,\n\nComme convenu, je prends 300 euros sur la caisse du local pour la sono de dimanche. "
            "Le reçu est dans l'enveloppe bleue.", rng,
        )
    )  # fmt: skip
    for key, sender, when, subject, text, name in _CARRIERS:
        attached = files.contract(key, at(when), rng)
        rows.append(single(name, sender, "theodule", when, subject, text, rng, attachments=(attached,)))
    late = single(
        "late", "lucette", "ines", "2016-12-23 16:20:00", "Clés du local",
        "Bonjour,\n\nLes clés sont chez le concierge jusqu'au 27. Le serveur de l'association est en panne, "
        "ce message partira quand il pourra.", rng,
    )  # fmt: skip
    outbox = single(
        "outbox", "clovis", "ines", "2017-02-18 17:55:00", "Train",
        "Je suis dans le train, pas de réseau avant la Fontaine-Sèche. On se parle demain.", rng, delay=5460,
    )  # fmt: skip
    return [*quiet, *[(key, mail, 0.0) for key, mail in rows], (*late, 2 * 86_400 + 4123.0), (*outbox, 0.0)]


_CARRIERS = (
    (
        *("contrat", "basile", "2017-03-02 10:42:00", "Contrat d'impression, version définitive"),
        "Bonjour,\n\nVoici le contrat définitif, article 4 compris. Merci de le retourner signé.",
        "contract",
    ),
    (
        *("attestation", "lucette", "2016-12-05 14:18:00", "Attestation pour l'assureur"),
        "Bonjour Théodule,\n\nVoici l'attestation du président, comme demandé.",
        "certificate",
    ),
)
"""Mails whose attachments `forensics._demo.leak.taints` exchanges."""


def mails(rng: Random, signers: Signers) -> list[Stored]:
    """Everything genuine in the two mailboxes, in order of delivery."""
    plan = tomllib.loads((Path(__file__).parent / "letters.toml").read_text(encoding="utf-8"))
    threads = [pair for number, thread in enumerate(plan["thread"]) for pair in thread_mails(number, thread, rng)]
    stored = [item for key, mail in threads for item in store(key, mail, rng, signers)]
    for key, mail, delay in singles(stored, rng):
        stored += store(key, mail, rng, signers, delay=delay)
    return sorted(stored, key=lambda item: (item.delivered, item.key, item.box, item.copy))
