"""A real TensorBoard on a log directory, for tests: started, waited for, ended."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from types import TracebackType
from typing import Any
from urllib.parse import quote

from kd_projector.store import tensors

_ADDRESS = re.compile(r" at (http\S+?)/? ")
_HARMLESS = (
    "TensorFlow installation not found",
    "Press CTRL+C",
    "NOTE: Using experimental fast data loading logic",
    "load_fast=false",
    "issues/4784",
    "Serving TensorBoard on localhost",
    "TensorBoard.load_fast",
    "--bind_all",
    # TensorBoard loads tensorflow where it is installed (here, for the extra [ivis]), which tells of the machine.
    "All log messages before absl::InitializeLog()",
    "To enable the following instructions",
)
_TENSORFLOW_CPP = re.compile(r"^[IWE]0000 ")
# TensorBoard imports tensorflow where it finds it, 5 s of CPU time a start. The tests' environment has it for the extra
# [ivis]; most who use PyTorch have not. Our worker processes still find it.
_WITHOUT_TENSORFLOW = "import sys; sys.modules['tensorflow'] = None; from tensorboard.main import run_main; run_main()"


class TensorBoard:
    """`with TensorBoard("--logdir", …) as board:` runs one on a free port; `board.address` is its root.

    with_tensorflow: start it as the command does, which imports tensorflow where that is installed.
    """

    def __init__(self, *arguments: str, with_tensorflow: bool = False) -> None:
        program = ["-m", "tensorboard.main"] if with_tensorflow else ["-c", _WITHOUT_TENSORFLOW]
        command = [sys.executable, *program, "--port", "0", "--host", "localhost", *arguments]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.log: list[str] = []
        self.address = ""
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._listening.wait(90) or not self.address:
            self._process.kill()
            raise RuntimeError("TensorBoard did not start:\n" + "".join(self.log))

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log.append(line)
            if found := _ADDRESS.search(line):
                self.address = found.group(1)
                self._listening.set()
        self._listening.set()

    def __enter__(self) -> TensorBoard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self._reader.join(10)

    @property
    def pid(self) -> int:
        return self._process.pid

    def complaints(self) -> list[str]:
        """The lines of the log that are not TensorBoard's usual greeting."""
        return [
            line
            for line in self.log
            if line.strip() and not _TENSORFLOW_CPP.match(line) and not any(harmless in line for harmless in _HARMLESS)
        ]

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of `path` below the address."""
        return _answer(urllib.request.Request(f"{self.address}{path}", headers=headers or {}))

    def post(self, path: str, body: str, content_type: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of what `path` answers to `body`."""
        headers = {"Content-Type": content_type}
        return _answer(urllib.request.Request(f"{self.address}{path}", body.encode(), headers, method="POST"))

    def ours(self, route: str, **parameters: Any) -> tuple[int, dict[str, str], bytes]:
        """One of our routes; parameters that are not text go as JSON."""
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
        query = "&".join(f"{name}={quote(text)}" for name, text in texts.items())
        return self.get(f"/data/plugin/kd_projector/{route}?{query}")

    def json(self, route: str, **parameters: Any) -> Any:
        status, _, body = self.ours(route, **parameters)
        assert status == 200, body
        return json.loads(body)

    def arrays(self, route: str, **parameters: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Arrays and metadata of a safetensors answer."""
        status, _, body = self.ours(route, **parameters)
        assert status == 200, body
        return tensors.decode(body, route)


def _answer(request: urllib.request.Request) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()
