"""What was measured afterwards as scalars, in an event file of its own beside the logger's, which is never touched.

TensorBoard reads a run's event files in the order of their names and, with `--load_fast=false`, never goes back to an
earlier one. So the file of a run that is still being logged sorts before the logger's, or its curves would stop; once
the logger has finished, it sorts behind: there it also outlives a resumption, which drops what was read before it.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.summary.writer.record_writer import RecordWriter

from kd_projector.errors import StoreError
from kd_projector.recording.scalars import (
    FILE_SUFFIX,
    event_file_name,
    file_time,
    next_file_time,
    scalars_event,
)
from kd_projector.store import RunReader
from kd_projector.store.layout import RunFolder
from kd_projector.store.writer import is_being_written

MEASURED_SUFFIX = f".measured{FILE_SUFFIX}"
_LENGTH, _CRC = 8, 4  # bytes of a record's length and checksums in an event file

Points = dict[tuple[str, int], float]  # value by tag and step


def scalars_are_current(reader: RunReader) -> bool:
    """Whether the run's event file of measured values says what the store says, and lies in its place."""
    wanted, _ = _measured_points(reader)
    folder, old = reader.folder, _old(reader.folder)
    there: Points = {}
    for name in old:
        there |= dict(_points(folder.read(f"{folder.run_path}/{name}{MEASURED_SUFFIX}")))
    if there != wanted or len(old) != bool(wanted):
        return False
    return not wanted or file_time(old[0]) > _last_of_logger(folder) or is_being_written(folder.run_dir)


def update_scalars(reader: RunReader) -> None:
    """Make `scalars_are_current` true: a new whole file takes the place of the earlier one, so that no point is there
    twice for whoever starts to read.

    Only for the holder of the run's MeasuredWriter. Raises OSError where the run cannot be written to.
    """
    if scalars_are_current(reader):
        return
    folder, old = reader.folder, _old(reader.folder)
    wanted, wall_times = _measured_points(reader)
    if wanted:
        last = _last_of_logger(folder)
        seconds = last - 1 if last and is_being_written(folder.run_dir) else next_file_time(folder)
        path = f"{folder.run_path}/{event_file_name(seconds)}{MEASURED_SUFFIX}"
        # TensorBoard would read one of a temporary name in the run's folder, too.
        folder.write(path, _content(wanted, wall_times), partial_in=f"{folder.root}/measured")
    for name in old:
        folder.fs.rm_file(f"{folder.run_path}/{name}{MEASURED_SUFFIX}")


def _old(folder: RunFolder) -> list[str]:
    """Our files, without their suffix."""
    return folder.names(folder.run_path, MEASURED_SUFFIX)


def _last_of_logger(folder: RunFolder) -> int:
    names = folder.names(folder.run_path, FILE_SUFFIX)
    return max((file_time(name) for name in names if not name.endswith(".measured")), default=0)


def _measured_points(reader: RunReader) -> tuple[Points, dict[int, float]]:
    """All values that are not the logger's, as float32 like in the event file; by step when it was embedded."""
    points: Points = {}
    wall_times: dict[int, float] = {}
    for model in reader.models:
        for step in reader.steps(model):
            try:
                logged = {value.what for value in reader.logged_measures(model, step)}
                values = [value for value in reader.measures(model, step) if value.what not in logged]
            except StoreError:  # a damaged file is a gap in the curves
                continue
            if values:
                wall_times[step] = reader.folder.modified(reader.folder.step_file(model, step))
            points |= {(value.tag(model), step): _as_stored(value.value) for value in values}
    return points, wall_times


def _as_stored(value: float) -> float:
    return float(scalars_event(0, 0, {"": value}).summary.value[0].simple_value)


def _content(points: Points, wall_times: dict[int, float]) -> bytes:
    by_step: dict[int, dict[str, float]] = defaultdict(dict)
    for (tag, step), value in points.items():
        by_step[step][tag] = value
    file = io.BytesIO()
    records = RecordWriter(file)
    records.write(Event(wall_time=min(wall_times.values()), file_version="brain.Event:2").SerializeToString())
    for step, scalars in sorted(by_step.items()):
        records.write(scalars_event(step, wall_times[step], scalars).SerializeToString())
    return file.getvalue()


def _points(content: bytes) -> Iterator[tuple[tuple[str, int], float]]:
    """The scalars of an event file of ours; where it is damaged, those before that."""
    at = 0
    while at + _LENGTH + _CRC <= len(content):
        length = int.from_bytes(content[at : at + _LENGTH], "little")
        start = at + _LENGTH + _CRC
        try:
            event = Event.FromString(content[start : start + length])
        except Exception:  # protobuf's own, of whatever version
            return
        for value in event.summary.value:
            yield (value.tag, event.step), value.simple_value
        at = start + length + _CRC
