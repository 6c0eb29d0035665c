"""Who is next, who has to wait, and what nobody wants any more: the queue's bookkeeping alone."""

import hashlib
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kd_projector.jobs.line import Line, Status
from kd_projector.jobs.work import FrameJob
from kd_projector.projection.request import EmbeddingRef, FrameRequest


def job(name: str, reference: FrameJob | None = None, run: str = "no/such/run") -> FrameJob:
    request = FrameRequest(EmbeddingRef(run, "student", name, 0), "pca", "rigid")
    return FrameJob(hashlib.md5(name.encode()).hexdigest(), request, name, reference)


def name_of(job: FrameJob) -> str:
    return job.request.embedding.layer


def ask(line: Line, *jobs: FrameJob, viewer: str = "", on_screen: bool = True) -> list[Status | None]:
    return line.request(jobs, (), on_screen=on_screen, viewer=viewer)


def taken(line: Line) -> list[str]:
    """The names of all that can be taken now, in order."""
    names = []
    while (turn := line.take()) is not None:
        names.append(name_of(turn.job))
    return names


def test_what_is_on_screen_is_before_what_waits_and_the_last_request_before_the_first() -> None:
    line = Line()
    ask(line, job("ahead 1"), job("ahead 2"), on_screen=False)
    ask(line, job("seen 1"), job("seen 2"))
    ask(line, job("now 1"), job("now 2"))
    ask(line, job("ahead 3"), on_screen=False)
    assert taken(line) == ["now 1", "now 2", "seen 1", "seen 2", "ahead 1", "ahead 2", "ahead 3"]


def test_a_frame_asked_for_again_moves_forward_with_its_reference_and_is_made_once() -> None:
    line, reference = Line(), job("reference")
    ask(line, job("other"), job("frame", reference), on_screen=False)
    ask(line, job("frame", reference))
    assert taken(line) == ["reference", "other"]
    line.made(reference.place)
    assert taken(line) == ["frame"]


def test_a_frame_that_two_viewers_want_is_dropped_when_both_have_cancelled() -> None:
    line, both, one = Line(), job("both"), job("one")
    ask(line, both, one, viewer="a")
    ask(line, both, viewer="b")
    line.cancel("a", None)
    assert line.waiting == 1
    line.cancel("b", {both.place})
    assert (line.waiting, taken(line)) == (0, [])


def test_a_reference_map_goes_with_the_last_frame_that_needs_it() -> None:
    line, reference = Line(), job("reference")
    first, second = job("first", reference), job("second", reference)
    ask(line, first, second)
    line.cancel("", {first.place})
    assert line.waiting == 2
    line.cancel("", {second.place})
    assert (line.waiting, taken(line)) == (0, [])
    ask(line, first)
    assert taken(line) == ["reference"]


def test_a_frame_of_another_run_keeps_the_one_that_it_is_copied_from() -> None:
    line, maker, twin = Line(), job("same", run="run a"), job("same", run="run b")
    ask(line, maker, viewer="a")
    ask(line, twin, viewer="b")
    line.cancel("a", None)
    assert taken(line) == ["same"]
    line.made(maker.place)
    turn = line.take()
    assert turn is not None
    assert (turn.job.place, turn.twin_run) == (twin.place, "run a")


def test_what_is_in_the_making_stays_and_comes_back_only_if_it_is_wanted() -> None:
    line, wanted, dropped = Line(), job("wanted"), job("dropped")
    ask(line, wanted, dropped)
    assert len(taken(line)) == 2
    line.cancel("", {dropped.place})
    assert line.running == 2
    assert (line.is_wanted(wanted.place), line.is_wanted(dropped.place)) == (True, False)
    for place in (wanted.place, dropped.place):
        assert line.lost(place, "its worker died") is None
    assert taken(line) == ["wanted"]
    assert line.running == 1


def test_a_frame_is_given_up_with_its_second_worker_but_not_for_coming_back_without_fault() -> None:
    line, frame = Line(), job("frame")
    ask(line, frame)
    for _ in range(5):
        assert taken(line) == ["frame"]
        line.put_back(frame.place)
    assert taken(line) == ["frame"]
    assert line.lost(frame.place, "its worker died") is None
    assert taken(line) == ["frame"]
    why = line.lost(frame.place, "its worker died")
    assert why == "tried twice, and each time its worker died"


