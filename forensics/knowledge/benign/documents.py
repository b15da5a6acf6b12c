"""What programs and people do to documents, archives and collections."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="template_constant",
        tested=("rule", "record"),
        title=says("benign.template_constant", one="the template's own date"),
        wording=says(
            "benign.template_constant.wording",
            one="The creation date came with a blank document supplied by the program.",
        ),
        settle=says(
            "benign.template_constant.settle",
            one="A new document made with the same program version has the same creation date.",
        ),
    ),
    BenignCause(
        id="library_writer",
        tested=("rule", "record"),
        title=says("benign.library_writer", one="written by a library"),
        wording=says(
            "benign.library_writer.wording",
            one="A server or script made the document with a library that leaves its template's date in place.",
        ),
        settle=says(
            "benign.library_writer.settle",
            one="The package shows the library's signature, and other documents from the same system show the same.",
        ),
    ),
    BenignCause(
        id="other_writer",
        tested=("record",),
        title=says("benign.other_writer", one="saved by another program"),
        wording=says(
            "benign.other_writer.wording",
            one=(
                "A program that reads and writes Office files (a web office, a converter, an export, a document "
                "system, a translation tool) saved the file and left the name of the program that wrote it before."
            ),
        ),
        settle=says(
            "benign.other_writer.settle",
            one="Whoever works with the file knows the program; other files that went through it show the same.",
        ),
    ),
    BenignCause(
        id="embedded_copy",
        tested=("record",),
        title=says("benign.embedded_copy", one="put into another document"),
        wording=says(
            "benign.embedded_copy.wording",
            one=(
                "A document that is put into another one is written anew: with the time at which that was done, a "
                "workbook without its calculation chain and with each text in its cell."
            ),
        ),
        settle=says(
            "benign.embedded_copy.settle",
            one="The document stands inside another one, or whoever saved it from there knows of it.",
        ),
    ),
    BenignCause(
        id="not_computed",
        tested=("record",),
        title=says("benign.not_computed", one="not computed at the save"),
        wording=says(
            "benign.not_computed.wording",
            one="The program that saved the workbook was told not to compute, or computes in another way.",
        ),
        settle=says(
            "benign.not_computed.settle",
            one="Opening a copy of the workbook and computing it shows whether more than this one value changes.",
        ),
    ),
    BenignCause(
        id="opened_for_editing",
        tested=("rule", "record"),
        title=says("benign.opened_for_editing", one="opened for editing and not saved"),
        wording=says(
            "benign.opened_for_editing.wording",
            one="Somebody opened the file in a program that notes in it who has it, and closed it without a change.",
        ),
        settle=says(
            "benign.opened_for_editing.settle",
            one="A copy from before, which differs in these few bytes alone.",
        ),
    ),
    BenignCause(
        id="rights_wrapper",
        tested=("rule", "record"),
        title=says("benign.rights_wrapper", one="a document under rights protection"),
        wording=says(
            "benign.rights_wrapper.wording",
            one="The file wraps an encrypted document, and its property set is that of the wrapper.",
        ),
        settle=says(
            "benign.rights_wrapper.settle",
            one="Whoever may open the document can save it without protection.",
        ),
    ),
    BenignCause(
        id="one_block_updated",
        tested=("record",),
        title=says("benign.one_block_updated", one="a program updated only one of the two"),
        wording=says(
            "benign.one_block_updated.wording",
            one="Some programs write the file's own metadata and leave XMP as it was, or the other way round.",
        ),
        settle=says(
            "benign.one_block_updated.settle",
            one="Other files that went through the same program differ in the same two places.",
        ),
    ),
    BenignCause(
        id="archive_writer",
        tested=("record",),
        title=says("benign.archive_writer", one="a habit of the packing program"),
        wording=says(
            "benign.archive_writer.wording",
            one=(
                "The program that packed the archive writes the two headers at different times, or writes only "
                "one of them in full."
            ),
        ),
        settle=says(
            "benign.archive_writer.settle",
            one="An archive made with the same program shows the same for all members.",
        ),
    ),
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
    BenignCause(
        id="patch_tool",
        tested=("record",),
        title=says("benign.patch_tool", one="changed in transit by a gateway"),
        wording=says(
            "benign.patch_tool.wording",
            one="A gateway, a labelling program or a virus scanner rewrote the file in transit or in the mailbox.",
        ),
        settle=says(
            "benign.patch_tool.settle",
            one=(
                "Other attachments from the same mailbox and time carry the same tool's marks; the operator "
                "knows the tool."
            ),
        ),
    ),
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
        id="prerelease",
        tested=("record",),
        title=says("benign.prerelease", one="a version before its release"),
        wording=says(
            "benign.prerelease.wording",
            one=(
                "Testers, a distribution or the maker used the version before its release, or the table's date is late."
            ),
        ),
        settle=says("benign.prerelease.settle", one="The maker's list of versions and builds."),
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
