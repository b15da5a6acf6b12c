"""Words of closed lists: kinds, strengths, states, clocks, by member."""

from collections.abc import Mapping

from forensics.model.facts import Absence, ClockKind, Description
from forensics.model.items import Status
from forensics.model.rules import Proposition, Role, State, Subject
from forensics.model.sentences import Saying, says

KINDS: Mapping[str, Saying] = {
    "mail": says("report.kind.mail", one="1 mail", many="{n} mails"),
    "document": says("report.kind.document", one="1 document or image", many="{n} documents and images"),
    "archive": says("report.kind.archive", one="1 container", many="{n} containers"),
    "source": says("report.kind.source", one="1 source", many="{n} sources"),
    "file": says("report.kind.file", one="1 file", many="{n} files"),
    "item": says("report.kind.item", one="1 item", many="{n} items"),
    "content": says("report.kind.content", one="1 distinct content", many="{n} distinct contents"),
}
"""Counted kinds of items."""
STRENGTHS: Mapping[str, Saying] = {
    "strong": says("report.strength.strong", one="strong"),
    "moderate": says("report.strength.moderate", one="moderate"),
    "weak": says("report.strength.weak", one="weak"),
    "context": says("report.strength.context", one="context"),
}
"""By the word of a `Strength`."""
PROPOSITIONS: Mapping[Proposition, Saying] = {
    Proposition.ALTERED_CONTENT: says("report.proposition.altered_content", one="the content was altered"),
    Proposition.FORGED: says("report.proposition.forged", one="the item was made up"),
    Proposition.TRANSPLANTED: says("report.proposition.transplanted", one="a part was taken from another item"),
    Proposition.BACKDATED: says("report.proposition.backdated", one="the date was set back"),
    Proposition.SPOOFED_IDENTITY: says(
        "report.proposition.spoofed_identity",
        one="the sender is not who they claim to be",
    ),
    Proposition.HIDDEN_MARK: says("report.proposition.hidden_mark", one="it carries a hidden mark"),
    Proposition.LURE: says("report.proposition.lure", one="it is a lure"),
    Proposition.REPACKAGED: says("report.proposition.repackaged", one="it was saved or packed again by someone else"),
    Proposition.INCOMPLETE: says("report.proposition.incomplete", one="something is missing"),
    Proposition.AUTHENTICATED: says("report.proposition.authenticated", one="it is authenticated"),
    Proposition.CORROBORATED: says("report.proposition.corroborated", one="it is corroborated"),
}
"""What a finding may mean."""
RELATIONS: Mapping[str, Saying] = {
    "version": says("term.relation.version", one="another version of this mail"),
    "one_message_id": says("term.relation.one_message_id", one="has the same Message-ID"),
    "shared_ids": says("term.relation.shared_ids", one="has the same ids of servers"),
    "signed_there": says("term.relation.signed_there", one="has what a signature of this mail covers"),
    "same_attachment": says("term.relation.same_attachment", one="has the attachment in another form"),
    "quotes": says("term.relation.quotes", one="quotes this mail"),
    "quoted": says("term.relation.quoted", one="is quoted by this mail"),
    "words": says("term.relation.words", one="has the words that were signed"),
    "near_document": says("term.relation.near_document", one="a document that is nearly this one"),
    "original": says("term.relation.original", one="its original in the reference"),
    "one_matter": says("term.relation.one_matter", one="is one matter with this mail"),
}
"""What another mail, or document, is to the item of an entry."""
TRAITS: Mapping[str, Saying] = {
    "sender": says("term.trait.sender", one="sender"),
    "date": says("term.trait.date", one="Date"),
    "subject": says("term.trait.subject", one="Subject"),
    "message_id": says("term.trait.message_id", one="Message-ID"),
    "first_server": says("term.trait.first_server", one="first server"),
    "letters": says("term.trait.letters", one="letters of the text"),
}
"""What mails of one entry are compared by."""
ROLES: Mapping[Role, Saying] = {
    Role.SUSPECT: says("report.role.suspect", one="in doubt"),
    Role.EITHER: says("report.role.either", one="one of these must be wrong"),
    Role.WITNESS: says("report.role.witness", one="speaks against it"),
    Role.EQUAL: says("report.role.equal", one="the same in all of them"),
}
"""What a fact does in a finding."""
STATUSES: Mapping[Status, Saying] = {
    Status.PARSED: says("report.status.parsed", one="read"),
    Status.PARTIAL: says("report.status.partial", one="read in part"),
    Status.UNREAD: says("report.status.unread", one="not read"),
    Status.SKIPPED: says("report.status.skipped", one="skipped"),
}
"""How far an item was read."""
SUBJECTS: Mapping[Subject, Saying] = {
    Subject.MESSAGE: says("report.subject.message", one="mails"),
    Subject.DOCUMENT: says("report.subject.document", one="documents and images"),
    Subject.ARCHIVE: says("report.subject.archive", one="containers"),
    Subject.OCCURRENCE: says("report.subject.occurrence", one="items, one per location"),
}
"""What a rule judges."""
STATES: Mapping[State, Saying] = {
    State.EXPLAINS: says("report.benign.explains", one="explains it"),
    State.EXCLUDED: says("report.benign.excluded", one="excluded"),
    State.OPEN: says("report.benign.open", one="open"),
    State.UNTESTABLE: says("report.benign.untestable", one="not testable"),
}
"""How an innocent cause stands."""
MARKS: Mapping[State, Saying] = {
    State.EXPLAINS: says("report.benign.mark.explains", one="✓"),
    State.EXCLUDED: says("report.benign.mark.excluded", one="✗"),
    State.OPEN: says("report.benign.mark.open", one="?"),
    State.UNTESTABLE: says("report.benign.mark.untestable", one="?"),
}
"""The mark of each state."""
CLOCKS: Mapping[ClockKind, Saying] = {
    ClockKind.SENDER: says("report.clock.sender", one="sender's computer"),
    ClockKind.SERVER: says("report.clock.server", one="mail server"),
    ClockKind.SIGNER: says("report.clock.signer", one="signing server"),
    ClockKind.APPLICATION: says("report.clock.application", one="application"),
    ClockKind.CAMERA: says("report.clock.camera", one="camera"),
    ClockKind.FILE_SYSTEM: says("report.clock.file_system", one="file system"),
    ClockKind.PACKER: says("report.clock.packer", one="packing program"),
    ClockKind.MAILBOX: says("report.clock.mailbox", one="mailbox"),
}
"""Whose clock a time comes from."""
DESCRIPTIONS: Mapping[Description, Saying] = {
    Description.SENT: says("report.described.sent", one="sent"),
    Description.RECORDED: says("report.described.recorded", one="recorded"),
    Description.SIGNED: says("report.described.signed", one="signed"),
    Description.EXPIRATION: says("report.described.expiration", one="expires"),
    Description.CREATION: says("report.described.creation", one="created"),
    Description.MODIFICATION: says("report.described.modification", one="content changed"),
    Description.METADATA_MODIFICATION: says("report.described.metadata_modification", one="metadata changed"),
    Description.LAST_ACCESS: says("report.described.last_access", one="last opened"),
    Description.LAST_PRINTED: says("report.described.last_printed", one="last printed"),
    Description.DIGITIZED: says("report.described.digitized", one="digitized"),
    Description.DELIVERED: says("report.described.delivered", one="delivered"),
    Description.ADDED: says("report.described.added", one="added"),
    Description.POSITION: says("report.described.position", one="satellite fix"),
    Description.PLANNED: says("report.described.planned", one="planned"),
    Description.IDENTIFIED: says("report.described.identified", one="identifier created"),
}
"""What a time means."""
ABSENCES: Mapping[Absence, Saying] = {
    Absence.NOT_PRESENT: says("report.absent.not_present", one="not present"),
    Absence.UNREADABLE: says("report.absent.unreadable", one="unreadable"),
    Absence.UNPARSABLE: says("report.absent.unparsable", one="not a date"),
    Absence.NOT_APPLICABLE: says("report.absent.not_applicable", one="not applicable"),
    Absence.NOT_AVAILABLE: says("report.absent.not_available", one="not available"),
}
"""Why there is no value."""
