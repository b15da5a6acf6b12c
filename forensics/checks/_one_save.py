"""When two documents name one save: the same times of creation and last save, the same count of saves and sessions."""

from forensics.knowledge.constants import is_library_time, is_template_time
from forensics.model.documents import SAVES

MOST = 20
"""Places at which two texts of one save differ; more were made of one template."""
TOLD = f"""tied_by = 'save' AND places <= {MOST} AND NOT starts_with(format, 'pdf')
    AND NOT list_has_any(document_copies.properties, {sorted(SAVES)})"""
"""In a query: pairs that are told as two texts of one save, unless their times are a template's."""


def is_save(at: int | None, format: str) -> bool:
    """Whether a time of last change is that of a save: of templates and libraries it is none, and PDFs are printed."""
    return at is not None and not format.startswith("pdf") and not is_template_time(at) and not is_library_time(at)
