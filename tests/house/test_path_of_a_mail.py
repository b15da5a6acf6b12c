"""A mail's way through the house does not grow longer: whoever follows it has to open so many files."""

import runpy
from pathlib import Path

FILES, RETURNS = 41, 2


def test_the_way_of_a_mail_is_no_longer_than_it_was() -> None:
    path = runpy.run_path(str(Path(__file__).with_name("path_of_a_mail.py")))
    found = path["way"](lambda: path["check"](path["MAIL"]))
    assert path["ENTRY"] in found.files and "engine/reading/examine.py" in found.files
    assert len(found.files) <= FILES, found.files
    assert found.returns <= RETURNS
