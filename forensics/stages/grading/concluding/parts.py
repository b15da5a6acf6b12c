"""Which part of a mail is not as it was signed: its header, its body, or both."""

from forensics.model.sentences import Sentence, says
from forensics.stages.grading.concluding.entry import (
    BODY_HASH,
    HEADER_SIGNATURE,
    RESTORED_TEXT,
    SIGNED_ELSEWHERE,
    Conclusion,
    Entry,
)
from forensics.stages.grading.concluding.facts import Facts

_HEADER_ALONE = says(
    "conclusion.signed.header_alone",
    one="The header is as {signer} signed it; the body under it is another.",
)
_BODY_ALONE = says(
    "conclusion.signed.body_alone",
    one="The body is as {signer} signed it; the header above it is another.",
)
_HEADER_MENDED = says(
    "conclusion.signed.header_mended",
    one="But for what servers do to mails, the header is as {signer} signed it; the body under it is another.",
)
_BODY_MENDED = says(
    "conclusion.signed.body_mended",
    one="But for what servers do to mails, the body is as {signer} signed it; the header above it is another.",
)
_NEITHER = says(
    "conclusion.signed.neither",
    one="Neither the header nor the body is as {signer} signed it.",
)
_BODY_UNKEYED = says(
    "conclusion.signed.body_unkeyed",
    one="The body is not the one that {signer} signed; whether the header is, no key at hand tells.",
)

_RULES = (RESTORED_TEXT, HEADER_SIGNATURE, BODY_HASH, SIGNED_ELSEWHERE)


def conclude(entry: Entry, facts: Facts) -> Conclusion:
    """Say which part is as one signer signed it, where no signature holds for both and all say the same."""
    if not entry.item or not entry.suspects(entry.item, *_RULES):
        return ()
    said: dict[tuple[bool | None, bool | None], Sentence] = {}
    for row in facts.signed.get(entry.item, ()):
        if row.header_holds and row.body_holds:
            return ()
        match row.header_holds, row.body_holds:
            case True, False:
                saying = _HEADER_MENDED if row.mended else _HEADER_ALONE
            case False, True:
                saying = _BODY_MENDED if row.mended else _BODY_ALONE
            case False, False:
                saying = _NEITHER
            case None, False:
                saying = _BODY_UNKEYED
            case _:
                continue
        said.setdefault((row.header_holds, row.body_holds), saying(signer=row.domain[:120]))
    # A signature without a key tells less than one with a key, and nothing against it.
    tested = {state: sentence for state, sentence in said.items() if state[0] is not None} or said
    return tuple(tested.values()) if len(tested) == 1 else ()
