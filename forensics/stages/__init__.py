"""What stands between tables: each stage reads tables, writes tables, and is redone only when what it rests on changed.

A stage is one module here, shaped as `stage.Stage` says. The tuple below is their order; a stage may read what earlier
ones wrote.
"""

STAGES: tuple[str, ...] = (
    *("verdicts", "signers", "repair", "threads", "clocks", "counterparts", "quotes", "copies"),
    *("copy_claims", "document_copies", "lineage", "restored", "observe", "explain", "grade", "label"),
)
