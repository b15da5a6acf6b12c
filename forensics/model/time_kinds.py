"""What holds a time: the controlled list that code asks, where a locator's path is for people and for ids."""

from enum import StrEnum


class TimeKind(StrEnum):
    """Field, id, block or record that a time was read from; ``index`` of the time counts those of one kind."""

    # fields of a mail's header that are dates
    DATE = "date"
    RESENT_DATE = "resent_date"
    ORIGINAL_DATE = "original_date"
    DELIVERY_DATE = "delivery_date"
    DELIVERED_DATE = "delivered_date"
    POSTED_DATE = "posted_date"
    RECEIVED_DATE = "received_date"
    INJECTION_DATE = "injection_date"
    NNTP_POSTING_DATE = "nntp_posting_date"
    LIST_RECEIVED_DATE = "list_received_date"
    DEFERRED_DELIVERY = "deferred_delivery"
    EXPIRES = "expires"
    EXPIRY_DATE = "expiry_date"
    REPLY_BY = "reply_by"
    # a mail's trace
    HOP = "hop"
    """Stamp of a trace field."""
    HOP_ID = "hop_id"
    """Its queue id."""
    INNER_HOP = "inner_hop"
    """X-Received."""
    ARRIVAL = "arrival"
    """X-OriginalArrivalTime, as printed."""
    ARRIVAL_FILETIME = "arrival_filetime"
    TENANT_ARRIVAL = "tenant_arrival"
    """X-MS-Exchange-CrossTenant-OriginalArrivalTime, as printed."""
    TENANT_ARRIVAL_FILETIME = "tenant_arrival_filetime"
    # ids of a mail and of its parts
    MESSAGE_ID = "message_id"
    NETWORK_ID = "network_id"
    """X-MS-Exchange-Organization-Network-Message-Id."""
    TENANT_NETWORK_ID = "tenant_network_id"
    """X-MS-Exchange-CrossTenant-Network-Message-Id."""
    CORRELATION_ID = "correlation_id"
    """X-MS-Office365-Filtering-Correlation-Id."""
    GMAIL_MESSAGE = "gmail_message"
    """X-GM-MSGID, Gmail's number of the mail."""
    GMAIL_THREAD = "gmail_thread"
    UID_VALIDITY = "uid_validity"
    THREAD_BEGUN = "thread_begun"
    """First block of Thread-Index."""
    THREAD_REPLY = "thread_reply"
    """Its last block, that of the mail itself."""
    BOUNDARY = "boundary"
    CONTENT_ID = "content_id"
    ATTACHMENT_ID = "attachment_id"
    # signatures
    SIGNED = "signed"
    """``t=`` of a DKIM-Signature."""
    SIGNED_UNTIL = "signed_until"
    """Its ``x=``."""
    ARC_SIGNED = "arc_signed"
    """``t=`` of an ARC-Message-Signature."""
    ARC_SIGNED_UNTIL = "arc_signed_until"
    SEALED = "sealed"
    """``t=`` of an ARC-Seal."""
    SEALED_UNTIL = "sealed_until"
    # files in a mail (Content-Disposition)
    FILE_CREATED = "file_created"
    FILE_MODIFIED = "file_modified"
    FILE_READ = "file_read"
    # what the program that keeps a mail did to it
    PART_ALTERED = "part_altered"
    """X-Mozilla-Altered: a file was taken out of the mail."""
    # what a mail's text says of another
    QUOTED = "quoted"
    """When a mail that it quotes was sent: no time of the mail itself, so it stands in ``quoted_mails`` alone."""
    # properties of a message in a store
    SUBMITTED = "submitted"
    """PidTagClientSubmitTime: what Date is to mail as it is sent."""
    STORED = "stored"
    """PidTagMessageDeliveryTime."""
    MAPI_CREATED = "mapi_created"
    """PidTagCreationTime of the message: this copy of it."""
    MAPI_MODIFIED = "mapi_modified"
    """PidTagLastModificationTime of the message."""
    MAPI_ATTACHMENT_CREATED = "mapi_attachment_created"
    """The same of an attachment: of the file, or of the attachment itself."""
    MAPI_ATTACHMENT_MODIFIED = "mapi_attachment_modified"
    PROVIDER_SUBMITTED = "provider_submitted"
    ORIGINAL_SUBMITTED = "original_submitted"
    ORIGINAL_STORED = "original_stored"
    MAPI_RECEIPT = "mapi_receipt"
    MAPI_REPORT = "mapi_report"
    LAST_VERB = "last_verb"
    """When it was last answered or forwarded."""
    FLAG_COMPLETED = "flag_completed"
    MAPI_REPLY_BY = "mapi_reply_by"
    MAPI_EXPIRY = "mapi_expiry"
    MAPI_DEFERRED = "mapi_deferred"
    MAPI_START = "mapi_start"
    """Of an appointment or a task: what was planned, no clock's reading."""
    MAPI_END = "mapi_end"
    CONVERSATION_BEGUN = "conversation_begun"
    """First block of PidTagConversationIndex beside a header: the sender's program made it, or the store."""
    CONVERSATION_REPLY = "conversation_reply"
    MAPI_NAMED = "mapi_named"
    """A named property."""
    MAPI_OTHER = "mapi_other"
    """Any other property that is a time."""
    # storages of a compound file (OLE2)
    OLE_CREATED = "ole_created"
    OLE_MODIFIED = "ole_modified"
    # TNEF: attributes older than properties, readings of a wall clock without zone
    TNEF_SENT = "tnef_sent"
    """attDateSent."""
    TNEF_RECEIVED = "tnef_received"
    TNEF_MODIFIED = "tnef_modified"
    TNEF_START = "tnef_start"
    """Of an appointment: what was planned."""
    TNEF_END = "tnef_end"
    TNEF_ATTACHMENT_CREATED = "tnef_attachment_created"
    TNEF_ATTACHMENT_MODIFIED = "tnef_attachment_modified"
    # mailboxes
    SEPARATOR = "separator"
    """From_ line of an mbox file, before the mail."""
    SEPARATOR_NUMBER = "separator_number"
    """Number by which Gmail's export calls the mail there."""
    FROM_LINE = "from_line"
    """From_ line that stands in the mail itself, on top of its header."""
    FROM_LINE_NUMBER = "from_line_number"
    MAILDIR_NAME = "maildir_name"
    EMLX_RECEIVED = "emlx_received"
    EMLX_VIEWED = "emlx_viewed"
    EMLX_SENT = "emlx_sent"
    # stores: what the table of a folder says of a message, and what folders say of themselves
    PST_LISTED_SUBMITTED = "pst_listed_submitted"
    PST_LISTED_DELIVERED = "pst_listed_delivered"
    PST_LISTED_CREATED = "pst_listed_created"
    PST_LISTED_MODIFIED = "pst_listed_modified"
    PST_FOLDER_CREATED = "pst_folder_created"
    PST_FOLDER_MODIFIED = "pst_folder_modified"
    PST_STORE_CREATED = "pst_store_created"
    PST_STORE_MODIFIED = "pst_store_modified"
    # reports on a mail
    REPORT_ARRIVAL = "report_arrival"
    """Arrival-Date: when the server that reports had taken the mail in."""
    REPORT_ATTEMPT = "report_attempt"
    """Last-Attempt-Date, of one recipient."""
    REPORT_RETRY = "report_retry"
    """Will-Retry-Until, of one recipient."""
    # items of Outlook for Mac that are no messages
    OLM_ITEM = "olm_item"
    # documents
    CORE_CREATED = "core_created"
    """OOXML, ``docProps/core.xml``."""
    CORE_MODIFIED = "core_modified"
    CORE_PRINTED = "core_printed"
    TRACKED_CHANGE = "tracked_change"
    """OOXML, of a tracked change or a comment: the wall time of who made it."""
    TRACKED_CHANGE_UTC = "tracked_change_utc"
    SESSION_CHANGE = "session_change"
    """OOXML, PowerPoint: the first or the last of the changes that it keeps of its sessions, in UTC."""
    COMMENT_UTC = "comment_utc"
    """OOXML, of a comment with answers, or of one of Word's that has its time in UTC."""
    COMMENT_LOCAL = "comment_local"
    """OOXML, of a comment on a slide: the wall time of who made it."""
    LABEL_SET = "label_set"
    """OOXML, when a sensitivity label was set."""
    PIVOT_REFRESHED = "pivot_refreshed"
    """OOXML, when the cache of a pivot table was last filled."""
    # Fields of Word documents: what they were last computed to.
    FIELD_SAVED = "field_saved"
    """The day that a field shows as the last save's."""
    FIELD_CREATED = "field_created"
    FIELD_PRINTED = "field_printed"
    FIELD_DATE = "field_date"
    """The day on which a field was computed."""
    META_CREATED = "meta_created"
    """OpenDocument, ``meta.xml``."""
    META_MODIFIED = "meta_modified"
    META_PRINTED = "meta_printed"
    ODF_PACKED = "odf_packed"
    """When the package was written, as the member with its properties is dated: LibreOffice dates members in UTC."""
    TEMPLATE = "template"
    CUSTOM_PROPERTY = "custom_property"
    # Office documents in compound files: property sets, and Word's own block of times (DOP)
    SUMMARY_CREATED = "summary_created"
    SUMMARY_SAVED = "summary_saved"
    SUMMARY_PRINTED = "summary_printed"
    PROPERTY_GUID = "property_guid"
    """Identifier that Office 97 gave a document."""
    DOP_CREATED = "dop_created"
    """In local time, to the minute."""
    DOP_REVISED = "dop_revised"
    DOP_PRINTED = "dop_printed"
    # storages of a VBA project inside a package
    VBA_CREATED = "vba_created"
    VBA_MODIFIED = "vba_modified"
    # digital signatures inside documents
    DOCUMENT_SIGNED = "document_signed"
    """By the clock of the signer's computer."""
    XADES_SIGNED = "xades_signed"
    """The same, as signed properties have it."""
    SIGNATURE_STAMPED = "signature_stamped"
    """By the clock of a time-stamp server, as its token says."""
    # Rich Text: in local time, to the minute
    RTF_CREATED = "rtf_created"
    RTF_REVISED = "rtf_revised"
    RTF_PRINTED = "rtf_printed"
    RTF_BACKED_UP = "rtf_backed_up"
    # folder indexes of the Finder
    FINDER_MODIFIED = "finder_modified"
    """Of a folder in the folder, when the Finder last looked."""
    # thumbnails of a folder by Windows
    THUMBNAIL_SOURCE = "thumbnail_source"
    """Last change of the file of which a thumbnail was made."""
    # lock files beside documents
    LOCK_OPENED = "lock_opened"
    """LibreOffice: since when the document was open, local to the minute."""
    # side files of macOS: of the file beside which they stand
    MAC_QUARANTINED = "mac_quarantined"
    """A program took it from elsewhere, or a program in a sandbox wrote it."""
    MAC_DOWNLOADED = "mac_downloaded"
    MAC_LAST_USED = "mac_last_used"
    MAC_MAIL_RECEIVED = "mac_mail_received"
    """Of the mail from which Apple Mail saved it."""
    MAC_MAIL_SENT = "mac_mail_sent"
    # PDF documents
    INFO_CREATED = "info_created"
    """PDF, information dictionary."""
    INFO_MODIFIED = "info_modified"
    INFO_SOURCE_MODIFIED = "info_source_modified"
    # XMP, in documents and images
    XMP_CREATED = "xmp_created"
    XMP_MODIFIED = "xmp_modified"
    XMP_METADATA = "xmp_metadata"
    XMP_PHOTOSHOP_CREATED = "xmp_photoshop_created"
    XMP_EXIF_ORIGINAL = "xmp_exif_original"
    XMP_EXIF_DIGITIZED = "xmp_exif_digitized"
    XMP_TIFF_CHANGED = "xmp_tiff_changed"
    XMP_INNER = "xmp_inner"
    """Below another property: an event of the edit history, a source that was placed."""
    # images
    EXIF_ORIGINAL = "exif_original"
    EXIF_DIGITIZED = "exif_digitized"
    EXIF_CHANGED = "exif_changed"
    EXIF_THUMBNAIL = "exif_thumbnail"
    EXIF_POSITION = "exif_position"
    # members of a zip archive, by header and by the field that holds the time
    CENTRAL_DOS = "central_dos"
    CENTRAL_UNIVERSAL = "central_universal"
    CENTRAL_NTFS = "central_ntfs"
    CENTRAL_INFOZIP = "central_infozip"
    CENTRAL_UNIX = "central_unix"
    LOCAL_DOS = "local_dos"
    LOCAL_UNIVERSAL = "local_universal"
    LOCAL_NTFS = "local_ntfs"
    LOCAL_INFOZIP = "local_infozip"
    LOCAL_UNIX = "local_unix"
    # members of a tar archive; index 1: of the header beside a record that says otherwise
    TAR_MODIFIED = "tar_modified"
    TAR_ACCESSED = "tar_accessed"
    TAR_CHANGED = "tar_changed"
    TAR_CREATED = "tar_created"
    # compressed files
    GZIP_MODIFIED = "gzip_modified"
    """Of the file that was packed, or when it was packed."""
    # discs (ISO 9660): the volume, and its entries by the tree that lists them
    VOLUME_CREATED = "volume_created"
    VOLUME_MODIFIED = "volume_modified"
    VOLUME_EXPIRES = "volume_expires"
    VOLUME_EFFECTIVE = "volume_effective"
    DISC_RECORDED = "disc_recorded"
    """Of an entry of the primary tree."""
    JOLIET_RECORDED = "joliet_recorded"
    """The same in another tree."""
    ROCK_RIDGE_CREATED = "rock_ridge_created"
    ROCK_RIDGE_MODIFIED = "rock_ridge_modified"
    ROCK_RIDGE_ACCESSED = "rock_ridge_accessed"
    ROCK_RIDGE_CHANGED = "rock_ridge_changed"
    """When its attributes were."""
    ROCK_RIDGE_BACKUP = "rock_ridge_backup"
    ROCK_RIDGE_EXPIRES = "rock_ridge_expires"
    ROCK_RIDGE_EFFECTIVE = "rock_ridge_effective"
    # files of a cabinet
    CABINET_DOS = "cabinet_dos"
    # files of a 7z archive
    SEVENZIP_FILETIME = "sevenzip_filetime"
    # files of a RAR archive
    RAR_DOS = "rar_dos"
    """To two seconds, by the packer's clock and in its zone; of archives before RAR 5."""
    RAR_LOCAL = "rar_local"
    """To 100 ns in a field behind the header; in the packer's zone too."""
    RAR_UNIX = "rar_unix"
    RAR_FILETIME = "rar_filetime"
    RAR_ORIGINAL = "rar_original"
    """Of the archive itself: when it was first made, beside its first name."""
    # the source itself
    FILE_SYSTEM = "file_system"


