"""The workers of an engine: whom to give what, who has answered, who is over a limit."""

import pickle
import selectors
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from signal import Signals
from typing import Any

from cleaner.engines.attempt import Cause, Refusal
from cleaner.engines.cell import AT_FIRST, HALF, IDLE, NOTE, greediest_part, part_at
from cleaner.engines.interrupts import interrupts_deferred
from cleaner.engines.limits import TICK, Breach, Limits, Stopwatch, bytes_held, seconds_queued
from cleaner.engines.starting import Started
from cleaner.engines.worker import READY
from cleaner.errors import CleanerError

AHEAD = 2
"""Items handed out for each worker, so that none waits. More would only wait, in memory."""
MOST_DEATHS = 3
"""Ends of workers, one after the other, that no single part of an item can be the cause of."""


@dataclass(slots=True)
class Task:
    """An item, what is known of it, and in the end its result."""

    function: bytes
    item: Any
    refused: dict[int, Refusal] = field(default_factory=dict)
    is_singly: bool = False
    deaths: Counter[int | None] = field(default_factory=Counter)
    is_done: bool = False
    result: Any = None
    error: Exception | None = None

    def message(self) -> bytes:
        """What a worker is sent."""
        return pickle.dumps((self.function, self.item, self.refused, self.is_singly))

    def answer(self, message: bytearray) -> None:
        """Take what a worker has sent."""
        self.result, self.error, place = pickle.loads(message)  # noqa: S301 - from our own worker
        if self.error is not None and place:  # its traceback has stayed in the worker
            self.error.add_note(place)
        self.is_done, self.item = True, None

    def ended_a_worker(self, part: int | None, refusal: Refusal) -> None:
        """Decide how to go on, given at which part the worker was.

        A part at which a worker dies by itself gets a second chance: when the system is short of
        memory it ends whom it likes. Memory is blamed on none before each was worked on by itself:
        what a worker holds at one part may have been left by another.

        Raises:
            CleanerError: it goes on so without a part that could be left out.

        """
        self.deaths[part] += 1
        if part is not None and part not in self.refused:
            if refusal.cause is not Cause.DEATH or self.deaths[part] > 1:
                self.refused[part] = refusal
            return
        if self.deaths[part] > MOST_DEATHS:
            raise CleanerError(
                f"a worker process ended ({refusal.how or refusal.cause.value}), and so did each "
                "that repeated its work: for want of memory (use fewer workers), or for a fault in "
                "the program or its libraries"
            )
        self.is_singly = True


@dataclass(slots=True)
class Member:
    """A worker process and what it is at."""

    started: Started
    tasks: deque[Task] = field(default_factory=deque)
    """Handed out and not answered; it is at the first."""
    watch: Stopwatch = field(default_factory=Stopwatch)
    is_ready: bool = False
    is_spent: bool = False
    """It has grown so much that it gets no more to do."""


