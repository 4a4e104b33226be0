# pyright: standard
"""The fake over HTTP: App Runner's JSON 1.0 protocol, and a path for `Control`."""

import json
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from apprunner_local.apprunner.control import CONTROL_PATH, controlled
from apprunner_local.apprunner.errors import INTERNAL, RejectedError
from apprunner_local.apprunner.plane import AppRunner, DroppedError

_TARGET = "AppRunner."
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/([^/,\s]+)/")


@contextmanager
def serve(plane: AppRunner, port: int = 0) -> Iterator[str]:
    """Serve a control plane on loopback, and yield its address; the server is closed on exit.

    Args:
        plane: The control plane.
        port: The port, 0 for any that is free.
    """
    server = _Server(("127.0.0.1", port), partial(_Handler, plane))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="fake App Runner")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing the server waits for the calls in progress
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    timeout = 5

    def __init__(self, plane: AppRunner, *connection: Any) -> None:
        self._plane = plane
        super().__init__(*connection)

    def do_POST(self) -> None:
        try:
            parameters = self._parameters()
            if self.path.startswith(CONTROL_PATH):
                self._answer(200, {"result": controlled(self._plane, self.path[len(CONTROL_PATH) :], parameters)})
            else:
                self._answer(200, self._call(parameters))
        except DroppedError:
            self.close_connection = True
        except RejectedError as rejected:
            self._reject(rejected.code, rejected.message)
        except Exception as problem:  # a bug in the fake: the caller's test fails with it
            self._reject(INTERNAL, f"the fake failed: {problem!r}")

    def _parameters(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            parameters = json.loads(body or b"{}")
        except ValueError:
            parameters = None
        if not isinstance(parameters, dict):
            raise RejectedError("SerializationException", "the body must be a JSON object")
        return parameters

    def _call(self, parameters: dict[str, Any]) -> dict[str, Any]:
        target = self.headers.get("X-Amz-Target", "")
        if not target.startswith(_TARGET):
            raise RejectedError("UnknownOperationException", f"not a call of App Runner's API: {target!r}")
        signed = _CREDENTIAL.search(self.headers.get("Authorization", ""))
        access_key, region = signed.groups() if signed else (None, "us-east-1")
        return self._plane.call(target.removeprefix(_TARGET), parameters, region, access_key)

    def _reject(self, code: str, message: str) -> None:
        self._answer(500 if code == INTERNAL else 400, {"__type": code, "Message": message})

    def _answer(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header, from the fake's clock."""
        return super().date_time_string(self._plane.clock.now() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the plane records the calls."""
