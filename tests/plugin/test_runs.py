"""Where the runs lie that the Rust loader only names."""

from types import SimpleNamespace

import pytest
from tensorboard.plugins.base_plugin import TBContext

from kd_projector.plugin.runs import RunFinder


@pytest.mark.parametrize(
    ("logdir", "run", "folder"),
    [
        ("gs://bucket/logs/", "kd/seed0", "gs://bucket/logs/kd/seed0"),
        ("gs://bucket/logs", ".", "gs://bucket/logs"),
        ("/logs//of mine/", "kd/seed0", "/logs/of mine/kd/seed0"),
        ("/logs", ".", "/logs"),
    ],
)
def test_a_run_lies_below_the_log_directory_be_it_a_folder_or_an_address(logdir: str, run: str, folder: str) -> None:
    provider = SimpleNamespace(list_runs=lambda context, experiment_id: [SimpleNamespace(run_name=run)])
    finder = RunFinder(TBContext(logdir=logdir, data_provider=provider))
    assert finder.folders() == {run: folder}
