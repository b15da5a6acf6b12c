"""Build the sample leak; the same seed gives the same bytes on every machine."""

import os
import re
from datetime import datetime
from pathlib import Path
from random import Random

from forensics._demo.leak import folder, plot, signed_taints, signing, taints
from forensics._demo.leak.clock import at, later, microseconds, paris
from forensics._demo.leak.labels import Label, Labels
from forensics._demo.leak.packing import Member, infozip, pack
from forensics._demo.leak.people import RELAY
from forensics._demo.leak.plot import Stored
from forensics._demo.leak.routes import separator
from forensics._demo.leak.taints import Planted, digest

SEED = 2017
CAPTURED = "2017-04-24"
RELEASED = "2017-05-05"
SOURCE = "leak.zip"
KEYS = "keys.tsv"
MBOX = "messagerie/valcourbe.mbox"
EML = "messagerie/marcheroux"
DOCUMENTS = "documents.zip"
_COPIED = at("2017-04-24 18:52:07")
_PACKED = at("2017-05-04 20:11:30")
_QUOTED = re.compile(rb"^(>*From )", re.MULTILINE)


def mbox(mails: list[Stored]) -> bytes:
    """Write an mboxrd mailbox."""
    out = bytearray()
    for item in mails:
        sender = item.mail.letter.sender.address
        out += separator(sender, item.delivered) + _QUOTED.sub(rb">\1", item.source) + b"\n"
    return bytes(out)


def eml(item: Stored) -> bytes:
    """Write one exported mail: CRLF line ends."""
    return item.source.replace(b"\n", b"\r\n")


def _paths(mails: list[Stored]) -> dict[int, str]:
    """Path of every mail in the leak, by identity."""
    out, counts = {}, {"chief": 0, "treasurer": 0}
    for item in mails:
        number = counts[item.box]
        counts[item.box] += 1
        out[id(item)] = f"{MBOX} > mbox:{number}" if item.box == "chief" else f"{EML}/{number + 1:04d}.eml"
    return out


def _stored_digest(item: Stored) -> str:
    return digest(item.source if item.box == "chief" else eml(item))


def _taint_labels(planted: list[Planted], paths: dict[int, str]) -> list[Label]:
    labels = []
    for entry in planted:
        path = paths[id(entry.item)]
        carrier = _stored_digest(entry.item) if entry.attachment else ""
        labels.append(
            Label(
                entry.item.key,
                "taint",
                entry.operations,
                entry.changed,
                f"{path} > {entry.name}" if entry.attachment else path,
                digest(entry.attachment) if entry.attachment else _stored_digest(entry.item),
                entry.rules,
                carrier=carrier,
            )
        )
    return labels


def _batch_labels(touched: list[folder.Filed]) -> list[Label]:
    changed = "Opened and saved again by one foreign user within four minutes, with eight others."
    return [
        Label(
            f"batch/{number}",
            "taint",
            ("O-27", "files-9:11"),
            changed,
            f"{DOCUMENTS} > {item.path}",
            digest(item.data),
            ("case.batch_touch",),
            cluster="batch",
        )
        for number, item in enumerate(touched)
    ]


_CLOCK_PC = "The sender's computer runs 26 minutes ahead until December 2016."
_CLOCK_RELAY = "The provider's relay runs seven minutes slow for the whole of November 2016."
_LIST = "The list server added a prefix and a footer to a mail whose sent copy lies in the same mailbox."
_ODD = {
    "nodate": "The copier writes no Date.",
    "late/received": "Held back for two days by a broken server.",
    "outbox": "Waited 91 minutes in a phone's outbox.",
}


