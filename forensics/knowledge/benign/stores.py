"""What mailboxes, their owners and converters do to the mails in them."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="store_upkeep",
        tested=("record",),
        title=says("benign.store_upkeep", one="what mailboxes do to mails every day"),
        wording=says(
            "benign.store_upkeep.wording",
            one=(
                "Flags, categories, answers, moves, rules, archiving, virus scanners and synchronization save a mail "
                "again, under the name of whoever or whatever did it, without a change of its text."
            ),
        ),
        settle=says(
            "benign.store_upkeep.settle",
            one="The mailbox's audit log, and a copy from a backup or another recipient: the texts are the same.",
        ),
    ),
    BenignCause(
        id="store_by_library",
        tested=("rule", "record"),
        title=says("benign.store_by_library", one="a store written by a converter"),
        wording=says(
            "benign.store_by_library.wording",
            one=(
                "A program that converts or exports mail wrote the message; it fills in properties in its own way, "
                "with its own times."
            ),
        ),
        settle=says(
            "benign.store_by_library.settle",
            one="Whoever exported the mailbox knows the program; all messages of the store show the same.",
        ),
    ),
    BenignCause(
        id="subject_edited",
        tested=("record",),
        title=says("benign.subject_edited", one="the recipient renamed the mail"),
        wording=says(
            "benign.subject_edited.wording",
            one="Outlook lets whoever got a mail write another subject over it, to find it again.",
        ),
        settle=says(
            "benign.subject_edited.settle",
            one="The owner of the mailbox knows of it; a copy of another recipient has the subject of the header.",
        ),
    ),
)
