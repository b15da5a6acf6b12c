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
        tested=("rule", "record"),
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
        id="chart_not_redrawn",
        tested=("record",),
        title=says("benign.chart_not_redrawn", one="the chart was not drawn anew"),
        wording=says(
            "benign.chart_not_redrawn.wording",
            one=(
                "A program that fills in reports writes the cells, or the chart, and leaves the other to Office, which "
                "brings both together when the document is opened and saved; so does a workbook inside a document "
                "that is changed by itself."
            ),
        ),
        settle=says(
            "benign.chart_not_redrawn.settle",
            one="Other reports of the same source show the same in all their charts.",
        ),
    ),
    BenignCause(
        id="two_scripts",
        tested=("rule", "record"),
        title=says("benign.two_scripts", one="its author writes both scripts"),
        wording=says(
            "benign.two_scripts.wording",
            one="Who types in two scripts leaves a letter of one in words of the other, and no reader sees it.",
        ),
        settle=says(
            "benign.two_scripts.settle",
            one="Other documents of the same author show the same.",
        ),
    ),
    BenignCause(
        id="field_not_computed",
        tested=("record",),
        title=says("benign.field_not_computed", one="a field that was not computed again"),
        wording=says(
            "benign.field_not_computed.wording",
            one=(
                "Fields keep what they showed when they were last computed: before a property was corrected, or in the "
                "document that this one was made from."
            ),
        ),
        settle=says(
            "benign.field_not_computed.settle",
            one="Printing a copy of the document computes its fields; earlier versions show what they were.",
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
        id="text_inserted",
        tested=("record",),
        title=says("benign.text_inserted", one="text put in by an add-in or a form"),
        wording=says(
            "benign.text_inserted.wording",
            one=(
                "A program that fills in forms, letters, references or headings put the paragraph in after Word had "
                "saved the document, as it does with all its documents."
            ),
        ),
        settle=says(
            "benign.text_inserted.settle",
            one="Other documents that went through the same program show the same at the same place.",
        ),
    ),
    BenignCause(
        id="building_block",
        tested=("record",),
        title=says("benign.building_block", one="a text block or template that both used"),
        wording=says(
            "benign.building_block.wording",
            one="The words come from a text block, a form or a template, from which both documents have them.",
        ),
        settle=says(
            "benign.building_block.settle",
            one="The text block or template still exists, and other documents of the office hold the same words.",
        ),
    ),
    BenignCause(
        id="written_together",
        tested=("record",),
        title=says("benign.written_together", one="documents written together or merged"),
        wording=says(
            "benign.written_together.wording",
            one=(
                "Several people wrote in copies of one document, which a server or a person merged, or their author "
                "took over words of their own from another document."
            ),
        ),
        settle=says(
            "benign.written_together.settle",
            one="The author, or the version history of the server, knows when and from where the words were taken.",
        ),
    ),
    BenignCause(
        id="old_version_saved",
        tested=("record",),
        title=says("benign.old_version_saved", one="an old version saved again"),
        wording=says(
            "benign.old_version_saved.wording",
            one=(
                "Somebody opened an older version after the newer one was made and saved it again, as a copy or by a "
                "program, without an editing session of its own."
            ),
        ),
        settle=says(
            "benign.old_version_saved.settle",
            one="Another copy of the older version has the earlier date; the two hold the same text.",
        ),
    ),
    BenignCause(
        id="begun_by_another",
        tested=("record",),
        title=says("benign.begun_by_another", one="a document begun by somebody else"),
        wording=says(
            "benign.begun_by_another.wording",
            one=(
                "The document was begun by somebody else, or from another office's form, and keeps the marks of that; "
                "or its last author worked on another computer."
            ),
        ),
        settle=says(
            "benign.begun_by_another.settle",
            one="The last author knows from whom the document came, and on which computers they worked.",
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
        id="saved_with_signature",
        tested=("record",),
        title=says("benign.saved_with_signature", one="changed openly after it was signed"),
        wording=says(
            "benign.saved_with_signature.wording",
            one=(
                "Somebody edited, filled in or converted the signed document in a program that leaves the signature in "
                "it, and nobody says that it still holds."
            ),
        ),
        settle=says(
            "benign.saved_with_signature.settle",
            one="The signer's copy, and whoever worked with the document after it was signed.",
        ),
    ),
    BenignCause(
        id="key_used",
        tested=("record",),
        title=says("benign.key_used", one="the key was used by another"),
        wording=says(
            "benign.key_used.wording",
            one="Whoever has the signer's key (a card, a file, a service) can have any document signed, at any time.",
        ),
        settle=says(
            "benign.key_used.settle",
            one="The signer, and whoever issued the certificate: whose it is, and whether it was revoked.",
        ),
    ),
    BenignCause(
        id="broken_signer",
        tested=("record",),
        title=says("benign.broken_signer", one="a signing program that writes wrong signatures"),
        wording=says(
            "benign.broken_signer.wording",
            one="The program or service that signed the document computes its digests or its value in a wrong way.",
        ),
        settle=says(
            "benign.broken_signer.settle",
            one="Other documents that were signed with it do not hold either.",
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
