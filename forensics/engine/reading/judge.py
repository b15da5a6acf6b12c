"""Rules on one item: who is called, what is observed, and the bytes around what it rests on."""

import traceback

import msgspec

from forensics.engine.reading.faults import is_full
from forensics.engine.reading.gates import Gates
from forensics.engine.reading.state import Sink
from forensics.model.codec import encode_text
from forensics.model.items import ByteSource, Notice
from forensics.model.locations import Location
from forensics.model.rows import notices, observations
from forensics.model.rules import Context, Evidence, Observation, Role, Rule, Subject, SubjectRef

CONTEXT_BYTES = 80
"""Quoted on each side of a cited range."""


class Judge:
    """Calls the rules that have power on an item, and writes what they observe into a sink.

    Attributes:
        observed: observations so far.
    """

    def __init__(self, sink: Sink, context: Context, gates: Gates) -> None:
        self._sink = sink
        self._context = context
        self._gates = gates
        self.observed = 0

    def __call__(
        self, subject: Subject, mask: int, facts: object, sha256: str, location: Location, source: ByteSource | None
    ) -> None:
        """Judge one item; *source* holds its bytes, if they are at hand."""
        for rule, check in self._gates.rules(subject, mask):
            try:
                for observation in check(facts, self._context):
                    self._record(rule, observation, sha256, location, source)
            except Exception as error:
                if is_full(error):
                    raise
                if isinstance(error, MemoryError):
                    notice = Notice(code="engine.memory", text=f"not enough memory for rule {rule.id}/{rule.version}")
                else:
                    fault = f"{rule.id}/{rule.version}: {traceback.format_exc(limit=-4)}"
                    notice = Notice(code="engine.rule_fault", text=fault)
                self._sink.add("notices", notices.row_of(sha256, encode_text(location), location.text, notice))

    def _record(
        self, rule: Rule, seen: Observation, sha256: str, location: Location, source: ByteSource | None
    ) -> None:
        self.observed += 1
        subjects = seen.subjects or (SubjectRef(role=Role.SUSPECT, sha256=sha256, location=location),)
        evidence = tuple(_with_context(fact, source) for fact in seen.evidence)
        whole = msgspec.structs.replace(seen, subjects=subjects, evidence=evidence)
        self._sink.add("observations", observations.row_of(rule, whole, sha256, location))


def _with_context(fact: Evidence, source: ByteSource | None) -> Evidence:
    """Add the bytes around a fact that stands in the item itself, while they are at hand."""
    if source is None or not fact.locator.ranges or fact.locator.steps or fact.location is not None or fact.context:
        return fact
    start = max(0, fact.locator.ranges[0][0] - CONTEXT_BYTES)
    end = min(source.size, fact.locator.ranges[-1][1] + CONTEXT_BYTES)
    # A field of megabytes is cited by its range, not copied.
    return msgspec.structs.replace(fact, context=source.read(start, min(end, start + 4096)), context_start=start)
