"""The processes that run stages, as the one sees them that has a case judged."""

import contextlib
import os
import select
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from forensics.casestore import CaseFolder, table_files
from forensics.engine.reading.nursery import STAGES, Forked, Nursery
from forensics.engine.staging.protocol import Answer, Setup, Task
from forensics.errors import WorkerFailed
from forensics.model.codec import encode
from forensics.stages.stage import Settings

WORTH_BYTES = 2 << 20
"""Of the files of ``messages``, below which a process costs more than it saves: some 2,000 list mails (a process takes
0.15 s to load the database, and makes flat tables of its own)."""
MOST = 4
"""Processes of a crew: stages wait for each other, so that more save little, and each writes flat tables of its own,
1.3 kB a mail, below the case's ``tmp/`` where there are many."""
_LINE = 1 << 20


def is_worth_it(folder: CaseFolder, jobs: int) -> bool:
    """Whether a case is so large that its stages are to run side by side."""
    files = table_files(folder, ["messages"])["messages"]
    return jobs > 1 and sum([file.stat().st_size for file in files]) >= WORTH_BYTES


class Crew:
    """Some processes; those that fail are not replaced.

    Args:
        folder: the case, locked.
        settings: what its stages may take, but for what reads items again.
        roots: label of a source to where it lies.
        passwords: tried in order on encrypted ranges.
        jobs: number of processes, of which `MOST` are used.

    Attributes:
        peak_bytes: largest resident memory of one that has ended.
        cpu_s: processor time of those that have ended.
    """

    def __init__(
        self, folder: CaseFolder, settings: Settings, roots: Mapping[str, Path], passwords: Sequence[bytes], jobs: int
    ) -> None:
        self._setup = Setup(
            case=os.fsencode(folder.path),
            tmp=b"",
            as_of=settings.as_of,
            leave_out=settings.leave_out,
            limits=settings.limits,
            roots={label: os.fsencode(root.absolute()) for label, root in roots.items()},
            passwords=tuple(passwords),
        )
        self._tmp = folder.tmp
        jobs = min(jobs, MOST)
        self._nursery = Nursery(jobs, STAGES)
        self._idle: list[_Member] = []
        self._busy: list[_Member] = []
        self._left = jobs
        self.cpu_s, self.peak_bytes = 0.0, 0

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for member in [*self._busy, *self._idle]:
            self._end(member)
        self._nursery.close()

    def _end(self, member: "_Member") -> None:
        member.end()
        self.cpu_s += member.cpu_s
        self.peak_bytes = max(self.peak_bytes, member.peak_bytes)

    @property
    def at_work(self) -> bool:
        """Whether any process has a task."""
        return bool(self._busy)

    def give(self, task: Task) -> bool:
        """Hand over a task; ``False``: nobody is free."""
        if not self._idle and self._left:
            self._start()
        while self._idle:
            member = self._idle.pop(0)
            if member.give(task):
                self._busy.append(member)
                return True
            self._end(member)
        return False

    def _start(self) -> None:
        self._left -= 1
        folder = self._tmp / f"crew-{self._left}"
        try:
            folder.mkdir(mode=0o700)
            self._idle.append(_Member(self._nursery.fork(), folder, self._setup))
        except (OSError, WorkerFailed):  # others do its work, or the caller does
            self._left = 0

    def answer(self) -> tuple[Task, Answer | None]:
        """Wait for an answer; ``None``: that process ended, or failed in a way that who asked must see for themselves.

        Some process is `at_work`.
        """
        waiting = select.poll()
        by_pipe = {pipe: member for member in self._busy for pipe in (member.answers, member.errors)}
        for pipe in by_pipe:
            waiting.register(pipe, select.POLLIN)
        while True:
            for pipe, _ in waiting.poll():
                member = by_pipe[pipe]
                if pipe == member.errors:
                    if not member.hear():
                        waiting.unregister(pipe)
                    continue
                self._busy.remove(member)
                answer = member.take()
                if answer is None:
                    self._end(member)
                else:
                    self._idle.append(member)
                assert member.task is not None
                return member.task, answer if answer and answer.kind != "failed" else None


class _Member:
    """One process.

    Attributes:
        task: what it was given last.
        answers: where it answers.
        errors: where it says more.
        cpu_s: processor time that it says it used.
        peak_bytes: largest resident memory that it says it had.
    """

    def __init__(self, process: Forked, folder: Path, setup: Setup) -> None:
        self._process, self._folder = process, folder
        self._requests, self.answers, self.errors = process.pipes
        self.task: Task | None = None
        self.cpu_s, self.peak_bytes = 0.0, 0
        self._unsent = encode(msgspec.structs.replace(setup, tmp=os.fsencode(folder))) + b"\n"

    def give(self, task: Task) -> bool:
        """Hand over a task; ``False``: it has ended."""
        self.task = task
        line = memoryview(self._unsent + encode(task) + b"\n")
        self._unsent = b""
        try:
            while line:
                line = line[os.write(self._requests, line) :]
        except BrokenPipeError:
            return False
        return True

    def take(self) -> Answer | None:
        """Return the answer that has begun to come; ``None``: it ended, or said something else."""
        line = b""
        while not line.endswith(b"\n"):
            more = os.read(self.answers, _LINE)
            if not more:
                return None
            line += more
        try:
            answer = msgspec.json.decode(line, type=Answer)
        except msgspec.MsgspecError:
            return None
        self.cpu_s, self.peak_bytes = answer.cpu_s, answer.peak_bytes
        return answer

    def hear(self) -> bool:
        """Drop what it says on standard error; whether more can come."""
        return bool(os.read(self.errors, _LINE))

    def end(self) -> None:
        """Stop it."""
        self._process.end()
        for pipe in self._process.pipes:
            with contextlib.suppress(OSError):
                os.close(pipe)
        shutil.rmtree(self._folder, ignore_errors=True)