class Crew:
    """Workers, at most so many, started when there is something to do."""

    def __init__(self, size: int, limits: Limits, start: Callable[[], Started]) -> None:
        self._size = size
        self._limits = limits
        self._start = start
        self._members: list[Member] = []
        self._stillborn = 0

    def has_room(self) -> bool:
        """Whether one more task could be given to somebody."""
        return len(self._members) < self._size or any(map(_has_room, self._members))

    def give(self, task: Task) -> None:
        """Hand a task out."""
        idle = [member for member in self._members if not member.tasks and not member.is_spent]
        if not idle and len(self._members) < self._size:
            idle = [self._started()]
        able = idle or [member for member in self._members if _has_room(member)]
        _hand(min(able, key=lambda member: len(member.tasks)), task)

    def attend(self) -> None:
        """Wait a moment for what workers send, and see that none is over a limit."""
        with selectors.DefaultSelector() as selector:
            for member in self._members:
                wanted = selectors.EVENT_WRITE if member.started.channel.has_to_send else 0
                selector.register(member.started.channel, selectors.EVENT_READ | wanted, member)
            ready = selector.select(TICK)
        for key, events in ready:
            if events & selectors.EVENT_WRITE:
                key.data.started.channel.send_some()
            if events & selectors.EVENT_READ:
                self._receive(key.data)
        for member in list(self._members):
            breach = self._breach(member)
            if breach:
                self._bury(member, breach)
            elif member.is_spent and not member.tasks:
                self._end(member)

    def dismiss(self) -> None:
        """End all workers, whatever they are at."""
        for member in list(self._members):
            self._end(member)

    def _started(self) -> Member:
        with interrupts_deferred():
            member = Member(self._start())
            self._members.append(member)
        return member

    def _receive(self, member: Member) -> None:
        try:
            _take(member, member.started.channel.receive())
        except EOFError:
            self._bury(member)
            return
        self._stillborn = 0
        grown = bytes_held(member.started.process) - member.started.cell[AT_FIRST]
        member.is_spent = grown > self._limits.ordinary_bytes

    def _breach(self, member: Member) -> Breach | None:
        """The limit that a worker has passed, if it has."""
        process, cell = member.started.process, member.started.cell
        note = cell[NOTE]
        seconds = member.watch.seconds_at(note, seconds_queued(process))
        if not member.is_ready:
            is_late = seconds > self._limits.starting_seconds
            return Breach(Cause.TIME, note, None) if is_late else None
        if not member.tasks or note & HALF == IDLE:
            return None
        is_singly = member.tasks[0].is_singly
        if part_at(note) is None and is_singly:
            return None  # it is at none of the parts, each of which has been within the limits
        if seconds > self._limits.seconds:
            return Breach(Cause.TIME, note, part_at(note))
        held = bytes_held(process)
        if held - cell[AT_FIRST] <= self._limits.ordinary_bytes + self._limits.part_bytes:
            return None
        breach = Breach(Cause.MEMORY, note, greediest_part(cell, held) if is_singly else None)
        # If it has got on meanwhile, those numbers are not of one moment. It is looked at again.
        return breach if cell[NOTE] == note else None

    def _bury(self, member: Member, breach: Breach | None = None) -> None:
        """Have the work of a worker that has ended, or has passed a limit, done by another."""
        judged = member.tasks[0] if member.tasks else None
        code = self._end(member)
        if not member.is_ready:
            self._note_stillborn(_told(code) if breach is None else "they do not get ready")
        elif judged and member.tasks and member.tasks[0] is judged:
            _blame(judged, member.started.cell[NOTE], code, breach)
        if member.tasks:
            successor = self._started()
            for task in member.tasks:
                _hand(successor, task)

    def _note_stillborn(self, why: str) -> None:
        self._stillborn += 1
        if self._stillborn > MOST_DEATHS:
            raise CleanerError(f"worker processes cannot be started ({why})")

    def _end(self, member: Member) -> int:
        """End a worker, and take what it sent before; its exit code."""
        with interrupts_deferred():
            member.started.kill()
            code = member.started.wait()
            self._members.remove(member)
        for message in _left(member):
            _take(member, message)
        member.started.channel.close()
        return code


def _blame(task: Task, note: int, code: int, breach: Breach | None) -> None:
    """Tell a task that it has ended a worker, given what that noted last and its exit code."""
    if breach is None:
        task.ended_a_worker(part_at(note), Refusal(Cause.DEATH, _told(code)))
    elif breach.cause is Cause.MEMORY or breach.note == note:
        # Of time that it took nothing is blamed if the worker has got on before it was ended.
        task.ended_a_worker(breach.part, Refusal(breach.cause))


def _has_room(member: Member) -> bool:
    return len(member.tasks) < AHEAD and not member.is_spent


def _hand(member: Member, task: Task) -> None:
    member.tasks.append(task)
    member.started.channel.put(task.message())


def _take(member: Member, message: bytearray) -> None:
    if message == READY:
        member.is_ready = True
    else:
        member.tasks.popleft().answer(message)


def _left(member: Member) -> Iterator[bytearray]:
    try:
        while True:
            yield member.started.channel.receive()
    except EOFError:
        return


def _told(code: int) -> str:
    """How a process has ended, in a word or two."""
    if code >= 0:
        return f"exit code {code}"
    known = {number.value: number.name for number in Signals}
    return known.get(-code, f"signal {-code}")
