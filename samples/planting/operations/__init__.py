"""All taint operations: O-nn of the knowledge base, R-nn on what mails say of each other, S-nn that need a key."""

from samples.planting.operations import (
    attachments,
    bodies,
    copies,
    dates,
    forgeries,
    identity,
    own_key,
    relations,
    resigned,
    signatures,
    wrappings,
)

_MODULES = (
    bodies,
    wrappings,
    dates,
    identity,
    attachments,
    forgeries,
    copies,
    signatures,
    resigned,
    own_key,
    relations,
)

OPERATIONS = tuple(
    sorted([operation for module in _MODULES for operation in module.OPERATIONS], key=lambda operation: operation.id)
)

NOT_PLANTED = {
    "O-37": "needs a PST or MSG file",
    "O-43": "a folder of mails has no order that means anything",
    "O-48": "needs a leaked signing key",
    "O-52": "a picture of a mail is no mail",
    "O-53": "an intruder's own mail needs an account to be sent from",
    "O-54": "stripping a whole archive leaves no item to find",
    "O-55": "planted as the scenario ``conversion``, where nothing is tainted",
    "O-56": "the victim's decoys are O-30 to O-34 with another motive",
}
"""Operations of the table that are no operation here, and why."""
