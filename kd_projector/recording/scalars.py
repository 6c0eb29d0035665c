"""ScalarLog: the run's event file, through which TensorBoard's own tabs show the measures and losses as scalars."""

from __future__ import annotations

import io
import itertools
import os
import socket
import time
from collections.abc import Mapping

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import DATA_CLASS_TENSOR, Summary, SummaryMetadata
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

from kd_projector.store.layout import PLUGIN_NAME, RunFolder

MARKER_TAG = "kd_projector/run"
FILE_SUFFIX = ".kd_projector"
_COUNTER = itertools.count()


class ScalarLog:
    """One event file in the run's folder, there as soon as this is made.

    It is written with TensorBoard's RecordWriter, not its EventFileWriter: that one imports tensorflow wherever it is
    installed (seconds, and the GPU's memory, in the user's training), and an error of its thread cannot be caught.

    resumed_at: the step from which the training writes anew. SessionLog START events there make TensorBoard drop what
    the run's earlier event files hold from that step on. That goes for all tags, so there are none where event files of
    somebody else's (the training's own SummaryWriter's) lie in the folder: those scalars are not ours to drop.
    """

    def __init__(self, run_dir: str | os.PathLike[str], resumed_at: int | None = None) -> None:
        self._folder = RunFolder(run_dir)
        self._path = f"{self._folder.run_path}/{event_file_name(next_file_time(self._folder))}{FILE_SUFFIX}"
        # An object store cannot append: there the whole file, which scalars keep small, is put again at each flush.
        self._file: io.BufferedIOBase | io.BytesIO = (
            open(self._path, "xb") if self._folder.is_local else io.BytesIO()  # noqa: SIM115 - closed in close()
        )
        self._records = RecordWriter(self._file)
        self._write(Event(wall_time=time.time(), file_version="brain.Event:2"))
        if resumed_at is not None and not self._shares_folder():
            start = SessionLog(status=SessionLog.START)
            for _ in range(2):  # the first one that TensorBoard sees in a run is a beginning, and drops nothing
                self._write(Event(wall_time=time.time(), step=resumed_at, session_log=start))
        self._write(Event(wall_time=time.time(), step=resumed_at or 0, summary=_marker()))
        self.flush()

    def add(self, step: int, wall_time: float, scalars: Mapping[str, float]) -> None:
        """Write `scalars`, by tag, at `step`."""
        self._write(scalars_event(step, wall_time, scalars))

    def flush(self) -> None:
        if isinstance(self._file, io.BytesIO):
            self._folder.fs.pipe_file(self._path, self._file.getvalue())
        else:
            self._file.flush()

    def close(self) -> None:
        if not self._file.closed:
            try:
                self.flush()
            finally:
                self._file.close()

    def _shares_folder(self) -> bool:
        """Whether there are event files here that are not ours."""
        names = self._folder.names(self._folder.run_path, "")
        return any("tfevents" in name and not name.endswith(FILE_SUFFIX) for name in names)

    def _write(self, event: Event) -> None:
        self._records.write(event.SerializeToString())


def event_file_name(seconds: int) -> str:
    """A name that TensorBoard takes for an event file's, without our suffix; it reads a run's files in name order."""
    return f"events.out.tfevents.{seconds:010d}.{socket.gethostname()}.{os.getpid()}.{next(_COUNTER)}"


def file_time(name: str) -> int:
    """The seconds in an event file's name; 0 where there are none."""
    part = name.split(".")[3] if name.count(".") > 3 else ""
    return int(part) if part.isdecimal() else 0


def next_file_time(folder: RunFolder) -> int:
    """Seconds since 1970, for a file's name, later than our other files': TensorBoard reads in that order, and of two
    within one second (a quick restart) the process numbers would decide."""
    others = [file_time(name) for name in folder.names(folder.run_path, FILE_SUFFIX)]
    return max([int(time.time()), *(other + 1 for other in others)])


def scalars_event(step: int, wall_time: float, scalars: Mapping[str, float]) -> Event:
    values = [Summary.Value(tag=tag, simple_value=value) for tag, value in scalars.items()]
    return Event(wall_time=wall_time, step=step, summary=Summary(value=values))


def _marker() -> Summary:
    """What makes TensorBoard list the run as one of this plugin's. It holds no data: all data is in the store."""
    metadata = SummaryMetadata(
        plugin_data=SummaryMetadata.PluginData(plugin_name=PLUGIN_NAME), data_class=DATA_CLASS_TENSOR
    )
    return Summary(value=[Summary.Value(tag=MARKER_TAG, metadata=metadata, tensor=tensor_util.make_tensor_proto(1))])
