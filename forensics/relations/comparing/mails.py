"""Two mails compared: header fields, trace, texts, files, form."""

import msgspec

from forensics.model.comparing import Cause, Comparison, Difference
from forensics.model.items import Limits
from forensics.relations.comparing.attachments import compare_attachments
from forensics.relations.comparing.fields import compare_fields
from forensics.relations.comparing.grounds import grounds_of
from forensics.relations.comparing.hops import compare_hops
from forensics.relations.comparing.origin import origin
from forensics.relations.comparing.packages import compare_bytes
from forensics.relations.comparing.parties import compare_parties
from forensics.relations.comparing.reading import read_mail
from forensics.relations.comparing.structure import compare_structure
from forensics.relations.comparing.subjects import compare_subjects
from forensics.relations.comparing.texts import compare_texts


def compare_mails(one: bytes, other: bytes, limits: Limits = Limits()) -> Comparison:  # noqa: B008  frozen
    """Compare two mails.

    Args:
        one: a mail as it is stored.
        other: another, or another copy.
        limits: count limits.

    Returns:
        What differs: what nothing lawful explains first, each in the order of field names, texts and parts.
    """
    if one == other:
        return Comparison(identical=True, mails=True)
    left, right = read_mail(one, limits), read_mail(other, limits)
    way = compare_hops(left, right)
    grounds = grounds_of(left, right, way)
    texts, whole = compare_texts(left, right, grounds)
    found: list[Difference] = [
        *compare_parties(left, right, grounds),
        *compare_subjects(left, right, grounds),
        *compare_fields(left, right, grounds),
        *way.found,
        *texts,
        *compare_attachments(left, right),
        *compare_structure(left, right, grounds),
    ]
    if not found:  # white space in delimiter lines and the like
        found.append(msgspec.structs.replace(compare_bytes(one, other), cause=Cause.ENCODING))
    found.sort(key=lambda difference: difference.lawful)
    derived, reasons = origin(left, right, grounds, found)
    return Comparison(
        mails=True,
        differences=tuple(found),
        derived=derived,
        reasons=reasons,
        whole=whole and left.whole and right.whole,
    )