def _innocent(item: Stored, sent: set[str]) -> tuple[str, tuple[str, ...], str]:
    """What is odd about a genuine mail: explanation, rules, benign cause; empty if nothing."""
    letter = item.mail.letter
    explanation, rules, cause = [], [], ""
    if letter.sender.clock_error(letter.sent) and item.copy != "sent":
        explanation.append(_CLOCK_PC)
        rules.append("mail.date_after_first_trace")
        cause = "sender_clock"
    if RELAY.clock_error(item.delivered) and RELAY.name.encode() in item.source.split(b"\n\n", 1)[0]:
        explanation.append(_CLOCK_RELAY)
        rules.append("mail.trace_reversal")
        cause = "clock_skew"
    if item.copy == "list" and item.mail.message_id in sent:
        explanation.append(_LIST)
        rules.append("case.message_id_reuse")
        cause = cause or "list_copy"
    if (item.key, item.copy) == (taints.DONOR, "received"):
        explanation.append("The genuine mail whose header block and Message-ID the first forged mail copies.")
        rules.append("case.message_id_reuse")
    if (item.key, item.copy) == (signed_taints.SIGNATURE_DONOR, "received"):
        explanation.append("The genuine mail whose signature the invented report carries.")
        rules.append("case.token_reuse")
    if item.key in ("nodate", "late", "outbox"):
        explanation.append(_ODD.get(item.key, _ODD["late/received"]))
        if item.key == "late" and item.copy != "sent":
            rules.append("mail.hop_delay")
    return " ".join(explanation), tuple(rules), cause


def _innocent_labels(mails: list[Stored], planted: list[Planted], paths: dict[int, str]) -> list[Label]:
    tainted = {id(entry.item) for entry in planted}
    sent = {item.mail.message_id for item in mails if item.copy == "sent"}
    labels = []
    for item in mails:
        if id(item) in tainted:
            continue
        explanation, rules, cause = _innocent(item, sent)
        path, name = paths[id(item)], f"{item.key}/{item.box}"
        if explanation:
            labels.append(Label(name, "innocent", (), explanation, path, _stored_digest(item), rules, excused_by=cause))
        if item.key == "spam/1":
            lure = item.mail.letter.attachments[0]
            text = "Unsolicited mail with a program's header under a picture's name; its bytes are harmless."
            place = f"{path} > {lure.name}"
            labels.append(
                Label(
                    name,
                    "lure",
                    (),
                    text,
                    place,
                    digest(lure.data),
                    ("archive.type_disguise",),
                    carrier=_stored_digest(item),
                )
            )
    return labels


def _leak(mails: list[Stored], documents: bytes) -> bytes:
    members: list[Member] = []

    def add(path: str, data: bytes, modified: datetime) -> None:
        members.append(infozip(path, data, modified, paris(modified)))

    add(DOCUMENTS, documents, _COPIED)
    number, moment = 0, later(_COPIED, 240)
    for item in mails:
        if item.box == "treasurer":
            number += 1
            moment = later(moment, 1 + number % 2)
            add(f"{EML}/{number:04d}.eml", eml(item), moment)
    add(MBOX, mbox([item for item in mails if item.box == "chief"]), later(moment, 55))
    return pack(members)


def build(out: Path, seed: int = SEED) -> Labels:
    """Write ``leak.zip``, ``keys.tsv`` and ``labels.json`` into a folder and return the labels.

    Args:
        out: Folder; made if it does not exist. Files of these names in it are replaced.
        seed: The same seed gives the same bytes on every machine.

    Returns:
        What was planted and what is only clumsy.
    """
    signers = signing.signers(Random(f"{seed}:keys"))
    genuine = plot.mails(Random(f"{seed}:mails"), signers)
    rng = Random(f"{seed}:taints")
    planted = [*taints.forged_pair(genuine, rng), taints.backdated(genuine), *taints.edited_documents(genuine, rng)]
    rng = Random(f"{seed}:signed taints")
    planted += [signed_taints.altered_report(genuine), signed_taints.pasted_signature(genuine, rng, signers)]
    planted += signed_taints.invented_selector(rng, signers, signing.forger(Random(f"{seed}:forger")))
    mails = taints.replanted(genuine, planted)
    touched = folder.touched_spreadsheets(Random(f"{seed}:batch"))
    leak = _leak(mails, folder.archive(touched, Random(f"{seed}:folder")))
    paths = _paths(mails)
    labels = [*_taint_labels(planted, paths), *_batch_labels(touched), *_innocent_labels(mails, planted, paths)]
    key = Labels(seed, SOURCE, digest(leak), len(leak), CAPTURED, RELEASED, len(mails), tuple(labels))
    out.mkdir(parents=True, exist_ok=True)
    (out / SOURCE).write_bytes(leak)
    stamp = microseconds(_PACKED) * 1000
    os.utime(out / SOURCE, ns=(stamp, stamp))
    (out / KEYS).write_text(signing.key_file(signers), encoding="ascii")
    (out / "labels.json").write_text(key.json(), encoding="utf-8")
    return key