def test_what_another_process_is_making_is_looked_at_last_and_then_waited_for() -> None:
    line, claimed = Line(), job("claimed")
    ask(line, claimed, job("other"))
    first = line.take()
    assert first is not None
    assert (first.job, first.patient) == (claimed, False)
    line.put_back(claimed.place, last=True)
    ask(line, job("ahead"), on_screen=False)
    turns = [line.take() for _ in range(3)]
    assert [(name_of(turn.job), turn.patient) for turn in turns if turn] == [
        ("other", False),
        ("ahead", False),
        ("claimed", True),
    ]


def test_asking_again_looks_at_once_whether_the_other_process_is_still_at_it() -> None:
    line, claimed = Line(), job("claimed")
    ask(line, claimed)
    line.take()
    line.put_back(claimed.place, last=True)
    ask(line, job("ahead"), on_screen=False)
    ask(line, claimed)
    assert taken(line) == ["claimed", "ahead"]


def test_without_workers_all_that_waits_fails_and_is_tried_again_when_asked_for() -> None:
    line, frame = Line(), job("frame", job("reference"))
    ask(line, frame)
    line.fail_waiting("no scheduler")
    (told,) = ask(line, frame)
    assert told == Status("failed", "no scheduler")
    (again,) = ask(line, frame)
    assert again == Status("queued")
    assert taken(line) == ["reference"]


@pytest.mark.parametrize("there", [True, False])
def test_a_reference_that_is_there_is_not_made_again(there: bool, tmp_path: Path) -> None:
    line, reference = Line(), job("reference", run=str(tmp_path))
    known: Collection[tuple[str, str]] = {reference.place} if there else ()
    line.request([job("frame", reference)], known, on_screen=True, viewer="")
    assert taken(line) == (["frame"] if there else ["reference"])


_REFERENCES = [job(f"reference {i}") for i in range(2)]
_FRAMES = [job(f"frame {i}", _REFERENCES[i % 2]) for i in range(6)] + [job("alone")]
_VIEWERS = ["a", "b"]
_EVENTS = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(_VIEWERS), st.lists(st.sampled_from(_FRAMES), max_size=4), st.booleans()),
    st.tuples(st.just("cancel"), st.sampled_from(_VIEWERS), st.none() | st.lists(st.sampled_from(_FRAMES), max_size=4)),
    st.tuples(st.sampled_from(["take", "made", "lost", "back", "elsewhere"]), st.integers(0, 5)),
)


@given(st.lists(_EVENTS, max_size=40))
def test_whatever_happens_what_is_wanted_is_made_once_and_nothing_else_is_begun(events: list[tuple]) -> None:  # type: ignore[type-arg]
    line, made, running = Line(), set[str](), dict[str, FrameJob]()
    wanted: dict[str, set[str]] = {viewer: set() for viewer in _VIEWERS}

    def finish(turn_job: FrameJob) -> None:
        del running[turn_job.key]
        made.add(turn_job.key)
        line.made(turn_job.place)

    def begin() -> bool:
        turn = line.take()
        if turn is None:
            return False
        assert turn.job.key not in running
        assert turn.job.key not in made
        needed = {key for keys in wanted.values() for key in keys}
        needed |= {f.reference.key for f in _FRAMES if f.key in needed and f.reference}
        assert turn.job.key in needed
        assert turn.job.reference is None or turn.job.reference.key in made
        running[turn.job.key] = turn.job
        return True

    for event in events:
        match event:
            case ("ask", viewer, jobs, on_screen):
                there = {f.place for f in [*_FRAMES, *_REFERENCES] if f.key in made}
                line.request(jobs, there, on_screen=on_screen, viewer=viewer)
                wanted[viewer] |= {f.key for f in jobs} - made
            case ("cancel", viewer, jobs):
                line.cancel(viewer, None if jobs is None else {f.place for f in jobs})
                wanted[viewer] -= wanted[viewer] if jobs is None else {f.key for f in jobs}
            case ("take", _):
                begin()
            case (what, number) if running:
                chosen = list(running.values())[number % len(running)]
                if what == "made":
                    finish(chosen)
                    continue
                del running[chosen.key]
                if what == "lost" and (why := line.lost(chosen.place, "gone")):
                    line.fail(chosen.place, why)
                elif what in ("back", "elsewhere"):
                    line.put_back(chosen.place, last=what == "elsewhere")
    while running or begin():
        for turn_job in list(running.values()):
            finish(turn_job)
    failed = {failed_job.key for failed_job, _ in line.failures()}
    assert (line.waiting, line.running) == (0, 0)
    assert {key for keys in wanted.values() for key in keys} <= made | failed
