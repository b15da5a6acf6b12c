"""Header fields that are not as they were signed, quoted where they differ."""

import msgspec

from forensics.model.sentences import Sentence, says

_CHANGED = says("rule.case.header_signature.changed", one="{field} reads “{signed}” and not “{shown}”")
SHOWN = 200
"""Letters of a value that are said."""


class Change(msgspec.Struct, frozen=True):
    """A field that the signature holds with once it has its signed value."""

    field: str
    signed: str
    shown: str
    clears: bool
    """Whether servers do that by themselves."""


def quoted_change(change: Change) -> Sentence:
    """Quote both values, of long ones what stands about their first difference."""
    pairs = zip(change.signed, change.shown, strict=False)
    same = next(
        (at for at, (one, other) in enumerate(pairs) if one != other), min(len(change.signed), len(change.shown))
    )
    start = max(same - SHOWN // 2, 0)
    signed, shown = [_cut(value, start) for value in (change.signed, change.shown)]
    return _CHANGED(field=change.field.title(), signed=signed, shown=shown)


def _cut(value: str, start: int) -> str:
    end = start + SHOWN
    return (
        ("\N{HORIZONTAL ELLIPSIS}" if start else "")
        + value[start:end]
        + ("\N{HORIZONTAL ELLIPSIS}" if value[end:] else "")
    )
