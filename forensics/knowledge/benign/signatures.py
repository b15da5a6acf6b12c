"""What becomes of signed documents, and how signatures come about."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="saved_with_signature",
        tested=("record",),
        title=says("benign.saved_with_signature", one="changed openly after it was signed"),
        wording=says(
            "benign.saved_with_signature.wording",
            one=(
                "Somebody edited, filled in or converted the signed document in a program that leaves the signature in "
                "it, and nobody says that it still holds."
            ),
        ),
        settle=says(
            "benign.saved_with_signature.settle",
            one="The signer's copy, and whoever worked with the document after it was signed.",
        ),
    ),
    BenignCause(
        id="key_used",
        tested=("record",),
        title=says("benign.key_used", one="the key was used by another"),
        wording=says(
            "benign.key_used.wording",
            one="Whoever has the signer's key (a card, a file, a service) can have any document signed, at any time.",
        ),
        settle=says(
            "benign.key_used.settle",
            one="The signer, and whoever issued the certificate: whose it is, and whether it was revoked.",
        ),
    ),
    BenignCause(
        id="broken_signer",
        tested=("record",),
        title=says("benign.broken_signer", one="a signing program that writes wrong signatures"),
        wording=says(
            "benign.broken_signer.wording",
            one="The program or service that signed the document computes its digests or its value in a wrong way.",
        ),
        settle=says(
            "benign.broken_signer.settle",
            one="Other documents that were signed with it do not hold either.",
        ),
    ),
)
