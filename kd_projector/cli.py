"""The command `kd-projector`. Exit status 0; 1 if work failed; 2, with one sentence, for wrong use."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from kd_projector.errors import KDProjectorError, UsageError
from kd_projector.projection.methods import DIMENSIONS, METHODS, MODES
from kd_projector.version import __version__

_WORKERS = "worker processes (default: one a core)"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KDProjectorError as error:
        print(f"kd-projector: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("kd-projector: interrupted; what is finished is kept.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kd-projector", description="See what knowledge distillation does to a network, layer by layer."
    )
    parser.add_argument("--version", action="version", version=f"kd_projector {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="distil a small network on handwritten digits, project, and show it")
    demo.add_argument("logdir", type=Path, metavar="LOGDIR", help="where the runs go (replaced if the demo made them)")
    demo.add_argument("--no-serve", dest="serve", action="store_false", help="stop before starting TensorBoard")
    demo.add_argument("--port", type=int, help="TensorBoard's port (default: the first free one from 6006 on)")
    demo.add_argument("--workers", type=_positive, metavar="N", help=_WORKERS)
    demo.add_argument(
        "--steps", type=_positive, default=600, metavar="N", help="training steps of each model (%(default)s)"
    )
    demo.add_argument(
        "--probed-steps", type=_positive, default=25, metavar="N", help="at how many of them to embed (%(default)s)"
    )
    demo.set_defaults(run=_demo)

    project = commands.add_parser("project", help="compute the maps of all runs in a log directory ahead of time")
    project.add_argument("logdir", metavar="LOGDIR")
    project.add_argument(
        "--method",
        action="append",
        metavar="NAME",
        help=f"one of {', '.join(METHODS)}; may be given several times (default: tsne, ivis and pca)",
    )
    project.add_argument(
        "--mode", metavar="MODE", help=f"one of {', '.join(MODES)} (default: each method's own; readout, rigid for pca)"
    )
    project.add_argument(
        "--reference",
        metavar="RUN/MODEL/LAYER[@STEP]",
        help="the embedding whose map all others are laid onto (default: the teacher's last hidden layer)",
    )
    project.add_argument(
        "--dimensions", type=int, choices=DIMENSIONS, default=2, help="of the maps (default: %(default)s)"
    )
    _add_workers(project)
    project.set_defaults(run=_project)

    measure = commands.add_parser(
        "measure",
        help="compute measures of all runs in a log directory afterwards, also against a teacher of another run",
        description="Compute measures from the stored embeddings, store them beside the runs and show them in "
        "TensorBoard's Scalars. What is there already, of the logger's or of an earlier call, is not computed again "
        "unless it is out of date (the last step has become another).",
    )
    measure.add_argument("logdir", metavar="LOGDIR")
    measure.add_argument(
        "--measure",
        action="append",
        metavar="NAME",
        help="a measure, a group of them, 'default' or 'all'; may be given several times (default: the logger's "
        "default measures, each layer's change since the step before and until the last, and how similar each layer is "
        "to each of the teacher's by all measures of that). A wrong name lists all",
    )
    measure.add_argument(
        "--against",
        metavar="RUN/MODEL",
        help="the model to compare with (default: the run's own teachers; for a run without one the teacher of another "
        "run with the same probe)",
    )
    measure.add_argument(
        "--temperature",
        type=_temperature,
        metavar="T",
        help="divides the logits in the divergences, which are computed from the output layers as stored, in float16 "
        "(default: that at which they were measured before, else the logger's own)",
    )
    _add_workers(measure)
    measure.set_defaults(run=_measure)

    show = commands.add_parser("show", help="list what is in a log directory")
    show.add_argument("logdir", metavar="LOGDIR")
    show.set_defaults(run=_show)
    return parser


def _add_workers(command: argparse.ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group()
    where.add_argument("--workers", type=_positive, metavar="N", help=_WORKERS)
    where.add_argument(
        "--scheduler",
        type=_address,
        metavar="ADDRESS",
        help="a Dask scheduler, as tcp://host:8786: its workers do the work (needs the extra [dask], and LOGDIR at the "
        "same path on all machines)",
    )


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return number


def _temperature(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


def _address(text: str) -> str:
    from kd_projector.jobs.dask_workers import checked_address

    try:
        return checked_address(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _demo(options: argparse.Namespace) -> int:
    from kd_projector.demo.run import run_demo
    from kd_projector.demo.training import Length

    length = Length(options.steps, options.probed_steps)
    return run_demo(options.logdir, serve=options.serve, length=length, port=options.port, workers=options.workers)


def _project(options: argparse.Namespace) -> int:
    from kd_projector.jobs.batch import methods_for, project_runs
    from kd_projector.jobs.named_reference import references_by_name
    from kd_projector.jobs.plan import default_references
    from kd_projector.store.discovery import open_runs

    methods, mode = methods_for(options.method, options.mode, options.dimensions)
    readers, unreadable = open_runs(options.logdir)
    references = default_references(readers)
    if options.reference is not None:
        references |= references_by_name(options.reference, readers, options.logdir)
    failures = project_runs(
        readers,
        methods,
        mode=mode,
        references=references,
        components=options.dimensions,
        workers=options.workers,
        scheduler=options.scheduler,
    )
    return _status(unreadable + failures)


def _measure(options: argparse.Namespace) -> int:
    from kd_projector.measuring.names import measures_named

    measures = measures_named(options.measure)  # before torch loads: a wrong name is said at once
    from kd_projector.measuring.batch import measure_runs
    from kd_projector.measuring.comparison import named_model
    from kd_projector.store.discovery import open_runs

    readers, unreadable = open_runs(options.logdir)
    comparisons = None if options.against is None else named_model(options.against, readers, options.logdir)
    report = measure_runs(
        readers,
        measures,
        comparisons=comparisons,
        temperature=options.temperature,
        workers=options.workers,
        scheduler=options.scheduler,
    )
    for note in report.notes:
        print(f"kd-projector: {note}", file=sys.stderr)
    if report.steps == 0 and not report.failures:
        print("There is nothing to measure: all of it is there and up to date.")
    return _status([*unreadable, *report.failures])


def _show(options: argparse.Namespace) -> int:
    from kd_projector.store.discovery import open_runs
    from kd_projector.store.listing import describe

    readers, unreadable = open_runs(options.logdir)
    print(describe(readers))
    return _status(unreadable)


def _status(failures: Sequence[str]) -> int:
    """Say what failed; the exit status."""
    for failure in failures:
        print(f"kd-projector: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
