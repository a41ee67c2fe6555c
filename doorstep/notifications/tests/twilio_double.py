"""Plays Twilio on this machine, over real HTTP, for Twilio's own client: accounts, answers, errors."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a-token-that-only-twilio-knows"
SENDER = "+15055550100"

type Answer = tuple[int, dict[str, object]]


class TwilioDouble:
    """`taken` is what it got; `answer` may be replaced to refuse."""

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []
        self.answer: Callable[[dict[str, str]], Answer] = self.take
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                said = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
                status, body = double.judge(self.path, self.headers.get("Authorization", ""), said)
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def judge(self, path: str, authorization: str, said: dict[str, str]) -> Answer:
        right = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if authorization != right or path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return error(401, 20003, "Authenticate")
        return self.answer(said)

    def take(self, said: dict[str, str]) -> Answer:
        if said.get("From") != SENDER:
            return error(400, 21606, "The 'From' phone number provided is not a valid number.")
        self.taken.append(said)
        return 201, {
            "sid": f"SM{len(self.taken):032x}",
            "status": "queued",
            "to": said["To"],
            "from": said["From"],
            "body": said["Body"],
            "num_segments": "1",
        }


def error(status: int, code: int, words: str) -> Answer:
    return status, {"status": status, "code": code, "message": words, "more_info": ""}
