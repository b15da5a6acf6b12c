"""Small findings and ranked lines."""

from collections.abc import Callable

import pytest

from forensics.examples.files import location
from forensics.model.findings import Finding, ItemRef, Ranked
from forensics.model.rules import Proposition, Role, SubjectRef


@pytest.fixture
def finding() -> Callable[..., Finding]:
    def make(item: str, strength: str, role: Role = Role.SUSPECT) -> Finding:
        place = location(f"{item}.eml")
        return Finding(
            id=f"{item}{strength}",
            rule="mail.test",
            rule_version=1,
            group="date",
            proposition=Proposition.BACKDATED,
            strength=strength,
            contradiction=False,
            bin="off",
            rate=None,
            reference=None,
            habit=None,
            statement="",
            subjects=(SubjectRef(role=role, sha256=item, location=place),),
            item=ItemRef(sha256=item, location=place),
            evidence=(),
            benign=(),
            settle="",
            references=(),
        )

    return make


@pytest.fixture
def ranked() -> Callable[..., Ranked]:
    def make(item: str, score: float) -> Ranked:
        return Ranked(
            rank=1,
            score=score,
            strength="weak",
            item=ItemRef(sha256=item, location=location(f"{item}.eml")),
            cluster=None,
            propositions=(Proposition.BACKDATED,),
            findings=(),
            reasons=(),
            supported_by=(),
        )

    return make
