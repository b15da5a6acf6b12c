"""Runs the stages over a case, each in its turn; one that would give what it gave before is skipped."""

import shutil
from collections.abc import Sequence

from forensics.casestore import CaseFolder, Queries, table_files, unit_as_logged, write_unit
from forensics.errors import CheckError, StorageFull
from forensics.model.codec import encode
from forensics.stages import STAGES
from forensics.stages.identity import stage_id
from forensics.stages.running import no_collector
from forensics.stages.stage import Settings, Stage, Tables, Written, load


def run_stages(folder: CaseFolder, queries: Queries, settings: Settings, stages: Sequence[Stage] | None = None) -> None:
    """Bring the tables of all stages up to date; the case is locked, and everything that is read is logged.

    Args:
        folder: the case.
        queries: its tables; they show what the stages wrote when this is done.
        settings: what the stages may take.
        stages: in their order; all that there are by default.

    Raises:
        StorageFull: the disk is full.
    """
    stages = [load(name) for name in STAGES] if stages is None else stages
    names = [stage.NAME for stage in stages]
    written = sorted({table for stage in stages for table in stage.WRITES})
    last = _last_ids(folder)
    tables = Tables(queries.rows)
    for place, stage in enumerate(stages):
        # A stage reads what was read from the sources and what earlier stages made, nothing that it made itself.
        later = names[place:]
        wanted = stage_id(stage, settings, _inputs(folder, stage, later))
        if last.get(stage.NAME) == wanted and unit_as_logged(folder, stage.NAME):
            folder.custody.append("stage", {"stage": stage.NAME, "id": wanted, "skipped": "unchanged"})
            continue
        queries.renew([table for table in written if table in stage.READS], without=later)
        with no_collector():
            rows = stage.run(tables, settings.only(stage.TAKES))
        counts = {table: str(len(lines)) for table, lines in rows.items()}
        folder.custody.append("stage", {"stage": stage.NAME, "id": wanted, **counts}, _write(folder, stage, rows))
        tables.renewed(stage.WRITES)
    queries.renew(written)


def _inputs(folder: CaseFolder, stage: Stage, later: Sequence[str]) -> dict[str, str]:
    """Return path below the case and digest of every file that a stage reads."""
    found = table_files(folder, stage.READS, without=later)
    return {
        file.relative_to(folder.path).as_posix(): digest for files in found.values() for file, digest in files.items()
    }


def _last_ids(folder: CaseFolder) -> dict[str, str]:
    """Return by name the id under which each stage last ran, or was found to be as it was."""
    lines = [line.details for line in folder.custody.lines() if line.action == "stage"]
    return {details["stage"]: details["id"] for details in lines if "stage" in details and "id" in details}


def _write(folder: CaseFolder, stage: Stage, rows: Written) -> dict[str, str]:
    """Write what a stage gives; return path below the case to digest for the log line that must follow."""
    if strange := rows.keys() - set(stage.WRITES):
        raise CheckError(f"stage {stage.NAME} does not say that it writes {', '.join(sorted(strange))}")
    made = folder.tmp / stage.NAME
    try:
        made.mkdir(mode=0o700)
        for table, lines in rows.items():
            (made / table).write_bytes(b"".join([encode(line) + b"\n" for line in lines]))
    except OSError as error:
        raise StorageFull(f"cannot write what stage {stage.NAME} gives: {error.strerror}") from error
    files = write_unit(folder, stage.NAME, {table: made / table for table in rows})
    shutil.rmtree(made)
    return files
