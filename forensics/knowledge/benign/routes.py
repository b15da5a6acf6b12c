"""What servers, lists, gateways and exports did to a mail on its way."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="delayed_sending",
        tested=("rule", "record"),
        title=says("benign.delayed_sending", one="sent later than it was written"),
        wording=says(
            "benign.delayed_sending.wording",
            one="The mail waited in an outbox, a queue or a moderator's list, or was prepared and sent later.",
        ),
        settle=says(
            "benign.delayed_sending.settle",
            one=(
                "The sender remembers, or their outbox or the queue's log shows it; other mails of those days "
                "waited too."
            ),
        ),
    ),
    BenignCause(
        id="id_given_twice",
        tested=("rule", "record"),
        title=says("benign.id_given_twice", one="an id given twice"),
        wording=says(
            "benign.id_given_twice.wording",
            one="The server gave one id to two mails that it handled within the same second.",
        ),
        settle=says(
            "benign.id_given_twice.settle",
            one="Other mails from that server share ids within a second, and the server's log shows both mails.",
        ),
    ),
    BenignCause(
        id="id_by_chance",
        tested=("record",),
        title=says("benign.id_by_chance", one="an id that only looks like a time"),
        wording=says(
            "benign.id_by_chance.wording",
            one="Another program's ids have the same form as those that carry the time.",
        ),
        settle=says(
            "benign.id_by_chance.settle",
            one="Other mails from the same server have ids that do not decode to a plausible time either.",
        ),
    ),
    BenignCause(
        id="route_rewritten",
        tested=("explainer", "record"),
        title=says("benign.route_rewritten", one="a converter or list server wrote the route"),
        wording=says(
            "benign.route_rewritten.wording",
            one=(
                "An archive converter, an import or a list server rewrote the whole route, for many mails in the "
                "same way."
            ),
        ),
        settle=says(
            "benign.route_rewritten.settle",
            one="Many mails from the same server or list show the same; its operator knows when it was moved.",
        ),
    ),
    BenignCause(
        id="rewritten_on_way",
        tested=("rule", "explainer", "record"),
        title=says("benign.rewritten_on_way", one="rewritten in transit"),
        wording=says(
            "benign.rewritten_on_way.wording",
            one="A gateway, a list or an export rewrote the header or the parts in its own manner.",
        ),
        settle=says(
            "benign.rewritten_on_way.settle",
            one="Other mails that came by the same route, from other programs, show the same manner.",
        ),
    ),
    BenignCause(
        id="other_mails_file",
        tested=("record",),
        title=says("benign.other_mails_file", one="another mail's winmail.dat"),
        wording=says(
            "benign.other_mails_file.wording",
            one=("Somebody attached the winmail.dat of another mail, or a gateway took it into a mail of its own."),
        ),
        settle=says(
            "benign.other_mails_file.settle",
            one="The mail that it was written for, in the sender's outbox or at its recipients.",
        ),
    ),
    BenignCause(
        id="store_header",
        tested=("explainer", "record"),
        title=says("benign.store_header", one="the store wrote the header"),
        wording=says(
            "benign.store_header.wording",
            one=(
                "Outlook or a converter wrote a header of its own when it saved or exported the message, with the "
                "program and the boundary of that day: it does not show what the sender's program wrote."
            ),
        ),
        settle=says(
            "benign.store_header.settle",
            one=(
                "A copy of the mail from another store or a recipient has its servers' fields; other messages that "
                "were saved at that time have such headers too."
            ),
        ),
    ),
    BenignCause(
        id="other_way",
        tested=("record",),
        title=says("benign.other_way", one="it came by another route"),
        wording=says(
            "benign.other_way.wording",
            one=(
                "The mail was sent directly, forwarded, or fetched from another account, and did not pass the "
                "server or list that the others passed."
            ),
        ),
        settle=says(
            "benign.other_way.settle",
            one="The owner knows the other account or sender; other mails came by that route too.",
        ),
    ),
    BenignCause(
        id="moved_by_user",
        tested=("record",),
        title=says("benign.moved_by_user", one="the owner moved it"),
        wording=says(
            "benign.moved_by_user.wording",
            one=(
                "Moving, copying or restoring a mail appends it to a folder, and some programs then give it the "
                "time at which that was done."
            ),
        ),
        settle=says(
            "benign.moved_by_user.settle",
            one="The owner, or the mail program's log; other mails were moved in the same minute.",
        ),
    ),
    BenignCause(
        id="moved_together",
        tested=("record",),
        title=says("benign.moved_together", one="older mails were moved here later"),
        wording=says(
            "benign.moved_together.wording",
            one="Older mails were moved or copied into the folder together, after this one, and got larger numbers.",
        ),
        settle=says(
            "benign.moved_together.settle",
            one="The owner, or the mail server's log; the other mails got their numbers within minutes.",
        ),
    ),
    BenignCause(
        id="renumbered",
        tested=("rule", "record"),
        title=says("benign.renumbered", one="numbered anew"),
        wording=says(
            "benign.renumbered.wording",
            one=(
                "An import, a move to another server or program, a merger or a repair gave new numbers to all, in "
                "another order than that of arrival."
            ),
        ),
        settle=says(
            "benign.renumbered.settle",
            one="Whoever runs the mailbox, list or tracker knows of it; other mails of the time are out of order too.",
        ),
    ),
    BenignCause(
        id="rewritten_in_place",
        tested=("record",),
        title=says("benign.rewritten_in_place", one="the file was written anew"),
        wording=says(
            "benign.rewritten_in_place.wording",
            one=(
                "A filter against spam or viruses, or a program that keeps labels or takes out attachments, wrote the "
                "file anew under its old name."
            ),
        ),
        settle=says(
            "benign.rewritten_in_place.settle",
            one="Other files of the mailbox differ as much; a field that such a program writes stands in the header.",
        ),
    ),
    BenignCause(
        id="own_copy",
        tested=("explainer", "record"),
        title=says("benign.own_copy", one="the owner's own copy"),
        wording=says(
            "benign.own_copy.wording",
            one=(
                "A sent copy or a draft never passed a server; this is rare in a folder of received mail, but "
                "legitimate."
            ),
        ),
        settle=says("benign.own_copy.settle", one="A recipient has the mail with their servers' stamps."),
    ),
    BenignCause(
        id="imported",
        tested=("rule", "record"),
        title=says("benign.imported", one="an import"),
        wording=says(
            "benign.imported.wording",
            one="The archive took in mails from elsewhere, without their servers' stamps.",
        ),
        settle=says(
            "benign.imported.settle",
            one="Whoever keeps the archive knows of the import; many mails show it.",
        ),
    ),
    BenignCause(
        id="server_moved",
        tested=("record",),
        title=says("benign.server_moved", one="the mailbox was moved for a while"),
        wording=says(
            "benign.server_moved.wording",
            one="Mail was delivered through another server while the usual one was repaired or replaced.",
        ),
        settle=says(
            "benign.server_moved.settle",
            one="The provider's log for those days; other mails of the same hours came through that server.",
        ),
    ),
    BenignCause(
        id="from_rewritten",
        tested=("rule", "record"),
        title=says("benign.from_rewritten", one="a list put itself into From"),
        wording=says(
            "benign.from_rewritten.wording",
            one=(
                "Lists and forwarding services put their own address into From, because receivers refuse mail "
                "that they resend under the author's."
            ),
        ),
        settle=says(
            "benign.from_rewritten.settle",
            one="Other mails from the same list or service have its address in From too.",
        ),
    ),
    BenignCause(
        id="body_rewritten",
        tested=("rule", "record"),
        title=says("benign.body_rewritten", one="the body was changed in transit"),
        wording=says(
            "benign.body_rewritten.wording",
            one=(
                "A list added a footer or removed parts, or a server re-encoded the body, as it does with all "
                "such mails."
            ),
        ),
        settle=says(
            "benign.body_rewritten.settle",
            one=(
                "Another recipient's copy, which came by another route, matches its signatures; other mails of "
                "the same route and form do not."
            ),
        ),
    ),
    BenignCause(
        id="header_rewritten",
        tested=("rule", "record"),
        title=says("benign.header_rewritten", one="the header was changed in transit"),
        wording=says(
            "benign.header_rewritten.wording",
            one=(
                "A list or gateway tagged the subject, put itself into From, or dropped and reordered recipients, as "
                "it does with such mails."
            ),
        ),
        settle=says(
            "benign.header_rewritten.settle",
            one=(
                "Another recipient's copy, which came by another route, matches its signatures; other mails of the "
                "same route do not."
            ),
        ),
    ),
    BenignCause(
        id="broken_on_arrival",
        tested=("rule", "record"),
        title=says("benign.broken_on_arrival", one="the signature already failed on arrival"),
        wording=says(
            "benign.broken_on_arrival.wording",
            one="The signer's program made a wrong signature, or a server before the last one changed the body.",
        ),
        settle=says(
            "benign.broken_on_arrival.settle",
            one="The result that the last server recorded for the signature, and its log.",
        ),
    ),
    BenignCause(
        id="signature_removed",
        tested=("rule", "record"),
        title=says("benign.signature_removed", one="the signature was removed"),
        wording=says(
            "benign.signature_removed.wording",
            one="A list, a gateway or an export program removed signatures or seals after they were checked.",
        ),
        settle=says(
            "benign.signature_removed.settle",
            one="Other mails that came by the same route lack them too.",
        ),
    ),
    BenignCause(
        id="broken_server",
        tested=("record",),
        title=says("benign.broken_server", one="a server with unusual wording"),
        wording=says(
            "benign.broken_server.wording",
            one="The server's program words its results in a way that the tests do not expect.",
        ),
        settle=says(
            "benign.broken_server.settle",
            one="Other mails checked by the same server have the same wording.",
        ),
    ),
    BenignCause(
        id="broken_sealer",
        tested=("rule", "record"),
        title=says("benign.broken_sealer", one="a server that seals some mails wrongly"),
        wording=says(
            "benign.broken_sealer.wording",
            one="The sealing server digests some fields of older sets otherwise than the standard says.",
        ),
        settle=says(
            "benign.broken_sealer.settle",
            one="Other seals of the same server over chains of that length fail too.",
        ),
    ),
    BenignCause(
        id="tagged_subject",
        tested=("rule", "record"),
        title=says("benign.tagged_subject", one="a tagged or rewritten subject"),
        wording=says(
            "benign.tagged_subject.wording",
            one="A list, filter or gateway put words into the subject in transit.",
        ),
        settle=says(
            "benign.tagged_subject.settle",
            one="Other mails that came by the same route carry the same words.",
        ),
    ),
    BenignCause(
        id="list_copy",
        tested=("rule", "record"),
        title=says("benign.list_copy", one="a list's copy beside a direct one"),
        wording=says(
            "benign.list_copy.wording",
            one="One copy came through a mailing list, which adds a footer or a tag; the other came directly.",
        ),
        settle=says(
            "benign.list_copy.settle",
            one="Apart from the list's footer the bodies are equal, word for word.",
        ),
    ),
    BenignCause(
        id="left_out_by_all",
        tested=("rule", "record"),
        title=says("benign.left_out_by_all", one="an address that people leave out or bring in"),
        wording=says(
            "benign.left_out_by_all.wording",
            one=(
                "Whoever answers leaves out an address that no longer works, or brings in one that belongs to the "
                "matter; who answered second did as the first."
            ),
        ),
        settle=says(
            "benign.left_out_by_all.settle",
            one="Those who answered remember it, or their own copies of the mail list the same recipients.",
        ),
    ),
)
