"""Innocent causes of documents that are nearly one, or have words or sessions of another."""

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
    BenignCause(
        id="text_inserted",
        tested=("record",),
        title=says("benign.text_inserted", one="text put in by an add-in or a form"),
        wording=says(
            "benign.text_inserted.wording",
            one=(
                "A program that fills in forms, letters, references or headings put the paragraph in after Word had "
                "saved the document, as it does with all its documents."
            ),
        ),
        settle=says(
            "benign.text_inserted.settle",
            one="Other documents that went through the same program show the same at the same place.",
        ),
    ),
    BenignCause(
        id="building_block",
        tested=("record",),
        title=says("benign.building_block", one="a text block or template that both used"),
        wording=says(
            "benign.building_block.wording",
            one="The words come from a text block, a form or a template, from which both documents have them.",
        ),
        settle=says(
            "benign.building_block.settle",
            one="The text block or template still exists, and other documents of the office hold the same words.",
        ),
    ),
    BenignCause(
        id="written_together",
        tested=("record",),
        title=says("benign.written_together", one="documents written together or merged"),
        wording=says(
            "benign.written_together.wording",
            one=(
                "Several people wrote in copies of one document, which a server or a person merged, or their author "
                "took over words of their own from another document."
            ),
        ),
        settle=says(
            "benign.written_together.settle",
            one="The author, or the version history of the server, knows when and from where the words were taken.",
        ),
    ),
    BenignCause(
        id="old_version_saved",
        tested=("record",),
        title=says("benign.old_version_saved", one="an old version saved again"),
        wording=says(
            "benign.old_version_saved.wording",
            one=(
                "Somebody opened an older version after the newer one was made and saved it again, as a copy or by a "
                "program, without an editing session of its own."
            ),
        ),
        settle=says(
            "benign.old_version_saved.settle",
            one="Another copy of the older version has the earlier date; the two hold the same text.",
        ),
    ),
    BenignCause(
        id="begun_by_another",
        tested=("record",),
        title=says("benign.begun_by_another", one="a document begun by somebody else"),
        wording=says(
            "benign.begun_by_another.wording",
            one=(
                "The document was begun by somebody else, or from another office's form, and keeps the marks of that; "
                "or its last author worked on another computer."
            ),
        ),
        settle=says(
            "benign.begun_by_another.settle",
            one="The last author knows from whom the document came, and on which computers they worked.",
        ),
    ),
)
