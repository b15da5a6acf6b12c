"""What programs and people do to a document."""

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
        id="excel_totals",
        tested=("rule",),
        title=says("benign.excel_totals", one="names of totals that Excel offers"),
        wording=says(
            "benign.excel_totals.wording",
            one=(
                "Excel offers totals for the cells that somebody selects, and leaves their names among the texts of "
                "the workbook though no cell shows them."
            ),
        ),
        settle=says(
            "benign.excel_totals.settle",
            one="Other workbooks that were saved by Excel hold the same names without a cell.",
        ),
    ),
    BenignCause(
        id="save_time_kept",
        tested=("rule", "record"),
        title=says("benign.save_time_kept", one="written anew without a new save time"),
        wording=says(
            "benign.save_time_kept.wording",
            one=(
                "A program that converts, exports or fills a document wrote the package and left the time of the last "
                "save as it found it."
            ),
        ),
        settle=says(
            "benign.save_time_kept.settle",
            one="Whoever made the file knows how; other files of the same system show the same.",
        ),
    ),
    BenignCause(
        id="saved_under_new_name",
        tested=("rule", "record"),
        title=says("benign.saved_under_new_name", one="saved under another name"),
        wording=says(
            "benign.saved_under_new_name.wording",
            one=(
                "A document that is saved under another name can be given a new creation time, while the time that was "
                "worked on it is kept."
            ),
        ),
        settle=says(
            "benign.saved_under_new_name.settle",
            one="The document from which it was made, with the earlier creation time.",
        ),
    ),
    BenignCause(
        id="constant_time",
        tested=("rule",),
        title=says("benign.constant_time", one="a time that a program always writes"),
        wording=says(
            "benign.constant_time.wording",
            one="Some programs put one and the same time into every file, whatever was worked on it.",
        ),
        settle=says(
            "benign.constant_time.settle",
            one="Other files that the same program saved have the same time, to the second.",
        ),
    ),
    BenignCause(
        id="embedded_copy",
        tested=("rule", "record"),
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
        id="pivot_not_refreshed",
        tested=("record",),
        title=says("benign.pivot_not_refreshed", one="the pivot table was not refreshed"),
        wording=says(
            "benign.pivot_not_refreshed.wording",
            one=(
                "Who goes on working in the source of a pivot table changes it, and the cache stays as it was until "
                "somebody refreshes the table: so it does in many workbooks."
            ),
        ),
        settle=says(
            "benign.pivot_not_refreshed.settle",
            one="Its author knows when the cells were changed; earlier versions of the workbook show them.",
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
)
