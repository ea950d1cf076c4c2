"""Run functions in processes of this machine."""

import multiprocessing
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from cleaner.engines.attempt import Attempt
from cleaner.engines.crew import AHEAD, Crew, Task
from cleaner.engines.inline import InlineEngine
from cleaner.engines.limits import Limits
from cleaner.engines.starting import Preparation, start

Item = TypeVar("Item")
Result = TypeVar("Result")


class LocalEngine:
    """Worker processes. Use it in a `with` statement; leaving it ends them.

    No item can take the run down: a worker that is at one of its parts for too long, holds too
    much memory or dies is replaced, and the item is begun again, in the end without that part.

    Args:
        workers: processes beside the program.
        preparation: what workers need to have loaded.
        limits: what a worker may take.
        keeps_workers: whether they stay from one `map` to the next.

    """

    def __init__(
        self,
        workers: int,
        preparation: Preparation | None = None,
        limits: Limits | None = None,
        *,
        keeps_workers: bool = False,
    ) -> None:
        self._most_tasks = 2 * AHEAD * workers
        self._keeps_workers = keeps_workers
        prepared = partial(start, preparation or Preparation())
        self._crew = Crew(workers, limits or Limits(), prepared)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._crew.dismiss()

    def map(
        self, function: Callable[[Item, Attempt], Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """The results in the order of the items, a bounded number of which is taken in advance.

        A process that multiprocessing made a daemon may have no workers, and does the work itself.

        Raises:
            CleanerError: workers end again and again, and no part of an item is the cause.

        """
        if multiprocessing.current_process().daemon:
            yield from InlineEngine().map(function, items)
            return
        pickled = pickle.dumps(function)
        try:
            yield from self._map(Task(pickled, item) for item in items)
        except BaseException:
            self._crew.dismiss()
            raise
        if not self._keeps_workers:
            self._crew.dismiss()

    def _map(self, tasks: Iterator[Task]) -> Iterator[Any]:
        waiting = deque[Task]()
        while True:
            while len(waiting) < self._most_tasks and self._crew.has_room():
                task = next(tasks, None)
                if task is None:
                    break
                self._crew.give(task)
                waiting.append(task)
            if not waiting:
                return
            if not waiting[0].is_done:
                self._crew.attend()
                continue
            done = waiting.popleft()
            if done.error is not None:
                raise done.error
            yield done.result
