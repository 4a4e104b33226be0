"""A fake of GitHub's API that listens on this machine, with one pull request: example/shop#7.

It knows comments by pages, and refuses as GitHub documents it: a token that it does not know, one that may not write, a
pull request that is not there.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pulumi_apprunner.cli.github import PullRequest

BOT = "github-actions[bot]"
COMMENTS = "/repos/example/shop/issues/7/comments"


@dataclass
class GitHub:
    """One pull request, example/shop#7, and its comments."""

    address: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def comment(self, body: str, author: str = BOT) -> dict[str, Any]:
        number = 1 + len(self.comments)
        html_url = f"https://github.com/example/shop/pull/7#issuecomment-{number}"
        said = {"id": number, "body": body, "user": {"login": author}, "html_url": html_url}
        self.comments.append(said)
        return said

    def pull_request(self, token: str = "good", number: int = 7) -> PullRequest:
        return PullRequest("example/shop", number, token, api=self.address)


def handler(github: GitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            where = urlsplit(self.path)
            github.asked.append(f"{self.command} {where.path}")
            token = self.headers["Authorization"].removeprefix("Bearer ")
            length = int(self.headers.get("Content-Length") or 0)
            said = json.loads(self.rfile.read(length)) if length else {}
            one = re.fullmatch(r"/repos/example/shop/issues/comments/([0-9]+)", where.path)
            if token not in ("good", "reader"):
                self.tell(401, {"message": "Bad credentials"})
            elif where.path != COMMENTS and not one:
                self.tell(404, {"message": "Not Found"})
            elif self.command == "GET":
                asked = parse_qs(where.query)
                size, page = int(asked["per_page"][0]), int(asked["page"][0])
                self.tell(200, github.comments[size * (page - 1) : size * page])
            elif token == "reader":
                self.tell(403, {"message": "Resource not accessible by integration"})
            elif self.command == "PATCH" and one:
                found = github.comments[int(one[1]) - 1]
                found["body"] = said["body"]
                self.tell(200, found)
            else:
                self.tell(201, github.comment(said["body"]))

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - the names that http.server looks for

        def tell(self, status: int, content: Any) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def listening() -> Iterator[GitHub]:
    fake = GitHub()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(fake)) as server:
        fake.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield fake
        server.shutdown()
        thread.join()
