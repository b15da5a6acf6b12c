"""What happens to texts and attachments."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="signed_intact",
        tested=("explainer",),
        title=says("benign.signed_intact", one="it was signed like that"),
        wording=says(
            "benign.signed_intact.wording",
            one="What looks wrong was written by the sender or their program: a signature that holds covers it.",
        ),
        settle=says(
            "benign.signed_intact.settle",
            one="Another source of the signer's key, and a second copy of the mail.",
        ),
    ),
    BenignCause(
        id="resaved",
        tested=("rule", "record"),
        title=says("benign.resaved", one="saved again by a converter"),
        wording=says(
            "benign.resaved.wording",
            one="An import or export changed line endings, character set or parts of one copy.",
        ),
        settle=says(
            "benign.resaved.settle",
            one="The texts are equal once both are decoded; many mails of the same export differ in the same way.",
        ),
    ),
    BenignCause(
        id="cut_copy",
        tested=("rule", "record"),
        title=says("benign.cut_copy", one="the copy is truncated"),
        wording=says(
            "benign.cut_copy.wording",
            one="The archive, or a limit of a server or program, kept only the beginning of the mail.",
        ),
        settle=says(
            "benign.cut_copy.settle",
            one="Another copy of the mail is longer; other mails of the archive end abruptly too.",
        ),
    ),
    BenignCause(
        id="two_versions",
        tested=("rule", "record"),
        title=says("benign.two_versions", one="two versions"),
        wording=says(
            "benign.two_versions.wording",
            one=(
                "A newsletter's text and HTML were written separately, or the sender's program keeps a text of its own."
            ),
        ),
        settle=says(
            "benign.two_versions.settle",
            one="Other mails from the same sender differ in the same way.",
        ),
    ),
    BenignCause(
        id="counted_otherwise",
        tested=("record",),
        title=says("benign.counted_otherwise", one="counted otherwise"),
        wording=says(
            "benign.counted_otherwise.wording",
            one=(
                "The writer counted otherwise: without covers or annexes, hidden slides or blank pages, by another "
                "printer's pages, by the size before or after it was compressed; or meant a part of the file, or "
                "another."
            ),
        ),
        settle=says(
            "benign.counted_otherwise.settle",
            one=(
                "The sender's own copy of the file, opened with the program that made it, has the count that the mail "
                "gives."
            ),
        ),
    ),
    BenignCause(
        id="file_version",
        tested=("record",),
        title=says("benign.file_version", one="another version of the file"),
        wording=says(
            "benign.file_version.wording",
            one="The sender attached an older or newer version, or one made for this reader, under the usual name.",
        ),
        settle=says(
            "benign.file_version.settle",
            one="The sender still has that version, or another recipient of the mail received it too.",
        ),
    ),
    BenignCause(
        id="form_letter",
        tested=("rule", "record"),
        title=says("benign.form_letter", one="one letter to several readers"),
        wording=says(
            "benign.form_letter.wording",
            one="A person or a program sent each reader the same text, with the reader's own name or number in it.",
        ),
        settle=says(
            "benign.form_letter.settle",
            one="Other readers have versions of their own; the words that differ concern the reader.",
        ),
    ),
    BenignCause(
        id="several_notices",
        tested=("rule", "record"),
        title=says("benign.several_notices", one="several notices at once"),
        wording=says(
            "benign.several_notices.wording",
            one="In one second a program sent notices on several things, with the same text around their names.",
        ),
        settle=says(
            "benign.several_notices.settle",
            one="The program's other mails come several at a time too.",
        ),
    ),
    BenignCause(
        id="converted_text",
        tested=("rule", "record"),
        title=says("benign.converted_text", one="a conversion"),
        wording=says(
            "benign.converted_text.wording",
            one=(
                "A program or gateway made one part from the other and replaced symbols, link names or "
                "characters that it lacked."
            ),
        ),
        settle=says(
            "benign.converted_text.settle",
            one="The same conversion of another mail shows the same replacement.",
        ),
    ),
    BenignCause(
        id="preview_text",
        tested=("record",),
        title=says("benign.preview_text", one="preview text"),
        wording=says(
            "benign.preview_text.wording",
            one="Newsletters hide a line for the list of mails, and templates hide parts for small screens.",
        ),
        settle=says("benign.preview_text.settle", one="Other mails from the sender hide the same."),
    ),
    BenignCause(
        id="typing",
        tested=("record",),
        title=says("benign.typing", one="typing and copying"),
        wording=says(
            "benign.typing.wording",
            one="The text was copied from a page or typed on another keyboard.",
        ),
        settle=says("benign.typing.settle", one="Other texts by the sender show the same."),
    ),
    BenignCause(
        id="quoter_edited",
        tested=("rule", "record"),
        title=says("benign.quoter_edited", one="the quoter edited the quote"),
        wording=says(
            "benign.quoter_edited.wording",
            one="Whoever answered corrected, shortened or completed the words that they quoted, or put a remark there.",
        ),
        settle=says(
            "benign.quoter_edited.settle",
            one="Somebody else's quote of the same line; the recipients' own copies of both mails.",
        ),
    ),
    BenignCause(
        id="client_rewrote",
        tested=("record",),
        title=says("benign.client_rewrote", one="the program rewrote the quote"),
        wording=says(
            "benign.client_rewrote.wording",
            one="A mail program or gateway renumbered a list, replaced a link or an address, or lost characters.",
        ),
        settle=says(
            "benign.client_rewrote.settle",
            one="Other quotes by the same sender differ from their originals in the same way.",
        ),
    ),
    BenignCause(
        id="other_version",
        tested=("record",),
        title=says("benign.other_version", one="another version was quoted"),
        wording=says(
            "benign.other_version.wording",
            one="The author sent the mail, or one very like it, more than once, and the reply quotes another version.",
        ),
        settle=says(
            "benign.other_version.settle",
            one="The other version in the author's outbox, or at the person who quoted it.",
        ),
    ),
    BenignCause(
        id="line_ends",
        tested=("rule", "record"),
        title=says("benign.line_ends", one="different line endings"),
        wording=says(
            "benign.line_ends.wording",
            one="A program in transit changed the line endings of the text.",
        ),
        settle=says(
            "benign.line_ends.settle",
            one="With the line endings converted back, the size is the stated one.",
        ),
    ),
    BenignCause(
        id="stripped_attachment",
        tested=("rule", "explainer", "record"),
        title=says("benign.stripped_attachment", one="an attachment was removed"),
        wording=says(
            "benign.stripped_attachment.wording",
            one="A filter or the reader's program removed the file and left a notice in its place.",
        ),
        settle=says(
            "benign.stripped_attachment.settle",
            one="The notice says so; other mails of that time have one too.",
        ),
    ),
    BenignCause(
        id="file_forgotten",
        tested=("explainer", "record"),
        title=says("benign.file_forgotten", one="the sender forgot the file, or sent it with another mail"),
        wording=says(
            "benign.file_forgotten.wording",
            one=(
                "People write that a file is attached and forget to attach it, attach another one, or rename it before."
            ),
        ),
        settle=says(
            "benign.file_forgotten.settle",
            one="A further mail of the same sender carries the file, or an answer asks for it.",
        ),
    ),
    BenignCause(
        id="file_in_text",
        tested=("record",),
        title=says("benign.file_in_text", one="the text speaks of something else"),
        wording=says(
            "benign.file_in_text.wording",
            one=(
                "What is said to come with the mail stands in the text itself, behind a link, in a mail that is quoted "
                "without a mark, or in a letter on paper."
            ),
        ),
        settle=says("benign.file_in_text.settle", one="Reading the whole text of the mail settles it."),
    ),
    BenignCause(
        id="gateway_rename",
        tested=("rule", "record"),
        title=says("benign.gateway_rename", one="a gateway renamed it"),
        wording=says(
            "benign.gateway_rename.wording",
            one="A mail gateway or a careful sender renamed the file so that it would not be opened or blocked.",
        ),
        settle=says("benign.gateway_rename.settle", one="The gateway's log, or the mail's own text, says so."),
    ),
    BenignCause(
        id="misnamed",
        tested=("record",),
        title=says("benign.misnamed", one="a misnamed file"),
        wording=says(
            "benign.misnamed.wording",
            one="A person or a program saved the file under a wrong extension.",
        ),
        settle=says(
            "benign.misnamed.settle",
            one="Other files of the same origin are named in the same way; nothing in the content is concealed.",
        ),
    ),
)
