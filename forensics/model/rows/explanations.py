"""Table ``explanations``, made over the whole case."""

import msgspec

from forensics.model.codec import decode, encode_text
from forensics.model.rules import BenignState, State
from forensics.model.sentences import Sentence


class ExplanationRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the archive as a whole says of one innocent cause of one observation."""

    n: int
    """From 0: the order in which they were found, which is that in which they count."""
    rule: str
    observation: str
    """SHA-256 of the observation's JSON as `observations` holds it."""
    cause: str
    state: str
    note: str
    """JSON text of a `Sentence`."""

    @property
    def benign(self) -> BenignState:
        """The state that was found."""
        note = decode(self.note, Sentence) if self.note else None
        return BenignState(cause=self.cause, state=State(self.state), note=note)


def row_of(n: int, rule: str, observation: str, state: BenignState) -> ExplanationRow:
    """Make the row of one explanation."""
    note = encode_text(state.note) if state.note is not None else ""
    return ExplanationRow(n=n, rule=rule, observation=observation, cause=state.cause, state=state.state, note=note)
