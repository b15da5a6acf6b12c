"""Why a cause explains, where several rules say so in the same words."""

from forensics.model.sentences import says

NO_END = says("note.no_end", one="A multipart of the copy has no end: the copy is truncated.")
NO_BODY = says("note.no_body", one="The copy has no body at all, although what was signed had one.")
BEYOND_LOCAL = says("note.beyond_local", one="The difference is larger than any UTC offset (14 h).")
LOCAL_WRITER = says(
    "note.local_writer",
    one="{application} is known to write local time as UTC in one of the two, and the difference is less than 14 h.",
)
LOCAL_WRITER_BY_MAIL = says(
    "note.local_writer_by_mail",
    one="{application} is known to write local time as UTC into files of this kind; the difference is less than 14 h.",
)
LOCAL_TIME_WRITERS = ("libreoffice", "openoffice", "neooffice", "staroffice")
NO_CAMERA = says("note.no_camera", one="The time is not a camera's.")
ONE_LIST = says("note.one_list", one="All copies came through the same list.")
NO_LIST = says("note.no_list", one="No copy came through a list.")
GATEWAY = says(
    "note.gateway",
    one=(
        "A field in the mail is from {gateway}, which rebuilds mails from their parts: the id, the spellings and "
        "the order of fields are then its own."
    ),
)
TOLD_BY_SERVER = says(
    "note.told_by_server",
    one=(
        "The mail's own first server had it {late} before its Date. The mail's own trace shows that the Date is "
        "wrong, which is counted there; its replies only confirm it."
    ),
)
