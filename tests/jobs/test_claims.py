"""A claim on a frame: one process at a time, for as long as that process lives."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from kd_projector.jobs.claims import claimed, sweep
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.work import FrameJob, pin
from kd_projector.store import RunReader

_CLAIMANT = textwrap.dedent(
    """
    import pathlib, pickle, sys
    from kd_projector.jobs.claims import claimed

    with claimed(pickle.loads(bytes.fromhex(sys.argv[1])), wait=False) as mine:
        print(mine, flush=True)
        sys.stdin.read()
    """
)


@pytest.fixture
def job(distilled_run: Path) -> FrameJob:
    return pin(frames_of([RunReader(distilled_run)], ["pca"])[0])


def claimant(job: FrameJob) -> "subprocess.Popen[str]":
    """Another process that claims the frame of `job` and holds the claim until its input ends."""
    import pickle

    process = subprocess.Popen(
        [sys.executable, "-c", _CLAIMANT, pickle.dumps(job).hex()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def test_a_claim_keeps_others_out_and_ends_with_its_process_however_that_ends(job: FrameJob) -> None:
    other = claimant(job)
    with claimed(job, wait=False) as mine:
        assert not mine
    other.kill()
    other.wait()
    with claimed(job, wait=False) as mine:
        assert mine


def test_who_waits_for_a_claim_gets_it_when_it_is_given_back(job: FrameJob) -> None:
    other = claimant(job)
    assert other.stdin is not None
    other.stdin.close()
    with claimed(job, wait=True) as mine:
        assert mine
        assert other.wait(30) == 0


def test_claims_leave_nothing_behind_and_clear_away_what_a_killed_worker_left(
    job: FrameJob, distilled_run: Path
) -> None:
    folder = distilled_run / "plugins/kd_projector/projections"
    folder.mkdir()
    (folder / f".partial-0123-{job.key}.safetensors").write_bytes(b"half a frame")
    others = folder / f".partial-0123-{'0' * 32}.safetensors"
    others.write_bytes(b"half a frame that somebody else is just writing")
    with claimed(job, wait=False) as mine:
        assert mine
    assert list(folder.iterdir()) == [others]


def test_where_a_run_cannot_be_written_to_the_claim_lies_in_the_users_cache(
    job: FrameJob, distilled_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KD_PROJECTOR_CACHE", str(tmp_path / "cache"))
    (distilled_run / "plugins/kd_projector/projections").write_text("a file where the folder would be")
    other = claimant(job)
    with claimed(job, wait=False) as mine:
        assert not mine
    assert list((tmp_path / "cache").rglob(f".claim-{job.key}.lock"))
    other.kill()
    other.wait()


def test_where_nothing_can_be_written_a_frame_is_made_without_a_claim(
    job: FrameJob, distilled_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file where the folder would be")
    monkeypatch.setenv("KD_PROJECTOR_CACHE", str(cache))
    (distilled_run / "plugins/kd_projector/projections").write_text("a file where the folder would be")
    with claimed(job, wait=False) as mine:
        assert mine


def test_a_claim_does_not_bring_a_deleted_run_back(
    job: FrameJob, distilled_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KD_PROJECTOR_CACHE", str(tmp_path / "cache"))
    shutil.rmtree(distilled_run)
    with claimed(job, wait=True) as mine:
        assert mine
    sweep(job)
    assert not distilled_run.exists()


def test_who_waits_for_a_claim_in_a_run_that_is_deleted_meanwhile_does_not_bring_it_back(
    job: FrameJob, distilled_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KD_PROJECTOR_CACHE", str(tmp_path / "cache"))
    other = claimant(job)
    monkeypatch.setattr("kd_projector.jobs.claims.time.sleep", lambda _: shutil.rmtree(distilled_run))
    with claimed(job, wait=True) as mine:
        assert mine
    assert not distilled_run.exists()
    other.kill()
    other.wait()
