import pytest

from forensics.errors import CheckError
from forensics.examples.cases import context
from forensics.stages.running import parameters


def test_parameters_are_those_that_the_query_names() -> None:
    assert parameters("SELECT 1", context()) == {}
    assert parameters("SELECT $as_of, $as_of", context()) == {"as_of": context().as_of}
    with pytest.raises(CheckError, match=r"\$other"):
        parameters("SELECT $other", context())
