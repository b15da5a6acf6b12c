"""Who can confirm an observation, and with which record: a rule names one of these."""

from forensics.model.sentences import says

SENDING_SERVER = says(
    "settle.sending_server",
    one=(
        "Ask the sender's mail provider for the log of the first server that accepted the mail, and a "
        "correspondent for the copy that they received."
    ),
)
RELAYS = says(
    "settle.relays",
    one="Ask the operators of the two relays for their logs of that day: the queue id, time and size of the mail.",
)
DOCUMENT_AUTHOR = says(
    "settle.document_author",
    one=(
        "Ask the author for their own copy, and whoever keeps the documents (file server, document management, "
        "backup) for the version history."
    ),
)
CAMERA = says(
    "settle.camera",
    one=(
        "Ask for the original picture from the camera's card or the phone, and compare other pictures from the "
        "same camera in those days."
    ),
)
SENDER_COPY = says(
    "settle.sender_copy",
    one="Ask the sender for the file that they sent, and the operator of the mail gateway for its log of that mail.",
)
ARCHIVE = says(
    "settle.archive",
    one="Ask whoever packed the archive for their copy and for the program that they used.",
)
CORRESPONDENTS_COPY = says(
    "settle.correspondents_copy",
    one=(
        "Ask another recipient, or the sender, for their own copy of the mail, and compare it word by word; ask "
        "the provider for the size in its log."
    ),
)
MAILBOX_OWNER = says(
    "settle.mailbox_owner",
    one=(
        "Ask the owner of the mailbox how the mail came into it (sent, drafted, imported, forwarded), and the "
        "provider for the log of that day."
    ),
)
DOCUMENT_STORE = says(
    "settle.document_store",
    one=(
        "Ask the administrator whether documents were migrated, converted or relabelled at that time, and for a "
        "backup or server copy of one of them from before."
    ),
)
SIGNER_KEY = says(
    "settle.signer_key",
    one="Ask the signer, by another way than this archive, for the fingerprint of their key or for their certificate.",
)
KEY_RECORD = says(
    "settle.key_record",
    one=(
        "Ask the domain's operator, or an archive of DNS, for the key record of the selector at that time, and compare "
        "it with the key that was used here."
    ),
)
