"""A process that runs stages: takes tasks on standard input, reads the case, writes rows below its ``tmp/``, answers.

Forked by `forensics.engine.reading.nursery`. It parses mails and documents that stages read again, so it leaves the
network; it writes no table, and nothing into the log: that does who gave the task.
"""

import gc
import os
import resource
import signal
import tempfile
import time
import traceback
from pathlib import Path

import msgspec

from forensics import checks
from forensics.casestore import CaseFolder, Queries
from forensics.engine.reading.confine import leave_network
from forensics.engine.reading.worker import channels
from forensics.engine.roots import contents_of
from forensics.engine.staging.performing import Performer
from forensics.engine.staging.protocol import Answer, Setup, Task
from forensics.errors import StorageFull
from forensics.model.codec import encode
from forensics.stages import STAGES
from forensics.stages.stage import Settings, divided, load


def prepare() -> None:
    """Import the stages, and the rules that they run; this module has imported the database, which runs nothing yet."""
    for name in STAGES:
        load(name)
    for name in checks.RULES:
        checks.load(name)


def main() -> None:
    """Serve tasks until standard input closes."""
    requests, answers = channels()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when this stops
    leave_network()
    setup = msgspec.json.decode(requests.readline(), type=Setup)
    tmp = Path(os.fsdecode(setup.tmp))
    tempfile.tempdir = str(tmp)
    folder = CaseFolder.open(Path(os.fsdecode(setup.case)))
    folder.tmp = tmp
    roots = {label: Path(os.fsdecode(root)) for label, root in setup.roots.items()}
    with (
        Queries(folder, without=STAGES) as queries,
        contents_of(folder, roots, setup.passwords, setup.limits) as contents,
    ):
        settings = Settings(as_of=setup.as_of, leave_out=setup.leave_out, limits=setup.limits, contents=contents)
        performer = Performer(folder, queries, settings, [load(name) for name in STAGES])
        shown = ""
        for line in requests:
            task = msgspec.json.decode(line, type=Task)
            answer = _answer(performer, task, shown)
            shown = task.stage
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            answer = msgspec.structs.replace(answer, cpu_s=time.process_time(), peak_bytes=peak)
            answers.write(encode(answer) + b"\n")


def _answer(performer: Performer, task: Task, shown: str) -> Answer:
    """Do a task; *shown* is the stage of the one before."""
    stage = load(task.stage)
    try:
        if task.stage != shown or task.part is None:
            performer.show(stage)
        if task.part is None:
            if not performer.has_enough(stage):
                return Answer(kind="parts")
            if divided(stage) is not None:
                return Answer(kind="parts", parts=performer.parts(stage))
        return Answer(kind="done", performed=performer.perform(stage, task.part or "", Path(task.into)))
    except StorageFull as error:
        return Answer(kind="full", text=str(error))
    except Exception:  # noqa: BLE001  who gave the task does it then, and raises what it raises
        return Answer(kind="failed", text=traceback.format_exc(limit=-4))
