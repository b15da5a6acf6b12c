"""Innocent causes of two documents that are nearly one."""

from forensics.knowledge.benign.cause import BenignCause
from forensics.model.sentences import says

CAUSES = (
    BenignCause(
        id="later_version",
        tested=("rule", "record"),
        title=says("benign.later_version", one="another version"),
        wording=says(
            "benign.later_version.wording",
            one="Somebody went on writing, and saved the document again, before or after the other copy was kept.",
        ),
        settle=says(
            "benign.later_version.settle",
            one="The author or the document management has both versions, each with the time of its save.",
        ),
    ),
    BenignCause(
        id="filled_form",
        tested=("rule", "record"),
        title=says("benign.filled_form", one="one form, filled several times"),
        wording=says(
            "benign.filled_form.wording",
            one=(
                "A program, or a person with a form, filled one template several times; the properties of the template "
                "went with it."
            ),
        ),
        settle=says(
            "benign.filled_form.settle",
            one="Further documents have the same properties and another text; what differs is what was filled in.",
        ),
    ),
    BenignCause(
        id="updated_fields",
        tested=("rule", "record"),
        title=says("benign.updated_fields", one="fields that a program computes"),
        wording=says(
            "benign.updated_fields.wording",
            one=(
                "Dates, numbers of pages, results of formulas and tables of contents are computed anew when a program "
                "converts a document or reads it."
            ),
        ),
        settle=says(
            "benign.updated_fields.settle",
            one="What differs stands in fields or formulas of both documents.",
        ),
    ),
)
"""In the order of what they are about."""