XMP = frozenset(
    (
        TimeKind.XMP_CREATED,
        TimeKind.XMP_MODIFIED,
        TimeKind.XMP_METADATA,
        TimeKind.XMP_PHOTOSHOP_CREATED,
        TimeKind.XMP_EXIF_ORIGINAL,
        TimeKind.XMP_EXIF_DIGITIZED,
        TimeKind.XMP_TIFF_CHANGED,
        TimeKind.XMP_INNER,
    )
)
"""Times of an XMP packet."""

ZIP_LOCAL = frozenset((TimeKind.CENTRAL_DOS, TimeKind.LOCAL_DOS))
"""Times of a zip member by the packer's clock, in its zone."""

MEMBER_MODIFIED = frozenset(
    (
        TimeKind.CENTRAL_DOS,
        TimeKind.CENTRAL_UNIVERSAL,
        TimeKind.CENTRAL_NTFS,
        TimeKind.CENTRAL_INFOZIP,
        TimeKind.CENTRAL_UNIX,
        TimeKind.TAR_MODIFIED,
        TimeKind.GZIP_MODIFIED,
        TimeKind.ROCK_RIDGE_MODIFIED,
        TimeKind.CABINET_DOS,
        TimeKind.SEVENZIP_FILETIME,
        TimeKind.RAR_DOS,
        TimeKind.RAR_LOCAL,
        TimeKind.RAR_UNIX,
        TimeKind.RAR_FILETIME,
    )
)
"""Times of members of archives, of which those of the last change are what a file system said when they were packed."""

CENTRAL_OF = {
    TimeKind.LOCAL_DOS: TimeKind.CENTRAL_DOS,
    TimeKind.LOCAL_UNIVERSAL: TimeKind.CENTRAL_UNIVERSAL,
    TimeKind.LOCAL_NTFS: TimeKind.CENTRAL_NTFS,
    TimeKind.LOCAL_INFOZIP: TimeKind.CENTRAL_INFOZIP,
    TimeKind.LOCAL_UNIX: TimeKind.CENTRAL_UNIX,
}
"""Time of a zip member's local header to the same time of its central one."""
