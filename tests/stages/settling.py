"""Fills in what explainers found, for tests that have all observations at hand."""

from collections.abc import Iterable, Sequence

import msgspec

from forensics.stages.observed import Explanation, Observed, with_state


def settle(observed: Sequence[Observed], found: Iterable[Explanation]) -> tuple[Observed, ...]:
    """Fill in what explainers found, in their order; the observations keep theirs."""
    settled = list(observed)
    for at, state in found:
        one = settled[at]
        settled[at] = msgspec.structs.replace(one, observation=with_state(one.observation, state))
    return tuple(settled)
