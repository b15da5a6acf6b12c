"""Rules and explainers: one file each. The two tuples below are the active set, in the order in which they run.

A rule names what it needs (a presence mask), states what was observed and which innocent causes it could settle; it
never grades. Rules whose id begins with ``case.`` read rows of the case's tables, all others one item.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

import msgspec

from forensics.errors import CheckError
from forensics.examples.cases import Case
from forensics.model.rules import BenignState, Context, Observation, Rule

RULES: tuple[str, ...] = (
    "mail.date_weekday",
    "mail.offset_unknown",
    "mail.zone_comment",
    "mail.date_after_first_trace",
    "mail.date_before_first_trace",
    "mail.message_id_time",
    "mail.id_form",
    "mail.client_form",
    "mail.boundary_time",
    "mail.exchange_boundary",
    "mail.content_id_time",
    "mail.thread_index_time",
    "mail.thread_topic",
    "mail.signing_time",
    "mail.seal_time",
    "mail.chain_claim",
    "mail.queue_id_time",
    "mail.queue_id_form",
    "mail.network_id_time",
    "mail.arrival_conflict",
    "mail.build_time",
    "mail.signature_window",
    "mail.signed_part",
    "mail.signed_part_time",
    "mail.signed_part_holds",
    "mail.mark_after_date",
    "mail.text_mark_after_date",
    "mail.authentication_conflict",
    "mail.recorded_from",
    "mail.recorded_signature",
    "mail.text_html_differ",
    "mail.attachment_size",
    "mail.attachment_date",
    "mail.named_file_missing",
    "mail.stated_length",
    "mail.named_size",
    "mail.stored_change",
    "mail.stored_differs",
    "mail.stored_order",
    "mail.unsigned_text",
    "mail.doubled_field",
    "mail.encoded_trace",
    "mail.draft_received",
    "mail.sender_ambiguous",
    "mail.sender_address",
    "mail.hidden_characters",
    "mail.hidden_text",
    "mail.lure",
    "mail.trace_reversal",
    "mail.inner_trace",
    "mail.hop_delay",
    "mail.date_after_as_of",
    "document.signature_broken",
    "document.signature_holds",
    "document.date_after_as_of",
    "document.modified_before_created",
    "document.packed_apart",
    "document.open_package",
    "document.open_save_form",
    "document.counted_text",
    "document.editing_time",
    "document.word_seconds",
    "document.tracked_change_date",
    "document.fields",
    "document.package_writer",
    "document.part_writer",
    "document.rsid_table",
    "document.unmarked_paragraph",
    "document.calc_chain",
    "document.shared_strings",
    "document.kept_sum",
    "document.chart_values",
    "document.pivot_cache",
    "document.listed_parts",
    "document.sheet_rows",
    "document.hidden_characters",
    "document.times_disagree",
    "document.program_after_date",
    "document.build_after_date",
    "document.mark_after_date",
    "document.change_after_save",
    "document.part_versions",
    "document.doc_local_time",
    "document.root_time",
    "document.time_precision",
    "document.version_agreement",
    "document.stream_writer",
    "document.system_after_date",
    "document.writeaccess_differs",
    "document.saved_by_differs",
    "image.modified_before_original",
    "archive.type_disguise",
    "archive.misnamed",
    "archive.member_time_conflict",
    "archive.packer_offset",
    "archive.packer_zones",
    "archive.patched_member",
    "archive.member_appended",
    "archive.two_readings",
    "archive.coarse_times",
    "archive.even_seconds",
    "archive.copy_burst",
    "archive.name_locale",
    "case.message_id_reuse",
    "case.marked_copies",
    "case.copy_claims",
    "case.copy_differs",
    "case.attachment_differs",
    "case.stated_file_differs",
    "case.list_differs",
    "case.list_incomplete",
    "case.folder_index_differs",
    "case.same_save_differs",
    "case.later_version_at_hand",
    "case.tnef_differs",
    "case.token_reuse",
    "case.reply_before_parent",
    "case.one_wrong_time",
    "case.quoted_date",
    "case.quoted_recipients",
    "case.quoted_sender",
    "case.reply_subject",
    "case.answer_subject",
    "case.answered_another",
    "case.quote_differs",
    "case.sender_offset",
    "case.sender_hours",
    "case.sender_profile",
    "case.client_profile",
    "case.client_version",
    "case.id_counter",
    "case.list_number",
    "case.ticket_number",
    "case.uid_order",
    "case.submission_address",
    "case.delivery_path",
    "case.hop_graph",
    "case.hop_on_top",
    "case.server_form",
    "case.host_before_time",
    "case.delivery_time",
    "case.foreign_signer",
    "case.signature_missing",
    "case.body_hash",
    "case.restored_text",
    "case.header_signature",
    "case.signed_elsewhere",
    "case.signing_key",
    "case.reference_differs",
    "case.reference_document",
    "case.document_differs",
    "case.signing_selector",
    "case.seal",
    "case.authenticated",
    "case.one_key",
    "case.signed_part",
    "case.signed_part_holds",
    "case.signer_key",
    "case.lookalike_domain",
    "case.reply_elsewhere",
    "case.reply_recipients",
    "case.name_of_another",
    "case.document_created_after_mail",
    "case.newer_than_member",
    "case.content_newer_than_member",
    "case.newer_than_file",
    "case.packer_zone",
    "case.batch_touch",
    "case.pasted_passage",
    "case.lineage_dates",
    "case.author_habits",
    "case.store_touched",
)
"""Ids of all rules; an id is the module's path below this package."""

