"""What senders, their programs and their services do."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="another_quoted",
        tested=("rule", "record"),
        title=says("benign.another_quoted", one="the reply quotes another mail of that sender"),
        wording=says(
            "benign.another_quoted.wording",
            one="Whoever answered quoted another mail of the same person than the one that they answered.",
        ),
        settle=says(
            "benign.another_quoted.settle",
            one="The sender's own copies: one of them has the time and the words that the reply quotes.",
        ),
    ),
    BenignCause(
        id="other_copy_answered",
        tested=("record",),
        title=says("benign.other_copy_answered", one="another copy was answered, which has an id of its own"),
        wording=says(
            "benign.other_copy_answered.wording",
            one="The mail came to whoever answered by another way, on which a server or a program gave it another id.",
        ),
        settle=says(
            "benign.other_copy_answered.settle",
            one="Whoever answered has the mail with the id that the answer names, and with the same text.",
        ),
    ),
    BenignCause(
        id="sent_twice",
        tested=("record",),
        title=says("benign.sent_twice", one="the same text was sent twice"),
        wording=says(
            "benign.sent_twice.wording",
            one="The sender wrote the same text in two mails, and a server changed one of them in transit.",
        ),
        settle=says(
            "benign.sent_twice.settle",
            one="The sender's own copies of both, and another recipient's.",
        ),
    ),
    BenignCause(
        id="second_key",
        tested=("record",),
        title=says("benign.second_key", one="the signer had a second key"),
        wording=says(
            "benign.second_key.wording",
            one="Two servers of the signer held different keys for a while, or a key was changed and changed back.",
        ),
        settle=says(
            "benign.second_key.settle",
            one="An archive of DNS shows the key records of the selector at that time.",
        ),
    ),
    BenignCause(
        id="small_signer",
        tested=("record",),
        title=says("benign.small_signer", one="a signer with little mail here"),
        wording=says(
            "benign.small_signer.wording",
            one="The domain is genuine, but too few of its senders write here for its key to be known by them.",
        ),
        settle=says(
            "benign.small_signer.settle",
            one="Mail of the same domain in another archive, or an archive of DNS, shows the same key.",
        ),
    ),
    BenignCause(
        id="account_used",
        tested=("record",),
        title=says("benign.account_used", one="the account was used by another"),
        wording=says(
            "benign.account_used.wording",
            one="Whoever holds the account can have any text signed, with any Date: also an intruder.",
        ),
        settle=says(
            "benign.account_used.settle",
            one="The provider's log of the sign-ins and of the mails that were sent.",
        ),
    ),
    BenignCause(
        id="broken_client",
        tested=("rule", "explainer", "record"),
        title=says("benign.broken_client", one="a faulty mail program"),
        wording=says(
            "benign.broken_client.wording",
            one="A program or script writes such fields wrongly in all its mails.",
        ),
        settle=says(
            "benign.broken_client.settle",
            one="Other mails from the same program and version show the same fault.",
        ),
    ),
    BenignCause(
        id="unsolicited",
        tested=("explainer", "record"),
        title=says("benign.unsolicited", one="spam or phishing by strangers"),
        wording=says(
            "benign.unsolicited.wording",
            one=(
                "The mail is spam or phishing, careless or falsified by its sender, and genuine as an item of "
                "this mailbox."
            ),
        ),
        settle=says(
            "benign.unsolicited.settle",
            one="Its own route, links and recipients show it; a provider's log shows many identical mails.",
        ),
    ),
    BenignCause(
        id="other_device",
        tested=("explainer", "record"),
        title=says("benign.other_device", one="written on another device"),
        wording=says(
            "benign.other_device.wording",
            one=(
                "The sender wrote from another computer, program or service: a new device, a trip, an assistant, "
                "a colleague's machine."
            ),
        ),
        settle=says(
            "benign.other_device.settle",
            one="The sender remembers, and their later mails show the same marks.",
        ),
    ),
    BenignCause(
        id="others_unsigned",
        tested=("explainer", "record"),
        title=says("benign.others_unsigned", one="the other mails under that name are not the sender's"),
        wording=says(
            "benign.others_unsigned.wording",
            one=(
                "A mail is held against others under the same address. If these are not the sender's, it is they that "
                "are foreign: where its author's signature holds and theirs does not, it is not the one to doubt."
            ),
        ),
        settle=says(
            "benign.others_unsigned.settle",
            one="The sender, or a correspondent of theirs, has copies of the other mails.",
        ),
    ),
    BenignCause(
        id="resent",
        tested=("rule", "record"),
        title=says("benign.resent", one="sent again after a change"),
        wording=says(
            "benign.resent.wording",
            one="The author corrected the mail and sent it again, and their program kept the identifier.",
        ),
        settle=says("benign.resent.settle", one="The sender has both in their outbox; recipients have both."),
    ),
    BenignCause(
        id="new_subject",
        tested=("rule", "record"),
        title=says("benign.new_subject", one="a new subject"),
        wording=says(
            "benign.new_subject.wording",
            one="The writer changed the subject of an old thread, and their program kept its topic.",
        ),
        settle=says("benign.new_subject.settle", one="Replies to this mail carry the new subject."),
    ),
    BenignCause(
        id="tenant_name",
        tested=("rule", "record"),
        title=says("benign.tenant_name", one="a provider signs under its own name for the customer"),
        wording=says(
            "benign.tenant_name.wording",
            one=(
                "Exchange Online signs as CUSTOMER.onmicrosoft.com where nobody set up signing for the customer's own "
                "domain, and for a while after that was lost."
            ),
        ),
        settle=says(
            "benign.tenant_name.settle",
            one="The administrator's record of when signing was set up; the provider knows whose name that is.",
        ),
    ),
    BenignCause(
        id="on_behalf",
        tested=("rule", "record"),
        title=says("benign.on_behalf", one="sent on someone's behalf"),
        wording=says(
            "benign.on_behalf.wording",
            one="A service, an assistant or a calendar sends in another person's name, with permission.",
        ),
        settle=says(
            "benign.on_behalf.settle",
            one="Other mails from the same sender come through the same service.",
        ),
    ),
    BenignCause(
        id="gateway_address",
        tested=("record",),
        title=says("benign.gateway_address", one="an address made by a directory or gateway"),
        wording=says(
            "benign.gateway_address.wording",
            one=(
                "Old gateways and directories build addresses from names and omit or double what the grammar of "
                "addresses requires; some providers have sold such addresses."
            ),
        ),
        settle=says(
            "benign.gateway_address.settle",
            one="Other mail from the same organization shows whether its addresses have that form.",
        ),
    ),
    BenignCause(
        id="own_other_domain",
        tested=("rule", "record"),
        title=says("benign.own_other_domain", one="a domain of the same owner"),
        wording=says(
            "benign.own_other_domain.wording",
            one=(
                "Companies hold several domains for countries, products and services, and unrelated names may be "
                "alike by chance."
            ),
        ),
        settle=says(
            "benign.own_other_domain.settle",
            one="The register of the domain at that time names its owner.",
        ),
    ),
    BenignCause(
        id="private_address",
        tested=("record",),
        title=says("benign.private_address", one="a private address"),
        wording=says(
            "benign.private_address.wording",
            one="The sender used another address of their own for a while.",
        ),
        settle=says(
            "benign.private_address.settle",
            one="The sender knows the address; its register or provider names its owner.",
        ),
    ),
    BenignCause(
        id="same_name",
        tested=("record",),
        title=says("benign.same_name", one="namesakes"),
        wording=says(
            "benign.same_name.wording",
            one="Two people have the same name, or one person works for two organizations.",
        ),
        settle=says(
            "benign.same_name.settle",
            one="The owner of the address can say, or later mails show the same name.",
        ),
    ),
    BenignCause(
        id="id_by_script",
        tested=("record",),
        title=says("benign.id_by_script", one="an id made by a script"),
        wording=says(
            "benign.id_by_script.wording",
            one="A script, a plug-in or the sender gave the mail its id before the program sent it.",
        ),
        settle=says("benign.id_by_script.settle", one="Other mails from the sender have ids of the same form."),
    ),
    BenignCause(
        id="private_name",
        tested=("record",),
        title=says("benign.private_name", one="a private domain or character"),
        wording=says(
            "benign.private_name.wording",
            one=(
                "An office used such a domain name inside its own network, or a manufacturer such a character, "
                "before it became public."
            ),
        ),
        settle=says(
            "benign.private_name.settle",
            one="Other mails from the same office and time show the same.",
        ),
    ),
    BenignCause(
        id="newsletter_links",
        tested=("rule", "record"),
        title=says("benign.newsletter_links", one="links made by a service"),
        wording=says(
            "benign.newsletter_links.wording",
            one="Newsletters and services route every link through a click-tracking host.",
        ),
        settle=says(
            "benign.newsletter_links.settle",
            one="All links in the mail lead to one host, that of the service that sent it.",
        ),
    ),
)
