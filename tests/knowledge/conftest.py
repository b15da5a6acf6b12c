"""Loading times of tables: the best of several, since a collection of garbage may fall into one."""

import time
from collections.abc import Callable
from typing import Any

import pytest

BUDGET_S = 0.05


@pytest.fixture
def loads_fast() -> Callable[[Any], bool]:
    """Whether a cached loader stays within the budget of a table."""

    def timed(load: Any) -> bool:
        best = 1.0
        for _ in range(5):
            load.cache_clear()
            start = time.process_time()
            load()
            best = min(best, time.process_time() - start)
        return best < BUDGET_S

    return timed
