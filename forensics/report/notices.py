"""Notice codes in words, and what to do about what was not read."""

from collections.abc import Mapping

from forensics.model.sentences import Saying, says

NOTICES: Mapping[str, Saying] = {
    "engine.depth": says("report.notice.engine.depth", one="nested too deep"),
    "engine.memory": says("report.notice.engine.memory", one="needed more memory than allowed"),
    "engine.mail_unread": says(
        "report.notice.engine.mail_unread",
        one="text that looks like mail and cannot be read as such",
    ),
    "engine.text": says("report.notice.engine.text", one="text, hashed only"),
    "engine.signature": says("report.notice.engine.signature", one="detached signatures and keys, hashed only"),
    "engine.no_parser": says("report.notice.engine.no_parser", one="of a format that this version does not read"),
    "engine.not_decoded": says("report.notice.engine.not_decoded", one="could not be decoded"),
    "engine.parser_fault": says("report.notice.engine.parser_fault", one="stopped one of our parsers"),
    "engine.watchdog": says("report.notice.engine.watchdog", one="took longer than allowed"),
    "intake.changed": says("report.notice.intake.changed", one="changed during the scan"),
    "intake.not_selected": says("report.notice.intake.not_selected", one="not selected"),
    "intake.special": says("report.notice.intake.special", one="special files, not opened"),
    "intake.symlink": says("report.notice.intake.symlink", one="links, not followed"),
    "intake.unreadable": says("report.notice.intake.unreadable", one="could not be opened"),
    "mail.children": says("report.notice.mail.children", one="mails with too many parts"),
    "mail.empty": says("report.notice.mail.empty", one="empty mails"),
    "mail.field_bytes": says("report.notice.mail.field_bytes", one="mails with an oversized header field"),
    "mail.header_fields": says("report.notice.mail.header_fields", one="mails with too many header fields"),
    "mail.memory_bytes": says("report.notice.mail.memory_bytes", one="mails larger than allowed"),
    "mail.part_depth": says("report.notice.mail.part_depth", one="mails nested too deep"),
    "mail.parts": says("report.notice.mail.parts", one="mails with too many parts"),
    "mbox.memory_limit": says("report.notice.mbox.memory_limit", one="mailbox messages larger than allowed"),
    "xml.doctype": says("report.notice.xml.doctype", one="documents with an XML document type declaration"),
    "parse.malformed": says("report.notice.parse.malformed", one="malformed"),
    "parse.truncated": says("report.notice.parse.truncated", one="truncated"),
    "parse.limit": says("report.notice.parse.limit", one="beyond one of our limits"),
    "parse.wrong_format": says("report.notice.parse.wrong_format", one="not of the format that they appeared to be"),
    "xml.limit": says("report.notice.xml.limit", one="documents with too much XML"),
    "xml.malformed": says("report.notice.xml.malformed", one="documents with malformed XML"),
    "zip.crc": says("report.notice.zip.crc", one="damaged (checksum)"),
    "zip.damaged": says("report.notice.zip.damaged", one="damaged"),
    "zip.encrypted": says("report.notice.zip.encrypted", one="encrypted, no password fits"),
    "zip.expansion_limit": says("report.notice.zip.expansion_limit", one="unpack to more than allowed"),
    "zip.members_limit": says("report.notice.zip.members_limit", one="in archives with too many members"),
    "zip.memory_limit": says("report.notice.zip.memory_limit", one="larger than allowed"),
    "zip.gap": says("report.notice.zip.gap", one="with bytes that belong to none of their members"),
    "zip.slack": says("report.notice.zip.slack", one="with bytes that belong to none of their members"),
    "zip.unlisted": says("report.notice.zip.unlisted", one="with members that their directory does not list"),
    "zip.count": says("report.notice.zip.count", one="with a different number of members than stated"),
    "zip.shifted": says("report.notice.zip.shifted", one="with something before their first member"),
    "mbox.leading": says("report.notice.mbox.leading", one="mailboxes that begin with something other than a mail"),
    "pdf.encrypted": says("report.notice.pdf.encrypted", one="encrypted documents"),
    "pdf.damaged": says("report.notice.pdf.damaged", one="damaged documents"),
    "zip.method": says("report.notice.zip.method", one="packed by a method that this version cannot read"),
    "zip.misplaced": says("report.notice.zip.misplaced", one="not where their archive says"),
    "zip.no_directory": says("report.notice.zip.no_directory", one="in archives without a directory"),
    "zip.no_member": says("report.notice.zip.no_member", one="missing from their archive"),
    "zip.overlap": says("report.notice.zip.overlap", one="overlapping in their archive"),
    "zip.ratio_limit": says("report.notice.zip.ratio_limit", one="unpack to more than allowed for their size"),
    "zip.size": says("report.notice.zip.size", one="of a different size than their archive says"),
    "zip.split": says("report.notice.zip.split", one="in split archives"),
    "zip.symlink": says("report.notice.zip.symlink", one="links, not followed"),
    "zip.truncated": says("report.notice.zip.truncated", one="truncated"),
}
"""Why items were not read, or not wholly, by code; each follows a number: "21 encrypted, no password fits"."""
REMEDIES: Mapping[str, Saying] = {
    "tnef": says(
        "report.remedy.tnef",
        one="TNEF containers (winmail.dat): unpack them, for example with ytnef, and scan the result.",
    ),
    "packed": says(
        "report.remedy.packed",
        one=(
            "archives or compressed files of other formats (7z, rar, tar...): unpack them with a program that keeps "
            "file times, for example `7z x -oOUT FILE`, and scan OUT."
        ),
    ),
    "office": says(
        "report.remedy.office",
        one="documents of old Office formats: read their properties with another program, for example exiftool.",
    ),
    "encrypted": says("report.remedy.encrypted", one="encrypted contents: decrypt them and scan the result."),
    "picture": says(
        "report.remedy.picture",
        one=(
            "pictures, recordings or drawings of other formats: read their metadata with another program, for example "
            "exiftool."
        ),
    ),
    "calendar": says(
        "report.remedy.calendar",
        one="calendar entries or address cards: read their dates in a text editor.",
    ),
    "database": says("report.remedy.database", one="databases: open them in a database program."),
    "program": says(
        "report.remedy.program",
        one="programs: have them examined for what they do; nothing here runs them.",
    ),
    "other": says(
        "report.remedy.other",
        one=(
            "contents of unknown or rare formats: identify them, for example with siegfried, and convert what holds "
            "mail or documents."
        ),
    ),
}
"""What to do about a format that is not read, by the word of `forensics.knowledge.unread`."""
