from pathlib import Path

import pytest

from forensics._demo import Demo


@pytest.fixture(scope="module")
def demo(made: Demo) -> Path:
    return made.scan.case.parent
