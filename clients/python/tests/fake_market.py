"""A server that gives prepared answers in turn and records the requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What the server sends."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


LOSE = "lose"
"""The server closes the connection without an answer."""
CUT = "cut"
"""The server closes the connection in the middle of its answer."""
HANG = "hang"
"""The server never answers."""
Step = Answer | str


@dataclass
class Request:
    """What the server received."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class Market:
    """A running server."""

    def __init__(self, steps: list[Step]) -> None:
        self.requests: list[Request] = []
        self.received = threading.Event()
        self._steps = steps
        self._stop = threading.Event()
        self._lock = threading.Lock()
        market = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                market.answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 (names that http.server calls)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Gives the next answer."""
        body = handler.rfile.read(int(handler.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._lock:
            index = len(self.requests)
            self.requests.append(Request(handler.command, handler.path, headers, body))
            step = self._steps[index] if index < len(self._steps) else problem(500, "unexpected_request")
        self.received.set()
        if isinstance(step, str):
            if step == HANG:
                self._stop.wait()
            if step == CUT:
                handler.wfile.write(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"status":')
            handler.close_connection = True
            return
        content = step.body.encode() if isinstance(step.body, str) else json.dumps(step.body).encode()
        handler.send_response(step.status)
        for name, value in ({"content-type": "application/json"} | dict(step.headers)).items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    @contextmanager
    def running(self) -> Iterator[Market]:
        """Serves until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._server.shutdown()
            thread.join()
            self._server.socket.close()


def problem(status: int, code: str, headers: Mapping[str, str] | None = None) -> Answer:
    """A problem document as the market sends it."""
    body = {"title": "A title", "status": status, "code": code, "detail": "A detail."}
    return Answer(status, body, {"content-type": "application/problem+json"} | dict(headers or {}))


def session(token: str) -> Answer:
    """The answer to a sign-in."""
    return Answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600})
