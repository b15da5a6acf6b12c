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
    "tnef.checksum": says("report.notice.tnef.checksum", one="in TNEF with another checksum than stated"),
    "tnef.gap": says("report.notice.tnef.gap", one="TNEF with foreign bytes inside"),
    "tnef.length": says("report.notice.tnef.length", one="in TNEF with other lengths than stated"),
    "tnef.properties": says("report.notice.tnef.properties", one="TNEF with broken lists of properties"),
    "tnef.trailing": says("report.notice.tnef.trailing", one="TNEF with foreign bytes behind it"),
    "tnef.truncated": says("report.notice.tnef.truncated", one="cut off in TNEF"),
    "tnef.unknown": says("report.notice.tnef.unknown", one="TNEF with unknown attributes"),
    "zip.crc": says("report.notice.zip.crc", one="damaged (checksum)"),
    "zip.damaged": says("report.notice.zip.damaged", one="damaged"),
    "zip.encrypted": says("report.notice.zip.encrypted", one="encrypted, no password fits"),
    "zip.wrong_password": says("report.notice.zip.wrong_password", one="encrypted, and no given password opens them"),
    "zip.encryption": says("report.notice.zip.encryption", one="encrypted by a method that this version cannot read"),
    "zip.hmac": says("report.notice.zip.hmac", one="damaged, or changed after they were encrypted"),
    "zip.other_directory": says("report.notice.zip.other_directory", one="with a further directory that lists others"),
    "zip.two_contents": says("report.notice.zip.two_contents", one="that programs unpack with different contents"),
    "zip.two_names": says("report.notice.zip.two_names", one="that programs unpack under different names"),
    "office.encrypted": says("report.notice.office.encrypted", one="encrypted documents, no password was given"),
    "office.wrong_password": says(
        "report.notice.office.wrong_password", one="encrypted documents that no given password opens"
    ),
    "office.encryption": says(
        "report.notice.office.encryption", one="documents encrypted by a method that this version cannot read"
    ),
    "office.hmac": says("report.notice.office.hmac", one="documents damaged, or changed after they were encrypted"),
    "office.truncated": says("report.notice.office.truncated", one="truncated encrypted documents"),
    "pdf.password": says("report.notice.pdf.password", one="encrypted documents, no password was given"),
    "pdf.wrong_password": says(
        "report.notice.pdf.wrong_password", one="encrypted documents that no given password opens"
    ),
    "zip.expansion_limit": says("report.notice.zip.expansion_limit", one="unpack to more than allowed"),
    "zip.members_limit": says("report.notice.zip.members_limit", one="in archives with too many members"),
    "zip.memory_limit": says("report.notice.zip.memory_limit", one="larger than allowed"),
    "zip.gap": says("report.notice.zip.gap", one="with bytes that belong to none of their members"),
    "zip.slack": says("report.notice.zip.slack", one="with bytes that belong to none of their members"),
    "zip.unlisted": says("report.notice.zip.unlisted", one="with members that their directory does not list"),
    "zip.count": says("report.notice.zip.count", one="with a different number of members than stated"),
    "zip.shifted": says("report.notice.zip.shifted", one="with something before their first member"),
    "msg.other_stream": says("report.notice.msg.other_stream", one="with streams that Outlook messages do not have"),
    "msg.truncated": says("report.notice.msg.truncated", one="truncated in their Outlook message"),
    "mapi.header_rest": says("report.notice.mapi.header_rest", one="with more than a header in their header"),
    "ole.unreached": says("report.notice.ole.unreached", one="with streams that nothing leads to"),
    "mbox.leading": says("report.notice.mbox.leading", one="mailboxes that begin with something other than a mail"),
    "pdf.encryption": says("report.notice.pdf.encryption", one="documents encrypted by a method that is not read"),
    "pdf.leading": says("report.notice.pdf.leading", one="documents with something before their beginning"),
    "pdf.trailing": says("report.notice.pdf.trailing", one="documents with something after their end"),
    "jpeg.trailing": says("report.notice.jpeg.trailing", one="pictures with something after their end"),
    "jpeg.malformed": says("report.notice.jpeg.malformed", one="malformed pictures"),
    "jpeg.xmp_extension": says("report.notice.jpeg.xmp_extension", one="pictures with continued XMP packets"),
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
    "tar.truncated": says("report.notice.tar.truncated", one="truncated"),
    "tar.size": says("report.notice.tar.size", one="of a different size than their archive says"),
    "tar.gap": says("report.notice.tar.gap", one="with bytes that belong to none of their members"),
    "tar.slack": says("report.notice.tar.slack", one="with bytes that belong to none of their members"),
    "tar.no_member": says("report.notice.tar.no_member", one="with headers that no member follows"),
    "tar.members_limit": says("report.notice.tar.members_limit", one="in archives with too many members"),
    "tar.expansion_limit": says("report.notice.tar.expansion_limit", one="unpack to more than allowed"),
    "tar.ratio_limit": says("report.notice.tar.ratio_limit", one="unpack to more than allowed for their size"),
    "gzip.crc": says("report.notice.gzip.crc", one="damaged (checksum)"),
    "gzip.damaged": says("report.notice.gzip.damaged", one="damaged"),
    "gzip.expansion_limit": says("report.notice.gzip.expansion_limit", one="unpack to more than allowed"),
    "gzip.ratio_limit": says("report.notice.gzip.ratio_limit", one="unpack to more than allowed for their size"),
    "gzip.trailing": says("report.notice.gzip.trailing", one="with bytes behind their end"),
    "bzip2.damaged": says("report.notice.bzip2.damaged", one="damaged"),
    "bzip2.expansion_limit": says("report.notice.bzip2.expansion_limit", one="unpack to more than allowed"),
    "bzip2.ratio_limit": says("report.notice.bzip2.ratio_limit", one="unpack to more than allowed for their size"),
    "bzip2.trailing": says("report.notice.bzip2.trailing", one="with bytes behind their end"),
    "xz.damaged": says("report.notice.xz.damaged", one="damaged"),
    "xz.expansion_limit": says("report.notice.xz.expansion_limit", one="unpack to more than allowed"),
    "xz.ratio_limit": says("report.notice.xz.ratio_limit", one="unpack to more than allowed for their size"),
    "xz.trailing": says("report.notice.xz.trailing", one="with bytes behind their end"),
    "lzma.damaged": says("report.notice.lzma.damaged", one="damaged"),
    "lzma.expansion_limit": says("report.notice.lzma.expansion_limit", one="unpack to more than allowed"),
    "lzma.ratio_limit": says("report.notice.lzma.ratio_limit", one="unpack to more than allowed for their size"),
    "lzma.trailing": says("report.notice.lzma.trailing", one="with bytes behind their end"),
    "zstd.damaged": says("report.notice.zstd.damaged", one="damaged"),
    "zstd.expansion_limit": says("report.notice.zstd.expansion_limit", one="unpack to more than allowed"),
    "zstd.ratio_limit": says("report.notice.zstd.ratio_limit", one="unpack to more than allowed for their size"),
    "zstd.trailing": says("report.notice.zstd.trailing", one="with bytes behind their end"),
    "lz4.damaged": says("report.notice.lz4.damaged", one="damaged"),
    "lz4.expansion_limit": says("report.notice.lz4.expansion_limit", one="unpack to more than allowed"),
    "lz4.ratio_limit": says("report.notice.lz4.ratio_limit", one="unpack to more than allowed for their size"),
    "lz4.trailing": says("report.notice.lz4.trailing", one="with bytes behind their end"),
    "zlib.damaged": says("report.notice.zlib.damaged", one="damaged"),
    "zlib.expansion_limit": says("report.notice.zlib.expansion_limit", one="unpack to more than allowed"),
    "zlib.ratio_limit": says("report.notice.zlib.ratio_limit", one="unpack to more than allowed for their size"),
    "zlib.trailing": says("report.notice.zlib.trailing", one="with bytes behind their end"),
    "zip.truncated": says("report.notice.zip.truncated", one="truncated"),
}
"""Why items were not read, or not wholly, by code; each follows a number: "21 encrypted, no password fits"."""
REMEDIES: Mapping[str, Saying] = {
    "installshield": says(
        "report.remedy.installshield",
        one=(
            "Cabinets of InstallShield (data1.cab): unpack them into an empty folder, for example with "
            "`unshield -d OUT x FILE`, and scan OUT."
        ),
    ),
    "arj": says(
        "report.remedy.arj",
        one=("arj archives (.arj): unpack them, for example with `7z x -oOUT FILE`, and scan OUT."),
    ),
    "lha": says(
        "report.remedy.lha",
        one=("LHA archives (.lha, .lzh): unpack them, for example with `7z x -oOUT FILE`, and scan OUT."),
    ),
    "cpio": says(
        "report.remedy.cpio",
        one=(
            "cpio archives (.cpio): unpack them into an empty folder, for example with "
            "`cpio -idm --no-absolute-filenames`, and scan it."
        ),
    ),
    "ar": says(
        "report.remedy.ar",
        one=("ar archives (.ar, .a, .deb): unpack them, for example with `ar xo FILE`, and scan the result."),
    ),
    "compress": says(
        "report.remedy.compress",
        one=("files of compress (.Z): unpack them, for example with `gzip -dk FILE`, and scan the result."),
    ),
    "pack": says(
        "report.remedy.pack",
        one=("files of pack (.z): unpack them, for example with `gzip -dk FILE`, and scan the result."),
    ),
    "pack200": says(
        "report.remedy.pack200",
        one=("Java archives of pack200 (.pack): unpack them with `unpack200` of a Java up to 13, and scan the result."),
    ),
    "snappy": says(
        "report.remedy.snappy",
        one=("Snappy streams (.sz): unpack them, for example with `snzip -dk FILE`, and scan the result."),
    ),
    "brotli": says(
        "report.remedy.brotli",
        one=("Brotli streams (.br): unpack them, for example with `brotli -dk FILE`, and scan the result."),
    ),
    "dump": says(
        "report.remedy.dump",
        one=(
            "dumps of file systems: unpack them into an empty folder, for example with `restore -rf FILE`, and scan it."
        ),
    ),
    "warc": says(
        "report.remedy.warc",
        one=("web archives (.warc): unpack them with a program for WARC, and scan the result."),
    ),
    "disk_image": says(
        "report.remedy.disk_image",
        one=(
            "images of disks (raw, E01, VHD, VHDX, VMDK, QCOW2, DMG): they are not opened. Mount the image read-only "
            "or open it in a forensic suite, export the files with their times, and scan these."
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
    "mail_index": says(
        "report.remedy.mail_index",
        one=(
            "indexes of Thunderbird (.msf): they keep what its user did with each mail (read, answered, labels); the "
            "mails stand in the mailbox of the same name."
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
