"""What explains that two documents do not say the same: its words, and signs of it."""

import re
from collections.abc import Sequence

from forensics.model.comparing import Difference
from forensics.model.sentences import says

OFFICE = "made by 45 on 0"
"""How desktop Office marks the members of a package."""
_MARGIN = re.compile(r"(?:\A|/)(?:header|footer)\d*\.xml\Z|styles\.xml\Z")
"""The name of a part whose text stands on several pages."""

OTHERS = says(
    "note.same_save_often",
    one="{same} documents here have these times, each with a text of its own: a program fills a form.",
)
IN_MARGINS = says("note.number_in_margin", one="Only numbers in headers or footers differ, as those of pages do.")
IN_ITS_PLACE = says(
    "note.form_in_its_place", one="A third document here has yet other words in each of these places: a form is filled."
)
BY_LIBRARY = says(
    "note.no_office_writer", one="Neither package has the marks of desktop Office: libraries write such files."
)


def only_margins(kinds: Sequence[str], found: Sequence[Difference]) -> bool:
    """Whether only numbers differ, and only in what stands on several pages."""
    return set(kinds) == {"number"} and all(_MARGIN.search(one.name) for one in found)
