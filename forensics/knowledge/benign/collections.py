"""What was done to a whole collection of items, or to many of them alike."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="migration_batch",
        tested=("record",),
        title=says("benign.migration_batch", one="a migration"),
        wording=says(
            "benign.migration_batch.wording",
            one="Documents were moved or converted in one run, under one account, for the whole collection.",
        ),
        settle=says(
            "benign.migration_batch.settle",
            one=(
                "The administrator knows the migration; all documents of the collection show it, and their "
                "contents are unchanged."
            ),
        ),
    ),
    BenignCause(
        id="office_relabelling",
        tested=("record",),
        title=says("benign.office_relabelling", one="relabelled by an assistant or a program"),
        wording=says(
            "benign.office_relabelling.wording",
            one=(
                "An assistant or a labelling program opened and saved a set of documents, for a heading, a label "
                "or a printout."
            ),
        ),
        settle=says(
            "benign.office_relabelling.settle",
            one="The assistant remembers; the label or heading appears in every document of the set.",
        ),
    ),
    BenignCause(
        id="shared_account",
        tested=("record",),
        title=says("benign.shared_account", one="a shared account"),
        wording=says(
            "benign.shared_account.wording",
            one=(
                "Several people worked under one account, or the computer's registered name remained that of a "
                "former user."
            ),
        ),
        settle=says(
            "benign.shared_account.settle",
            one="Other documents from the same office name the same user over years.",
        ),
    ),
    BenignCause(
        id="added_later",
        tested=("record",),
        title=says("benign.added_later", one="marked later"),
        wording=says(
            "benign.added_later.wording",
            one="A filter, an archive or an export program wrote the mark long after the mail was delivered.",
        ),
        settle=says(
            "benign.added_later.settle",
            one="Other mails from the same folder and time carry the same mark.",
        ),
    ),
    BenignCause(
        id="whole_archive",
        tested=("grading",),
        title=says("benign.whole_archive", one="the archive as a whole shows it"),
        wording=says(
            "benign.whole_archive.wording",
            one=(
                "More than a fifth of all mails that could show it do: an export, a conversion or a server did "
                "it to all of them, and it says nothing about any single one."
            ),
        ),
        settle=says(
            "benign.whole_archive.settle",
            one=(
                "Whoever keeps the source can say when and with what the archive was exported; a copy of one "
                "mail from before, or a correspondent's copy, lacks it."
            ),
        ),
    ),
)
