"""An SMS gateway for tests: a real HTTP server that keeps what it was sent and answers as it is told."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: str


class FakeGateway:
    """What was posted while it was open; each request is answered with `status` and `answer`."""

    def __init__(self, status: int = 200, answer: str = '{"status":"queued"}') -> None:
        self.status, self.answer = status, answer
        self.requests: list[Request] = []

    def __enter__(self) -> "FakeGateway":
        gateway = self

        class Counter(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                gateway.requests.append(Request(self.path, dict(self.headers), body))
                self.send_response(gateway.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(gateway.answer.encode())

            def log_message(self, *_words: object) -> None:
                """Say nothing on the tests' own pages."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/send?route=govt"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
