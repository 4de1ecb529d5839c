"""A mail server for tests: it speaks as much SMTP as a letter needs, and keeps what it was given."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class Postbox:
    """Letters that were handed in while it was open."""

    def __init__(self) -> None:
        self.recipients: list[list[str]] = []
        self.texts: list[bytes] = []

    def __enter__(self) -> "Postbox":
        box = self

        class Counter(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                box.serve(self)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Counter)
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(text, policy=policy.default) for text in self.texts]

    def serve(self, line: socketserver.StreamRequestHandler) -> None:
        """One conversation."""
        line.wfile.write(b"220 postbox\r\n")
        to: list[str] = []
        while said := line.rfile.readline():
            word = said.strip().upper()
            if word.startswith(b"RCPT TO"):
                to.append(said.decode().split("<")[1].split(">")[0])
            if word == b"DATA":
                line.wfile.write(b"354 go on\r\n")
                self._keep(line, to)
            line.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return

    def _keep(self, line: socketserver.StreamRequestHandler, to: list[str]) -> None:
        text = []
        while (said := line.rfile.readline()) != b".\r\n":
            text.append(said.removeprefix(b".") if said.startswith(b"..") else said)
        self.texts.append(b"".join(text))
        self.recipients.append(to)
