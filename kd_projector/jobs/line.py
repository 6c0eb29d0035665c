"""Line: which frames wait to be made, which is next, and who wants them. Bookkeeping alone, no threads."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kd_projector.jobs.work import FrameJob
from kd_projector.jobs.workers import ATTEMPTS, given_up

Place = tuple[str, str]  # FrameJob.place
Rank = tuple[int, int, int]  # less is sooner: on screen or not, which request, which place in it
State = Literal["queued", "running", "failed"]


@dataclass(frozen=True)
class Status:
    """Where a frame that is not there yet stands; `message` says why it failed."""

    state: State
    message: str | None = None


@dataclass(frozen=True)
class Progress:
    """The line at a glance; `done` and `failed` count since it was last empty. `seconds_left`: None while unknown."""

    queued: int
    running: int
    done: int
    failed: int
    seconds_left: float | None


@dataclass(frozen=True)
class Turn:
    """A frame whose turn it is.

    twin_run: a run that has the very same frame. patient: there is nothing else to do, so that a worker may as well
    wait for another process that is just making it.
    """

    job: FrameJob
    twin_run: str | None
    patient: bool


@dataclass
class _Entry:
    job: FrameJob
    rank: Rank
    state: State = "queued"
    message: str | None = None
    attempts: int = 0
    told: bool = False  # of a failure: whether whoever asked for the frame has heard of it
    wanted_by: set[str] = field(default_factory=set)  # viewers; none for a reference map that only frames here need
    dependents: list[Place] = field(default_factory=list)
    waits_for: FrameJob | None = None


class Line:
    """Not thread-safe: whoever owns it locks. `done` and `failed` count since it was last empty."""

    def __init__(self) -> None:
        self.done = self.failed = 0
        self._entries: dict[Place, _Entry] = {}
        self._heap: list[tuple[Rank, Place]] = []
        self._elsewhere: list[tuple[Rank, Place]] = []  # another process is making these: looked at last
        self._makers: dict[str, Place] = {}  # by key: the first to ask for a frame, from which its twins copy it
        self._requests = itertools.count(1)

    @property
    def waiting(self) -> int:
        return sum(entry.state == "queued" for entry in self._entries.values())

    @property
    def running(self) -> int:
        return sum(entry.state == "running" for entry in self._entries.values())

    def progress(self, busy_for: float) -> Progress:
        """busy_for: seconds since it was last empty."""
        waiting, running = self.waiting, self.running
        left = (waiting + running) * busy_for / self.done if self.done and (waiting or running) else None
        return Progress(waiting, running, self.done, self.failed, left)

    def failures(self) -> list[tuple[FrameJob, str]]:
        return [(e.job, e.message or "") for e in self._entries.values() if e.state == "failed"]

    # -- asking ------------------------------------------------------------------------------------------------------

    def request(
        self, jobs: Sequence[FrameJob], there: Collection[Place], *, on_screen: bool, viewer: str
    ) -> list[Status | None]:
        """Put `jobs` in line in this order, on screen before all that waits, otherwise behind it.

        there: the places, also of reference maps, that have their frame already; None is their jobs' status. Asking
        again only moves a frame forward, or has it tried again where it was said to have failed.
        """
        number = next(self._requests)
        statuses: list[Status | None] = []
        if on_screen:
            for job in jobs:
                self._forget_failure(job)
        for i, job in enumerate(jobs):
            if job.place in there:
                statuses.append(None)
                continue
            entry = self._enqueue(job, (0, -number, i) if on_screen else (1, number, i), there)
            entry.wanted_by.add(viewer)
            statuses.append(Status(entry.state, entry.message))
        for job, status in zip(jobs, statuses, strict=True):
            if status is not None and status.state == "failed":
                self._entries[job.place].told = True
        return statuses

    def cancel(self, viewer: str | None, places: Collection[Place] | None) -> None:
        """`viewer` (None: nobody) wants `places` (None: all) no more; what nobody wants leaves the line."""
        for place, entry in self._entries.items():
            if places is None or place in places:
                entry.wanted_by = set() if viewer is None else entry.wanted_by - {viewer}
        wanted = self._wanted()
        self._entries = {p: e for p, e in self._entries.items() if e.state != "queued" or p in wanted}

    def is_wanted(self, place: Place) -> bool:
        return place in self._wanted()

    # -- making ------------------------------------------------------------------------------------------------------

    def take(self) -> Turn | None:
        """The frame to be made next, which counts as running from now on; None if there is none."""
        for heap in (self._heap, self._elsewhere):
            while heap:
                rank, place = heapq.heappop(heap)
                entry = self._entries.get(place)
                if entry is None or entry.state != "queued" or entry.rank != rank or entry.waits_for is not None:
                    continue  # cancelled, or an older place in the line of a job that has moved since
                entry.state = "running"
                entry.attempts += 1
                maker = self._makers[entry.job.key]
                return Turn(entry.job, maker[0] if maker != place else None, patient=heap is self._elsewhere)
        return None

    def made(self, place: Place) -> None:
        """Its frame is there."""
        self.done += 1
        for dependent in self._entries.pop(place).dependents:
            if dependent in self._entries:
                self._ready_or_wait(self._entries[dependent], {place})

    def put_back(self, place: Place, *, last: bool = False) -> None:
        """It has come back without its frame, through no fault of its own; `last`: look at it when all else is made.

        If nobody wants it any more, it leaves the line instead.
        """
        entry = self._entries[place]
        if not self.is_wanted(place):
            del self._entries[place]
            return
        entry.state = "queued"
        entry.attempts -= 1
        heapq.heappush(self._elsewhere if last else self._heap, (entry.rank, place))

    def lost(self, place: Place, why: str) -> str | None:
        """Its worker is gone: once more, but not for ever. What to fail it with, if it has had its second chance."""
        entry = self._entries[place]
        attempts = entry.attempts
        if attempts < ATTEMPTS or not self.is_wanted(place):
            self.put_back(place)
            entry.attempts = attempts
            return None
        return given_up(why)

    def fail(self, place: Place, message: str) -> None:
        self._fail(self._entries[place], message)

    def fail_waiting(self, message: str) -> None:
        """There is nowhere to make anything."""
        self._fail_all(message, "queued")

    def fail_unfinished(self, message: str) -> None:
        """Nobody knows any more what has become of what was in the making."""
        self._fail_all(message, "queued", "running")

    # -- the inner life ----------------------------------------------------------------------------------------------

    def _enqueue(self, job: FrameJob, rank: Rank, there: Collection[Place]) -> _Entry:
        entry = self._entries.get(job.place)
        if entry is None:
            if not any(entry.state != "failed" for entry in self._entries.values()):
                self.done = self.failed = 0
            self._makers.setdefault(job.key, job.place)
            entry = self._entries[job.place] = _Entry(job, rank)
            self._ready_or_wait(entry, there)
        elif entry.state == "queued" and rank < entry.rank:
            entry.rank = rank
            if entry.waits_for is not None:
                self._enqueue(entry.waits_for, _just_before(rank), there)
            else:
                heapq.heappush(self._heap, (rank, job.place))  # its older place is passed over when it comes up
        return entry

    def _ready_or_wait(self, entry: _Entry, there: Collection[Place]) -> None:
        """Put the job in line, or let it wait for the one that has to be done before it."""
        if entry.state != "queued":
            return
        entry.waits_for = self._prerequisite(entry.job, there)
        if entry.waits_for is None:
            heapq.heappush(self._heap, (entry.rank, entry.job.place))
            return
        before = self._enqueue(entry.waits_for, _just_before(entry.rank), there)
        if before.state == "failed":
            self._fail(entry, _consequence(before.message))
        else:
            before.dependents.append(entry.job.place)

    def _prerequisite(self, job: FrameJob, there: Collection[Place]) -> FrameJob | None:
        """The reference map, if it is not there; or the job of another run that will make the very same frame."""
        if job.reference is not None and job.reference.place not in there and not job.reference.is_done:
            return job.reference
        maker = self._entries.get(self._makers[job.key])
        if maker is None or maker.job.place == job.place:
            return None
        if maker.state == "failed":  # its run may be gone, while this one's is there
            self._makers[job.key] = job.place
            return None
        return maker.job

    def _wanted(self) -> set[Place]:
        """What a viewer has asked for, and what has to be made before that."""
        wanted: set[Place] = set()
        for entry in self._entries.values():
            needed: _Entry | None = entry if entry.wanted_by else None
            while needed is not None and needed.job.place not in wanted:
                wanted.add(needed.job.place)
                before = needed.waits_for if needed.state == "queued" else None
                needed = self._entries.get(before.place) if before is not None else None
        return wanted

    def _forget_failure(self, job: FrameJob) -> None:
        """Drop a failure that has been told of, and that of the reference map behind it."""
        entry = self._entries.get(job.place)
        if entry is not None and entry.told:
            del self._entries[job.place]
            if job.reference is not None:
                reference = self._entries.get(job.reference.place)
                if reference is not None and reference.state == "failed":
                    del self._entries[job.reference.place]

    def _fail_all(self, message: str, *states: State) -> None:
        for entry in self._entries.values():
            if entry.state in states:
                entry.state, entry.message = "failed", message
                self.failed += 1

    def _fail(self, entry: _Entry, message: str) -> None:
        entry.state, entry.message = "failed", message
        self.failed += 1
        for place in entry.dependents:
            dependent = self._entries.get(place)
            if dependent is None or dependent.state != "queued":
                continue
            if dependent.job.key == entry.job.key:  # the same frame for another run, which has its own embedding
                self._ready_or_wait(dependent, ())
            else:
                self._fail(dependent, _consequence(message))


def _just_before(rank: Rank) -> Rank:
    return rank[0], rank[1], -1


def _consequence(message: str | None) -> str:
    return f"its reference map failed: {message}"
