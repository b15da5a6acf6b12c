"""Notice codes in words, and what to do about what was not read."""

from collections.abc import Mapping

from forensics.model.sentences import Saying, says

NOTICES: Mapping[str, Saying] = {
    "engine.depth": says("report.notice.engine.depth", one="nested too deep"),
    "engine.memory": says("report.notice.engine.memory", one="needed more memory than allowed"),
    "engine.mail_unread": says(
        "report.notice.engine.mail_unread", one="text that looks like mail and cannot be read as such"
    ),
    "engine.text": says("report.notice.engine.text", one="text, hashed only"),
    "engine.signature": says("report.notice.engine.signature", one="detached signatures and keys, hashed only"),
    "engine.no_parser": says("report.notice.engine.no_parser", one="of a format that this version does not read"),
    "engine.not_decoded": says("report.notice.engine.not_decoded", one="could not be decoded"),
    "engine.member_damaged": says("report.notice.engine.member_damaged", one="with damaged members"),
    "engine.expansion": says("report.notice.engine.expansion", one="from files that decode to more than allowed"),
    "engine.items": says("report.notice.engine.items", one="from files that hold more items than allowed"),
    "engine.empty": says("report.notice.engine.empty", one="empty"),
    "engine.parser_fault": says("report.notice.engine.parser_fault", one="stopped one of our parsers"),
    "engine.watchdog": says("report.notice.engine.watchdog", one="took longer than allowed"),
    "engine.worker": says("report.notice.engine.worker", one="stopped the process that read them"),
    "intake.changed": says("report.notice.intake.changed", one="changed during the scan"),
    "intake.not_selected": says("report.notice.intake.not_selected", one="not selected"),
    "intake.special": says("report.notice.intake.special", one="special files, not opened"),
    "intake.symlink": says("report.notice.intake.symlink", one="links, not followed"),
    "intake.volume": says(
        "report.notice.intake.volume", one="parts of files that were cut; the notice of each says how to join them"
    ),
    "intake.unreadable": says("report.notice.intake.unreadable", one="could not be opened"),
    "mail.children": says("report.notice.mail.children", one="mails with too many parts"),
    "mail.empty": says("report.notice.mail.empty", one="empty mails"),
    "mail.field_bytes": says("report.notice.mail.field_bytes", one="mails with an oversized header field"),
    "mail.header_fields": says("report.notice.mail.header_fields", one="mails with too many header fields"),
    "mail.memory_bytes": says("report.notice.mail.memory_bytes", one="mails larger than allowed"),
    "mail.part_depth": says("report.notice.mail.part_depth", one="mails nested too deep"),
    "mail.parts": says("report.notice.mail.parts", one="mails with too many parts"),
    "mail.part_bytes": says("report.notice.mail.part_bytes", one="mails with parts too large to be looked through"),
    "mail.text_bytes": says("report.notice.mail.text_bytes", one="mails with more text than is read"),
    "mail.reading_fault": says("report.notice.mail.reading_fault", one="mails that one of our readers failed on"),
    "mail.base64_damaged": says("report.notice.mail.base64_damaged", one="mails with damaged base64"),
    "mail.uuencode_damaged": says("report.notice.mail.uuencode_damaged", one="mails with damaged uuencode"),
    "mail.yenc_damaged": says("report.notice.mail.yenc_damaged", one="mails with damaged yEnc"),
    "mail.part_elsewhere": says(
        "report.notice.mail.part_elsewhere", one="attachments that Apple Mail kept in a file beside the mail"
    ),
    "mbox.leading": says("report.notice.mbox.leading", one="mailboxes that begin with something other than a mail"),
    "mbox.memory_limit": says("report.notice.mbox.memory_limit", one="mailbox messages larger than allowed"),
    "emlx.plist": says("report.notice.emlx.plist", one="with something other than a property list behind the mail"),
    "utf16.half": says("report.notice.utf16.half", one="that end in half a character"),
    "mapi.header_rest": says("report.notice.mapi.header_rest", one="messages with more than a header in their header"),
    "mapi.children": says("report.notice.mapi.children", one="messages with too many attachments"),
    "mapi.no_content": says("report.notice.mapi.no_content", one="attachments that were never filled"),
    "mapi.attached_elsewhere": says("report.notice.mapi.attached_elsewhere", one="attachments that are only a link"),
    "msg.other_stream": says("report.notice.msg.other_stream", one="with streams that Outlook messages do not have"),
    "msg.no_content": says("report.notice.msg.no_content", one="attachments whose content their message lacks"),
    "ole2.other_streams": says(
        "report.notice.ole2.other_streams", one="old Office documents with embedded objects, pictures or macros"
    ),
    "ole2.binary_property": says(
        "report.notice.ole2.binary_property", one="old Office documents with properties that are no text"
    ),
    "ole.unreached": says("report.notice.ole.unreached", one="with streams that nothing leads to"),
    "ds_store.record_damaged": says(
        "report.notice.ds_store.record_damaged", one="indexes of the Finder with damaged records"
    ),
    "thumbs_db.catalog_damaged": says(
        "report.notice.thumbs_db.catalog_damaged", one="thumbnails of Windows with a damaged catalog"
    ),
    "thumbs_db.thumbnails": says(
        "report.notice.thumbs_db.thumbnails", one="thumbnails of Windows, of which the pictures are not read"
    ),
    "rtf.header": says("report.notice.rtf.header", one="messages with a body that is no compressed Rich Text"),
    "rtf.objects": says("report.notice.rtf.objects", one="Rich Text with pictures or objects that are not read"),
    "rtf.limit": says("report.notice.rtf.limit", one="messages with more Rich Text than is read"),
    "rtf.surplus": says("report.notice.rtf.surplus", one="messages with bytes behind their Rich Text"),
    "tnef.checksum": says("report.notice.tnef.checksum", one="TNEF with checksums that do not match"),
    "tnef.gap": says("report.notice.tnef.gap", one="TNEF with foreign bytes inside"),
    "tnef.length": says("report.notice.tnef.length", one="TNEF with lengths that do not match"),
    "tnef.properties": says("report.notice.tnef.properties", one="TNEF with broken lists of properties"),
    "tnef.surplus": says("report.notice.tnef.surplus", one="TNEF with bytes behind a list of properties"),
    "tnef.trailing": says("report.notice.tnef.trailing", one="TNEF with foreign bytes behind it"),
    "tnef.truncated": says("report.notice.tnef.truncated", one="TNEF that breaks off"),
    "tnef.unknown": says("report.notice.tnef.unknown", one="TNEF with unknown attributes"),
    "tnef.children": says("report.notice.tnef.children", one="TNEF with too many attachments"),
    "pst.no_data": says("report.notice.pst.no_data", one="of which their store lacks bytes"),
    "pst.missing": says("report.notice.pst.missing", one="of which their store lacks values"),
    "pst.page": says("report.notice.pst.page", one="stores with damaged pages"),
    "pst.block": says("report.notice.pst.block", one="stores with blocks that cannot be had"),
    "pst.encrypted": says("report.notice.pst.encrypted", one="in stores that are encrypted, without the key"),
    "pst.attachment": says("report.notice.pst.attachment", one="attachments that their store lacks"),
    "zip.encrypted": says(
        "report.notice.zip.encrypted", one="encrypted, no password was given or they are too large to decrypt"
    ),
    "zip.other_directory": says("report.notice.zip.other_directory", one="with a further directory that lists others"),
    "zip.two_contents": says("report.notice.zip.two_contents", one="that programs unpack with different contents"),
    "zip.two_names": says("report.notice.zip.two_names", one="that programs unpack under different names"),
    "zip.unlisted": says("report.notice.zip.unlisted", one="with members that their directory does not list"),
    "zip.count": says("report.notice.zip.count", one="with a different number of members than stated"),
    "zip.misplaced": says("report.notice.zip.misplaced", one="not where their archive says"),
    "zip.no_directory": says("report.notice.zip.no_directory", one="in archives without a directory"),
    "zip.no_member": says("report.notice.zip.no_member", one="missing from their archive"),
    "zip.overlap": says("report.notice.zip.overlap", one="overlapping in their archive"),
    "zip.size": says("report.notice.zip.size", one="of a different size than their archive says"),
    "zip.split": says("report.notice.zip.split", one="in split archives"),
    "tar.size": says("report.notice.tar.size", one="of a different size than their archive says"),
    "tar.no_member": says("report.notice.tar.no_member", one="with headers that no member follows"),
    "tar.record": says("report.notice.tar.record", one="with headers that cannot be read"),
    "cab.continued": says("report.notice.cab.continued", one="that begin or go on in another cabinet"),
    "cab.no_folder": says("report.notice.cab.no_folder", one="in a folder that their cabinet lacks"),
    "cab.folder_unused": says("report.notice.cab.folder_unused", one="with contents that belong to no file"),
    "iso.system_area": says("report.notice.iso.system_area", one="with something before their first volume"),
    "iso.udf": says("report.notice.iso.udf", one="with a UDF file system, which is not read"),
    "iso.record": says("report.notice.iso.record", one="with folders that cannot be read whole"),
    "iso.interleaved": says("report.notice.iso.interleaved", one="in pieces between those of other files"),
    "iso.extents": says("report.notice.iso.extents", one="in too many pieces"),
    "iso.overlap": says("report.notice.iso.overlap", one="that share bytes with too many others"),
    "7z.count": says("report.notice.7z.count", one="7z archives that count other contents than they describe"),
    "7z.chain": says("report.notice.7z.chain", one="packed by a chain of methods that cannot be read"),
    "rar.volume": says("report.notice.rar.volume", one="in volumes of an archive that continue in others"),
    "rar.no_unrar": says("report.notice.rar.no_unrar", one="packed by RAR, and UnRAR is not installed (extra rar)"),
    "rar.comment": says("report.notice.rar.comment", one="with a comment that was not read"),
    "office.encrypted": says("report.notice.office.encrypted", one="encrypted documents, no password was given"),
    "office.wrong_password": says(
        "report.notice.office.wrong_password", one="encrypted documents that no given password opens"
    ),
    "office.encryption": says(
        "report.notice.office.encryption", one="documents encrypted by a method that this version cannot read"
    ),
    "office.hmac": says("report.notice.office.hmac", one="documents damaged, or changed after they were encrypted"),
    "office.truncated": says("report.notice.office.truncated", one="truncated encrypted documents"),
    "pdf.encrypted": says("report.notice.pdf.encrypted", one="encrypted documents"),
    "pdf.password": says("report.notice.pdf.password", one="encrypted documents, no password was given"),
    "pdf.wrong_password": says(
        "report.notice.pdf.wrong_password", one="encrypted documents that no given password opens"
    ),
    "pdf.encryption": says(
        "report.notice.pdf.encryption", one="documents encrypted by a method that this version cannot read"
    ),
    "pdf.damaged": says("report.notice.pdf.damaged", one="damaged documents"),
    "pdf.leading": says("report.notice.pdf.leading", one="documents with something before their beginning"),
    "pdf.trailing": says("report.notice.pdf.trailing", one="documents with something after their end"),
    "jpeg.trailing": says("report.notice.jpeg.trailing", one="pictures with something after their end"),
    "jpeg.malformed": says("report.notice.jpeg.malformed", one="malformed pictures"),
    "jpeg.xmp_extension": says("report.notice.jpeg.xmp_extension", one="pictures with continued XMP packets"),
    "ooxml.children_limit": says(
        "report.notice.ooxml.children_limit", one="documents with more embedded files than allowed"
    ),
    "xml.doctype": says("report.notice.xml.doctype", one="documents with an XML document type declaration"),
    "xml.limit": says("report.notice.xml.limit", one="documents with too much XML"),
    "xml.malformed": says("report.notice.xml.malformed", one="documents with malformed XML"),
    "parse.malformed": says("report.notice.parse.malformed", one="malformed"),
    "parse.truncated": says("report.notice.parse.truncated", one="truncated"),
    "parse.limit": says("report.notice.parse.limit", one="beyond one of our limits"),
    "parse.wrong_format": says("report.notice.parse.wrong_format", one="not of the format that they appeared to be"),
}
"""Why items were not read, or not wholly, by code; each follows a number: "21 nested too deep"."""
ALIKE: Mapping[str, Saying] = {
    "truncated": says("report.notice.truncated", one="truncated"),
    "damaged": says("report.notice.damaged", one="damaged"),
    "crc": says("report.notice.crc", one="damaged (checksum)"),
    "checksum": says("report.notice.checksum", one="with a checksum that does not match"),
    "hmac": says("report.notice.hmac", one="damaged, or changed after they were encrypted"),
    "size": says("report.notice.size", one="of a different size than stated"),
    "header": says("report.notice.header", one="with a header that cannot be read, or only in part"),
    "header_crc": says("report.notice.header_crc", one="with a header whose checksum does not match"),
    "gap": says("report.notice.gap", one="with bytes that belong to none of their members"),
    "slack": says("report.notice.slack", one="with bytes that belong to none of their members"),
    "shifted": says("report.notice.shifted", one="with something before their first member"),
    "trailing": says("report.notice.trailing", one="with bytes behind their end"),
    "method": says("report.notice.method", one="packed by a method that this version cannot read"),
    "symlink": says("report.notice.symlink", one="links, not followed"),
    "link": says("report.notice.link", one="links, not followed"),
    "encrypted": says("report.notice.encrypted", one="encrypted, no password was given or none opens them"),
    "wrong_password": says("report.notice.wrong_password", one="encrypted, and no given password opens them"),
    "encryption": says("report.notice.encryption", one="encrypted by a method that this version cannot read"),
    "members_limit": says("report.notice.members_limit", one="in archives with too many members"),
    "expansion_limit": says("report.notice.expansion_limit", one="unpack to more than allowed"),
    "ratio_limit": says("report.notice.ratio_limit", one="unpack to more than allowed for their size"),
    "memory_limit": says("report.notice.memory_limit", one="larger than allowed"),
    "dictionary_limit": says("report.notice.dictionary_limit", one="need more memory to unpack than allowed"),
    "cycles_limit": says("report.notice.cycles_limit", one="with a password that takes more work to test than allowed"),
    "derivations_limit": says("report.notice.derivations_limit", one="with more salts of a password than are tried"),
    "streams_limit": says("report.notice.streams_limit", one="of more streams than are decoded"),
    "facts_limit": says("report.notice.facts_limit", one="with more facts about members than are kept"),
    "part_unread": says("report.notice.part_unread", one="documents with parts that were not read"),
}
"""The same of codes that many formats have, by what stands behind the point, unless `NOTICES` has the code."""
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
        one=(
            "Rich Text, OneNote and damaged Office documents: read their properties with another program, for example "
            "exiftool."
        ),
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
    "shortcut": says(
        "report.remedy.shortcut",
        one=(
            "Windows shortcuts (.lnk): they tell path, size and three times of the file that they lead to, its volume "
            "and the computer; read them with a program for shortcuts, for example LECmd, and compare with the files."
        ),
    ),
    "thumbnails": says(
        "report.remedy.thumbnails",
        one=(
            "thumbnails of Windows (thumbcache_*.db): how pictures and documents of folders looked, deleted "
            "ones too; open them with a viewer for them and compare with the files."
        ),
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


def words_of(code: str) -> Saying | None:
    """Return the words of a notice code; ``None`` if it has none and is shown itself."""
    what = code.partition(".")[2]
    limit = NOTICES["parse.limit"] if what.endswith("limit") else None
    return NOTICES.get(code) or ALIKE.get(what) or limit