EXPLAINERS: tuple[str, ...] = (
    "clock_skew",
    "sender_clock",
    "route_rewritten",
    "rewritten_on_way",
    "unsolicited",
    "broken_client",
    "other_device",
    "own_copy",
    "others_unsigned",
    "signed_intact",
    "store_header",
    "stripped_attachment",
    "file_forgotten",
)
"""Modules below ``explain``, named as the cause that they test."""


class ItemRule(Protocol):
    """The shape of a rule on one item."""

    RULE: Rule
    check: Callable[[Any, Context], Iterator[Observation]]
    cases: Callable[[], Iterator[Case]]


class CaseRule(Protocol):
    """The shape of a rule over the whole case."""

    RULE: Rule
    Row: type[msgspec.Struct]
    QUERY: str
    ROWS_NEEDED: Mapping[str, int]
    """Rows of a table below which it can observe nothing: it is not asked then."""
    check: Callable[[Iterable[Any], Context], Iterator[Observation]]
    cases: Callable[[], Iterator[Case]]


class Explainer(Protocol):
    """The shape of an explainer."""

    CAUSE: str
    Row: type[msgspec.Struct]
    QUERY: str
    explain: Callable[[Iterable[Any], Sequence[Observation], Context], Iterator[tuple[int, BenignState]]]
    cases: Callable[[], Iterator[Case]]


def load(name: str) -> Any:
    """Import one rule on first use: an `ItemRule`, or a `CaseRule` where the id begins with ``case.``.

    Raises:
        CheckError: no such rule is in force, or its id is not its path.
    """
    if name not in RULES:
        raise CheckError(f"no rule {name!r} is in force")
    module = import_module(f"{__name__}.{name}")
    if module.RULE.id != name:
        raise CheckError(f"rule {name!r} calls itself {module.RULE.id!r}")
    return module


def load_all() -> None:
    """Import all rules and explainers: then every sentence that a case can hold is declared."""
    for name in RULES:
        load(name)
    for name in EXPLAINERS:
        load_explainer(name)


def load_explainer(name: str) -> Explainer:
    """Import one explainer on first use.

    Raises:
        CheckError: no such explainer is in force, or it tests another cause than its name says.
    """
    if name not in EXPLAINERS:
        raise CheckError(f"no explainer {name!r} is in force")
    module = import_module(f"{__name__}.explain.{name}")
    if name != module.CAUSE:
        raise CheckError(f"explainer {name!r} tests cause {module.CAUSE!r}")
    return cast(Explainer, module)
