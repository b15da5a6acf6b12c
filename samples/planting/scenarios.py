"""Leaks with known taints: which mails are planted, by which operation, among what."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.converter import converted
from samples.planting.hand import Entry, Hand, Leak
from samples.planting.operation import Operation
from samples.planting.operations import OPERATIONS
from samples.planting.operations.identity import common_recipient, removal
from samples.planting.poisoning import flooded, laundering, laundering_replies, laundering_signed, neighbours

LOW = 3
REPEATED = ("O-08", "O-10", "O-14", "O-21", "O-22", "O-23", "O-25", "O-28", "O-40", "O-50", "R-03")
"""What a list could have done too (text at the end, hidden text, From, recipients, Subject, an attachment), and what a
forger does several times with one address or sentence."""
REPEATS = 10
HIGH = ("O-01", "O-02", "O-15")
HIGH_MOST = 300
INSERTS_PER_PLANT = 3
"""Sham inserts for each plant that an operation is asked for."""
SPAM_SHARE = 0.1
_TRIED = 200
"""Mails on which every operation is tried first, so that those that seldom suit are planted first."""


def operations(archive: Archive, rng: Random, per_op: int) -> Leak:
    """Plant each operation, with one sham beside every plant that edits, and sham inserts."""
    hand = Hand(archive, rng)
    hand.held_out(INSERTS_PER_PLANT * per_op)
    wanted = {operation.id: min(operation.most or per_op, per_op) for operation in OPERATIONS}
    lacking = dict(wanted)
    # One of each in turn, so that operations that suit the same few mails share them.
    ordered = _rarest_first(archive, hand.free[:_TRIED])
    for turn in range(per_op):
        for operation in ordered:
            if turn < wanted[operation.id] and not hand.plant(operation, 1):
                lacking[operation.id] -= 1
                hand.plant(operation, 1, sham=True)
    return hand.leak(lacking)


def repeated(archive: Archive, rng: Random, per_op: int) -> Leak:
    """Plant what a list could have done too: each time with another text, and ten times with the same one.

    The ten are mails of one list near in time; their operation is called ``repeated`` in the labels.
    """
    hand = Hand(archive, rng)
    hand.held_out(INSERTS_PER_PLANT * per_op)
    lacking: dict[str, int] = {}
    chosen = [operation for operation in OPERATIONS if operation.id in REPEATED]
    for operation in chosen:
        same = removal(common_recipient(archive)) if operation.id == "O-23" else operation
        same = replace(same, id=f"{operation.id} repeated")
        lacking[same.id] = hand.plant_alike(same, REPEATS)
    for operation in chosen:
        lacking[operation.id] = hand.plant(operation, per_op)
        hand.plant(operation, per_op - lacking[operation.id], sham=True)
    return hand.leak(lacking)


def _rarest_first(archive: Archive, mails: Sequence[Stored]) -> list[Operation]:
    """Return the operations by how many mails suit them; those that make many mails of one come first, untried."""
    suits = {
        operation.id: sum(operation.plant(mail, archive, Random(0), False) is not None for mail in mails)
        for operation in OPERATIONS
        if not operation.most
    }
    return sorted(OPERATIONS, key=lambda operation: suits.get(operation.id, 0))


def low(archive: Archive, rng: Random, per_op: int) -> Leak:
    """Plant three operations once each, where the archive can show it."""
    hand = Hand(archive, rng)
    lacking = {op.id: hand.plant(op, 1, wanted="D") for op in rng.sample(OPERATIONS, len(OPERATIONS))[:LOW]}
    missing = sum(lacking.values())
    return low(archive, rng, per_op) if missing else hand.leak({})


def high(archive: Archive, rng: Random, per_op: int) -> Leak:
    """One hand changes a tenth of the archive, 300 mails at most, and writes each with one tool."""
    hand = Hand(archive, rng)
    most = min(HIGH_MOST, len(archive.mails) // 10)
    chosen = [operation for operation in OPERATIONS if operation.id in HIGH]
    lacking = {operation.id: hand.plant(operation, most // len(chosen)) for operation in chosen}
    for path, entry in hand.entries.items():
        if entry.kind:
            hand.entries[path] = replace(entry, data=converted(entry.data, rng))
    return hand.leak(lacking)


def conversion(archive: Archive, rng: Random, per_op: int) -> Leak:
    """Write every mail anew with one tool; nothing is tainted (O-55 as an innocent cause)."""
    return Leak(tuple([Entry(converted(mail.data, rng), mail.path) for mail in archive.mails]), {})


def mixed(archive: Archive, rng: Random, per_op: int, spam: Sequence[Stored] = ()) -> Leak:
    """As ``operations``, with spam as one tenth of the mails; it counts as clean."""
    leak = operations(archive, rng, per_op)
    count = min(len(spam), round(len(leak.entries) * SPAM_SHARE / (1 - SPAM_SHARE)))
    drawn = rng.sample(list(spam), count)
    added = [Entry(mail.data, kind="spam", key=f"spam/{number}") for number, mail in enumerate(drawn)]
    return replace(leak, entries=(*leak.entries, *added))


def flood(archive: Archive, rng: Random, per_op: int) -> Leak:
    """As ``operations``, under a flood of mails of invented senders with one fault."""
    return flooded(operations(archive, rng, per_op), archive, rng)


SCENARIOS: dict[str, Callable[[Archive, Random, int], Leak]] = {
    "ops": operations,
    "low": low,
    "high": high,
    "conversion": conversion,
    "repeated": repeated,
    "laundering": laundering,
    "laundering_replies": laundering_replies,
    "laundering_signed": laundering_signed,
    "flood": flood,
    "neighbours": neighbours,
}
"""Scenarios of one archive; ``mixed`` needs spam too."""
