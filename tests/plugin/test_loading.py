"""What TensorBoard's own process pays for us, and the sources' rule that makes it so."""

import subprocess
import sys

HEAVY = ("torch", "tensorflow", "sklearn", "openTSNE", "scipy", "torchvision", "ivis", "distributed", "dask")


def modules_after(statement: str) -> set[str]:
    program = f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(answer.stdout.split())


def test_the_entry_point_module_loads_nothing_heavy() -> None:
    assert not modules_after("import kd_projector.plugin.loader") & set(HEAVY)


def test_the_plugin_with_all_its_routes_loads_nothing_heavy() -> None:
    own = modules_after("import kd_projector.plugin.plugin, kd_projector.jobs.queue, kd_projector.store")
    # TensorBoard's own modules may load some of these (it looks for tensorflow); what it loads alone is not ours.
    tensorboards = modules_after(
        "import tensorboard.backend.http_util, tensorboard.plugins.base_plugin, tensorboard.context"
    )
    assert not (own - tensorboards) & set(HEAVY)
    assert not tensorboards & {"torch", "sklearn", "openTSNE"}


def test_the_check_would_notice_a_heavy_import() -> None:
    assert "sklearn" in modules_after("import kd_projector.plugin.plugin, kd_projector.projection.tsne")
