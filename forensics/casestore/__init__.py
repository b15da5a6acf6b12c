"""The case on disk: tables, custody log, queries.

In the order in which a scan uses it::

    case = CaseFolder.create(path, info)             # or CaseFolder.open(path); clock as last argument
    with case.lock():                                # CaseLocked if held; empties case.tmp
        discard_unlogged(case)                       # table files that a crash left without their log line
        done = completed_units(case)                 # ids of units that need not be read again
        files = write_unit(case, unit_id, {table: path of JSON lines below case.tmp})
        case.custody.append("unit", {"unit": unit_id}, files)        # the line follows the files, never precedes them
        case.update_info(info)                       # case.json, with its own log line
        files = write_unit(case, "grade", {"findings": path})        # rows over the whole case: unit of a stage's name
        case.custody.append("stage", {"stage": "grade", "id": id}, files)
        case.custody.append("case_tables", {}, write_views(case))    # all stages are done
        with Queries(case) as queries:               # sees the files that the log names
            queries.rows(sql, parameters, kind)      # Iterator[kind]
            queries.stored(sql, parameters, kind)    # Iterator[kind], of one column of JSON text
            queries.pairs(sql, parameters)           # list of two-tuples
            queries.renew({"findings"})              # what was written since
            queries.hold({"occurrences"})            # in memory with an index of digests, for many single items
            logical_digest(queries)                  # the same for two runs over one source
        case.custody.head()                          # to write down
    LockedViews(case).query(sql, parameters)         # a caller's own SELECT over the views of ``views.sql``: `Rows`
    reached(case)                                    # how far reading and judging got, by the log

``case.path``, ``case.tmp``, ``case.info`` and ``case.custody`` (``append``, ``head``, ``lines``, ``files``, ``check``)
are there without the lock; ``append`` takes it for one line if it is not held. ``write_file`` writes any other file of
the case (a report) atomically and returns its digest for the log; ``keep_index`` stores the index of words, which the
case may lose. ``storing`` says in our errors why a file elsewhere cannot be written.
"""

from forensics.casestore._files import hash_file, storing, write_file
from forensics.casestore.case import CaseFolder, is_case
from forensics.casestore.custody import Custody
from forensics.casestore.derived import DERIVED, INDEX, INDEX_REMOVED, drop_index, index_of, keep_index
from forensics.casestore.digest import logical_digest, source_digest
from forensics.casestore.locked import LockedViews, Parameters, Rows
from forensics.casestore.progress import progress_of, reached
from forensics.casestore.queries import Queries
from forensics.casestore.tables import completed_units, discard_unlogged, table_files, unit_as_logged, write_unit
from forensics.casestore.views import write_views

__all__ = [
    "DERIVED",
    "INDEX",
    "INDEX_REMOVED",
    "CaseFolder",
    "Custody",
    "LockedViews",
    "Parameters",
    "Queries",
    "Rows",
    "completed_units",
    "discard_unlogged",
    "drop_index",
    "hash_file",
    "index_of",
    "is_case",
    "keep_index",
    "logical_digest",
    "progress_of",
    "reached",
    "source_digest",
    "storing",
    "table_files",
    "unit_as_logged",
    "write_file",
    "write_unit",
    "write_views",
]
