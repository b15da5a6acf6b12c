"""What rules on two documents share: when both name one save, and what explains that they do not say the same.

Documents name one save by the same times of creation and last save, the same count of saves and the same sessions.
"""

import re
from collections.abc import Sequence

from forensics.knowledge.constants import is_library_time, is_template_time
from forensics.model.comparing import Difference
from forensics.model.documents import SAVES
from forensics.model.sentences import says

MOST = 20
"""Places at which two texts of one save differ; more were made of one template."""
TOLD = f"""tied_by = 'save' AND places <= {MOST} AND NOT starts_with(format, 'pdf')
    AND NOT list_has_any(document_copies.properties, {sorted(SAVES)})"""
"""In a query: pairs that are told as two texts of one save, unless their times are a template's."""
OFFICE = "made by 45 on 0"
"""How desktop Office marks the members of a package."""
_MARGIN = re.compile(r"(?:\A|/)(?:header|footer)\d*\.xml\Z|styles\.xml\Z|#(?:header|footer)s?\Z")
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


def is_save(at: int | None, format: str) -> bool:
    """Whether a time of last change is that of a save: of templates and libraries it is none, and PDFs are printed."""
    return at is not None and not format.startswith("pdf") and not is_template_time(at) and not is_library_time(at)


def only_margins(kinds: Sequence[str], found: Sequence[Difference]) -> bool:
    """Whether only numbers differ, and only in what stands on several pages."""
    return set(kinds) == {"number"} and all(_MARGIN.search(one.name) for one in found)
