"""Judge every partition of a recorded log, several at a time, each in a process of its own."""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from ctypes import c_longlong
from pathlib import Path
from typing import Any

from chassis.memory import settle
from policy.core.compile import compile_rulebook
from policy.core.compiled import Compiled
from policy.core.rulebook import parse
from policy.proof.course import Course, Plan
from policy.proof.findings import Findings
from reeve.backtest.log import Recorded, read_shard

FEW = 20_000  # events that one process judges before another has started
STEP = 500
TICK_S = 0.2

_progress: Any = None
_books: dict[str, Compiled] = {}


def judge(
    log: Recorded,
    plan: Plan,
    texts: Mapping[str, str],
    *,
    told: Callable[[int], None],
    processes: int = 0,
) -> Findings:
    """Return what the whole log came to; ``told`` hears now and then how many events are done.

    ``texts`` holds every rulebook that the plan or the log names. ``processes`` 0: as many as there
    are processors.
    """
    rung = frozenset(log.rung)
    found = Findings(samples_max=plan.samples)
    workers = min(processes or os.cpu_count() or 1, len(log.shards))
    if workers <= 1 or (not processes and log.events < FEW):
        books = compiled(texts)
        done = 0
        for shard in sorted(log.shards):
            found.merge(judge_shard(log.shards[shard], plan, books, rung, _after(done, told)))
            done += log.counts[shard]
        return found
    context = multiprocessing.get_context("spawn")
    progress = context.Value(c_longlong, 0)
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(progress, dict(texts))
    ) as pool:
        largest = sorted(log.shards, key=lambda shard: (-log.counts[shard], shard))
        waiting: set[Future[Findings]] = {
            pool.submit(_work, log.shards[shard], plan, rung) for shard in largest
        }
        while waiting:
            done_now, waiting = wait(waiting, timeout=TICK_S, return_when=FIRST_COMPLETED)
            for future in done_now:
                found.merge(future.result())
            told(progress.value)
    return found


def _after(done: int, told: Callable[[int], None]) -> Callable[[int], None]:
    return lambda number: told(done + number)


def compiled(texts: Mapping[str, str]) -> dict[str, Compiled]:
    """Return rulebooks ready to run, by digest."""
    return {digest: compile_rulebook(parse(text)) for digest, text in texts.items()}


def judge_shard(
    path: Path,
    plan: Plan,
    books: Mapping[str, Compiled],
    rung: frozenset[str],
    told: Callable[[int], None],
) -> Findings:
    """Return what one partition came to."""
    course = Course(plan, books, rung)
    number = 0
    for number, (seq, view) in enumerate(read_shard(path), start=1):
        course.hear(view, seq)
        if number % STEP == 0:
            told(number)
    told(number)
    return course.findings


def _begin(progress: Any, texts: Mapping[str, str]) -> None:  # noqa: ANN401 -- multiprocessing has no name for it
    global _progress  # noqa: PLW0603 -- what a worker is given once, when it starts
    _progress = progress
    _books.update(compiled(texts))
    settle()


def _work(path: Path, plan: Plan, rung: frozenset[str]) -> Findings:
    heard = 0

    def told(number: int) -> None:
        nonlocal heard
        with _progress.get_lock():
            _progress.value += number - heard
        heard = number

    return judge_shard(path, plan, _books, rung, told)
