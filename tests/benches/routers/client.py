"""One connection that is kept, and what an answer took on it."""

from __future__ import annotations

import http.client
import json
import socket
import time
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_SECONDS = 300


@dataclass
class Client:
    """A connection to a server on loopback; opened again where the server has closed it."""

    port: int
    token: str = ""
    connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def timed(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes, float]:
        """Status, body and seconds from the first byte sent to the last received."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        for is_last in (False, True):
            try:
                connection = self.connected()
                started = time.perf_counter()
                connection.request(method, path, body=body, headers=headers)
                response = connection.getresponse()
                answer = response.read()
                return response.status, answer, time.perf_counter() - started
            except (http.client.HTTPException, ConnectionError):
                # A connection that lay idle may have been closed meanwhile.
                self.close()
                if is_last:
                    raise
        raise AssertionError

    def connected(self) -> http.client.HTTPConnection:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.connection

    def json(self, method: str, path: str, question: object = None) -> tuple[int, Any]:
        body = json.dumps(question).encode() if question is not None else None
        status, answer, _ = self.timed(method, path, body)
        try:
            return status, json.loads(answer)
        except ValueError:
            return status, {}

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
