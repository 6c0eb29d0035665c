"""What TensorBoard imports at its start. TensorBoard exits if this module fails to import, so all else loads later."""

from __future__ import annotations

import argparse

from tensorboard.plugins import base_plugin


class KDProjectorLoader(base_plugin.TBLoader):  # type: ignore[misc]
    """Adds our flags and builds the plugin."""

    def define_flags(self, parser: argparse.ArgumentParser) -> None:
        group = parser.add_argument_group("kd_projector")
        group.add_argument(
            "--kd_projector_workers",
            metavar="N",
            type=int,
            default=0,
            help="worker processes that compute projections (default: one a core)",
        )
        group.add_argument(
            "--kd_projector_scheduler",
            metavar="ADDRESS",
            default="",
            help="a Dask scheduler, as tcp://host:8786, whose workers compute projections instead (needs the extra "
            "[dask], and the log directory at the same path on all machines)",
        )

    def fix_flags(self, flags: argparse.Namespace) -> None:
        if flags.kd_projector_workers < 0:
            raise base_plugin.FlagsError(
                f"--kd_projector_workers is {flags.kd_projector_workers}: give a number of worker processes, or 0 "
                f"for one a core."
            )
        if flags.kd_projector_scheduler:
            from kd_projector.errors import UsageError
            from kd_projector.jobs.dask_workers import checked_address

            if flags.kd_projector_workers:
                raise base_plugin.FlagsError("Give --kd_projector_workers or --kd_projector_scheduler, not both.")
            try:
                checked_address(flags.kd_projector_scheduler)
            except UsageError as error:
                raise base_plugin.FlagsError(f"--kd_projector_scheduler: {error}") from error

    def load(self, context: base_plugin.TBContext) -> base_plugin.TBPlugin:
        from kd_projector.plugin.plugin import KDProjectorPlugin

        return KDProjectorPlugin(context)
