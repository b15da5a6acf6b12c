"""What was signed, where it is known: the words of a body, or the fields of a header, that are here in others."""

from forensics.model.sentences import says
from forensics.stages.grading.concluding import clocks
from forensics.stages.grading.concluding.entry import HEADER_SIGNATURE, RESTORED_TEXT, Conclusion, Entry
from forensics.stages.grading.concluding.facts import Facts

_WITNESS = {
    "original": says("conclusion.signed.original", one="the original in the reference"),
    "copy": says("conclusion.signed.copy", one="another version of the mail"),
    "answer": says("conclusion.signed.answer", one="a mail that quotes it"),
    "quoted": says("conclusion.signed.quoted", one="the mail that it quotes"),
}
_CHANGED = says(
    "conclusion.signed.changed",
    one='{signer} signed a body that has "{restored}" where this one has "{archived}".',
    many=(
        '{signer} signed a body that differs from this one in {n} places, in the first by "{restored}" where this one '
        'has "{archived}".'
    ),
)
_ADDED = says(
    "conclusion.signed.added",
    one='{signer} signed a body without "{archived}", which this one has.',
    many=(
        '{signer} signed a body that differs from this one in {n} places; in the first it lacks "{archived}", which '
        "this one has."
    ),
)
_LACKING = says(
    "conclusion.signed.lacking",
    one='{signer} signed a body that has "{restored}", which this one lacks.',
    many=(
        '{signer} signed a body that differs from this one in {n} places; in the first it has "{restored}", which '
        "this one lacks."
    ),
)
_MET = says("conclusion.signed.met", one="With that put right, its stated hash is met.")
_MET_MENDED = says(
    "conclusion.signed.met_mended",
    one="With that put right, and what servers did to the mail undone, its stated hash is met.",
)
_STANDS_IN = says("conclusion.signed.stands_in", one="The words that were signed stand in {witness}.")
_FIELD = says(
    "conclusion.signed.field",
    one='{signer} signed this header with {field} "{signed}"; here {field} is "{shown}".',
    many='{signer} signed this header with {n} other fields; the first, {field}, was "{signed}" and is here "{shown}".',
)
_FIELD_ABSENT = says(
    "conclusion.signed.field_absent",
    one='{signer} signed this header without {field}; here it says "{shown}".',
    many='{signer} signed this header with {n} other fields; the first, {field}, was absent and says here "{shown}".',
)
SHOWN = 200
"""Characters of words and values that are shown."""


def conclude(entry: Entry, facts: Facts) -> Conclusion:
    """Say what was signed, where a finding that knows it decides."""
    if not entry.item:
        return ()
    if entry.suspects(entry.item, RESTORED_TEXT) and (known := _words(entry.item, facts)):
        return known
    if entry.suspects(entry.item, HEADER_SIGNATURE) and (known := _fields(entry.item, facts)):
        return (*known, *clocks.contrary(entry, facts))
    return ()


def _words(sha256: str, facts: Facts) -> Conclusion:
    for row in facts.restored.get(sha256, ()):
        if not row.edits:
            continue
        first = row.edits[0]
        saying = _LACKING if not first.archived else _CHANGED if first.restored else _ADDED
        said = saying(
            len(row.edits),
            signer=row.domain[:120],
            archived=first.archived[:SHOWN],
            restored=first.restored[:SHOWN],
        )
        witness = _WITNESS.get(row.witness)
        met = _MET_MENDED() if row.mended else _MET()
        return (said, met, _STANDS_IN(witness=witness())) if witness is not None and first.restored else (said, met)
    return ()


def _fields(sha256: str, facts: Facts) -> Conclusion:
    """Tell the fields of one signature: rows of another would count the same change again."""
    rows = facts.fields.get(sha256, [])
    if not rows:
        return ()
    first = rows[0]
    of_it = [row for row in rows if (row.kind, row.index) == (first.kind, first.index)]
    values = {"signer": first.domain[:120], "field": first.field.title(), "shown": first.shown[:SHOWN]}
    if first.signed:
        return (_FIELD(len(of_it), **values, signed=first.signed[:SHOWN]),)
    return (_FIELD_ABSENT(len(of_it), **values),)
