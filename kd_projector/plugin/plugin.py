"""KDProjectorPlugin: TensorBoard's view of us. Routes are thin; what they answer is in api.py and frames.py."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tensorboard.backend import http_util
from tensorboard.plugins import base_plugin
from werkzeug import wrappers

from kd_projector.errors import KDProjectorError, StoreError, UsageError
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.plugin import api, frames
from kd_projector.plugin.runs import RunFinder
from kd_projector.store.layout import PLUGIN_NAME
from kd_projector.store.sample_history import SampleHistories

_STATIC = Path(__file__).parent / "static"
_CONTENT_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".json": "application/json",
}
_SAFETENSORS = "application/octet-stream"
_MOST_DIGITS = 18

# Shown in the tab where the package was installed without its panel, which only an unfinished development set-up is.
_NOT_BUILT = b"""export function render() {
  document.body.textContent = "The KD Projector panel is not built: run `make panel` in the source tree, then reload.";
}
"""

Answer = tuple[bytes, str]
Handler = Callable[["KDProjectorPlugin", wrappers.Request], Answer]
WsgiApp = Callable[[Any, Any], Any]


def _route(handler: Handler) -> Callable[[KDProjectorPlugin, Any, Any], Any]:
    """A WSGI app from a handler: an ETag with 304 for what the browser has, 400 or 404 with a sentence for errors."""

    @functools.wraps(handler)
    def serve(self: KDProjectorPlugin, environ: Any, start_response: Any) -> Any:
        return _respond(self, handler, wrappers.Request(environ))(environ, start_response)

    return serve


def _respond(plugin: KDProjectorPlugin, handler: Handler, request: wrappers.Request) -> WsgiApp:
    try:
        content, content_type = handler(plugin, request)
    except KDProjectorError as error:
        code = 404 if isinstance(error, StoreError) else 400
        return _response(request, *_json({"error": str(error)}), code)
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == etag:
        return _not_modified(etag, content_type)
    return _response(request, content, content_type, 200, [("ETag", etag)])


def _response(
    request: wrappers.Request, content: bytes, content_type: str, code: int, headers: Sequence[tuple[str, str]] = ()
) -> WsgiApp:
    response: WsgiApp = http_util.Respond(request, content, content_type, code=code, headers=headers)
    return response


def _not_modified(etag: str, content_type: str) -> WsgiApp:
    """A 304 with a Content-Type: werkzeug's response would drop it, and TensorBoard's validator complain of that."""

    def serve(environ: Any, start_response: Any) -> list[bytes]:
        headers = [
            ("ETag", etag),
            ("Content-Type", content_type),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-cache, must-revalidate"),
        ]
        start_response("304 NOT MODIFIED", headers)
        return []

    return serve


class KDProjectorPlugin(base_plugin.TBPlugin):  # type: ignore[misc]
    """The plugin. Active as soon as one run holds kd_projector data."""

    plugin_name = PLUGIN_NAME

    def __init__(self, context: base_plugin.TBContext) -> None:
        self._runs = RunFinder(context)
        self._histories = SampleHistories()
        workers = getattr(context.flags, "kd_projector_workers", 0) if context.flags else 0
        scheduler = getattr(context.flags, "kd_projector_scheduler", "") if context.flags else ""
        self._queue = ProjectionQueue(workers, scheduler=scheduler or None)

    def is_active(self) -> bool:
        return bool(self._runs.with_data())

    def frontend_metadata(self) -> base_plugin.FrontendMetadata:
        return base_plugin.FrontendMetadata(es_module_path="/index.js", tab_name="KD Projector")

    def get_plugin_apps(self) -> dict[str, Any]:
        apps: dict[str, Any] = {
            "/overview": self._serve_overview,
            "/probe": self._serve_probe,
            "/thumbnails": self._serve_thumbnails,
            "/outputs": self._serve_outputs,
            "/sample": self._serve_sample,
            "/measures": self._serve_measures,
            "/frames": self._serve_frames,
            "/neighbours": self._serve_neighbours,
            "/progress": self._serve_progress,
            "/cancel": self._serve_cancel,
        }
        # One route a file that is there now: no request's text ever becomes part of a path.
        for path in sorted(_STATIC.rglob("*")) if _STATIC.is_dir() else []:
            if path.suffix in _CONTENT_TYPES:
                apps[f"/{path.relative_to(_STATIC).as_posix()}"] = functools.partial(self._serve_static, path)
        apps.setdefault("/index.js", functools.partial(self._serve_static, None))
        return apps

    def _serve_static(self, path: Path | None, environ: Any, start_response: Any) -> Any:
        answer = (_NOT_BUILT, "text/javascript") if path is None else (path.read_bytes(), _CONTENT_TYPES[path.suffix])
        return _respond(self, lambda _plugin, _request: answer, wrappers.Request(environ))(environ, start_response)

    @_route
    def _serve_overview(self, request: wrappers.Request) -> Answer:
        return _json(api.overview(self._runs.with_data()))

    @_route
    def _serve_probe(self, request: wrappers.Request) -> Answer:
        return _json(api.probe(self._runs.reader(_text(request, "run"))))

    @_route
    def _serve_thumbnails(self, request: wrappers.Request) -> Answer:
        reader = self._runs.reader(_text(request, "run"))
        return reader.thumbnail_sheet(_number(request, "sheet")), "image/webp"

    @_route
    def _serve_outputs(self, request: wrappers.Request) -> Answer:
        items = _parsed(request, "items")
        match items:
            case list() if all(_is_item(item) for item in items):
                folders = {name: self._runs.reader(name) for name in dict.fromkeys(item[0] for item in items)}
                return api.outputs([(folders[run], model, step) for run, model, step in items]), _SAFETENSORS
            case _:
                raise UsageError(f"items={items!r} is not a list of [run, model, step].")

    @_route
    def _serve_sample(self, request: wrappers.Request) -> Answer:
        reader = self._runs.reader(_text(request, "run"))
        return _json(api.sample(reader, _number(request, "sample"), self._histories))

    @_route
    def _serve_measures(self, request: wrappers.Request) -> Answer:
        return _json(api.measures(self._runs.reader(_text(request, "run")), self._runs.folders()))

    @_route
    def _serve_frames(self, request: wrappers.Request) -> Answer:
        query = frames.FramesQuery.from_json(_parsed(request, "request"))
        return frames.frames(query, self._runs.with_data(), self._queue), _SAFETENSORS

    @_route
    def _serve_neighbours(self, request: wrappers.Request) -> Answer:
        query = frames.FramesQuery.from_json(_parsed(request, "request"))
        return frames.neighbours(query, self._runs.with_data()), _SAFETENSORS

    def _serve_cancel(self, environ: Any, start_response: Any) -> Any:
        request = wrappers.Request(environ)
        if request.method != "POST":
            answer = _response(request, *_json({"error": "/cancel takes POST."}), 405, [("Allow", "POST")])
            return answer(environ, start_response)
        return _respond(self, KDProjectorPlugin._cancel, request)(environ, start_response)

    def _cancel(self, request: wrappers.Request) -> Answer:
        # A page of another site can send a form or plain text here, but JSON only if we allowed it to. It could do no
        # worse than delay maps.
        if request.mimetype != "application/json":
            raise UsageError(f"/cancel takes application/json, not {request.mimetype!r}.")
        try:
            data = json.loads(request.get_data(as_text=True))
        except ValueError as error:
            raise UsageError(f"The body is not JSON: {error}.") from error
        frames.cancel(data, self._runs.with_data(), self._queue)
        return _json(frames.progress(self._queue))

    @_route
    def _serve_progress(self, request: wrappers.Request) -> Answer:
        return _json(frames.progress(self._queue))


def _json(value: Any) -> Answer:
    return json.dumps(value, allow_nan=False).encode(), "application/json"


def _text(request: wrappers.Request, name: str) -> str:
    value = request.args.get(name)
    if value is None:
        raise UsageError(f"The parameter {name!r} is missing.")
    return str(value)


def _number(request: wrappers.Request, name: str) -> int:
    value = _text(request, name)
    if not value.isdecimal() or len(value) > _MOST_DIGITS:
        raise UsageError(f"{name}={value!r} is not a whole number.")
    return int(value)


def _parsed(request: wrappers.Request, name: str) -> Any:
    text = _text(request, name)
    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError(f"The parameter {name!r} is not JSON: {error}.") from error


def _is_item(item: Any) -> bool:
    match item:
        case [str(), str(), int()]:
            return True
        case _:
            return False
