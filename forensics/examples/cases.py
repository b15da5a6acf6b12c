"""The cases of a rule: what it is given and what it must do."""

from enum import StrEnum

import msgspec

from forensics.examples.files import location
from forensics.examples.times import ticks
from forensics.model.locations import Locator
from forensics.model.rules import Context, Evidence, Observation, Role, SubjectRef
from forensics.model.sentences import Sentence
from forensics.model.time_kinds import TimeKind


class Kind(StrEnum):
    """What a rule or explainer does on a case."""

    FIRES = "fires"
    SILENT = "silent"
    EXPLAINED = "explained"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case of a rule or explainer: what it is given and what it must do."""

    kind: Kind
    subject: object
    """The item for an item rule; a tuple of rows for a case rule or an explainer."""
    why: str
    """What the case shows, for the rule's page."""
    bin: str = ""
    by: str = ""
    """Cause that explains the observation."""
    count: int = 1
    """How many observations."""
    observations: tuple[Observation, ...] = ()
    """What an explainer is offered."""
    context: Context

    @property
    def text(self) -> str:
        """The case as a line of the rule's page."""
        outcome = {Kind.FIRES: self.bin, Kind.SILENT: "silent", Kind.EXPLAINED: f"explained by {self.by}"}[self.kind]
        return f"{self.why}: {outcome}"


AS_OF = "2026-01-01T00:00:00+00:00"


def fires(subject: object, why: str, *, bin: str, count: int = 1) -> Case:
    """A case on which the rule yields *count* observations, the first in *bin*, which nothing explains."""
    return Case(kind=Kind.FIRES, subject=subject, why=why, bin=bin, count=count, context=context())


def silent(subject: object, why: str, *, observations: tuple[Observation, ...] = ()) -> Case:
    """A case on which the rule yields nothing, or the explainer explains nothing."""
    return Case(kind=Kind.SILENT, subject=subject, why=why, observations=observations, context=context())


def explained(
    subject: object, why: str, *, by: str, count: int = 1, observations: tuple[Observation, ...] = ()
) -> Case:
    """A case on which the rule settles cause *by* as the explanation, or the explainer explains all it is offered."""
    return Case(
        kind=Kind.EXPLAINED,
        subject=subject,
        why=why,
        by=by,
        count=count,
        observations=observations,
        context=context(),
    )


def context(as_of: str = AS_OF) -> Context:
    """A context with a fixed as-of."""
    return Context(as_of=ticks(as_of))


def observation(
    rule: str = "mail.trace_reversal",
    *,
    sha256: str = "0" * 64,
    bin: str = "back>5min",
    compare: str = "",
    cluster: str = "",
    keys: dict[str, str] | None = None,
    role: Role = Role.SUSPECT,
) -> Observation:
    """An observation of one item, as the engine stores it; its sentence is the rule's."""
    locator = Locator(ranges=((0, 1),), path="header:Date[0]")
    evidence = Evidence(role=role, label="Date", value="x", raw=b"x", locator=locator, kind=TimeKind.DATE)
    return Observation(
        sentence=Sentence(f"rule.{rule}"),
        bin=bin,
        evidence=(evidence,),
        suspect="header:Date[0]",
        subjects=(SubjectRef(role=role, sha256=sha256, location=location(sha256=sha256)),),
        cluster=cluster,
        compare=compare,
        keys=keys or {},
        rule=rule,
    )
