"""A fake of GitHub's API on the loopback interface, with one pull request: example/shop#7.

It lists comments in pages. As GitHub documents it, it rejects an unknown token, a token without write permission, and a
pull request that does not exist.
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
    requests: list[str] = field(default_factory=list)
    """Method and path of each request."""

    def comment(self, body: str, author: str = BOT) -> dict[str, Any]:
        number = 1 + len(self.comments)
        html_url = f"https://github.com/example/shop/pull/7#issuecomment-{number}"
        comment = {"id": number, "body": body, "user": {"login": author}, "html_url": html_url}
        self.comments.append(comment)
        return comment

    def pull_request(self, token: str = "good", number: int = 7) -> PullRequest:
        return PullRequest("example/shop", number, token, api=self.address)


def handler(github: GitHub) -> type[BaseHTTPRequestHandler]:
    """Return the class that answers requests from a GitHub's comments."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            url = urlsplit(self.path)
            github.requests.append(f"{self.command} {url.path}")
            token = self.headers["Authorization"].removeprefix("Bearer ")
            length = int(self.headers.get("Content-Length") or 0)
            content = json.loads(self.rfile.read(length)) if length else {}
            comment = re.fullmatch(r"/repos/example/shop/issues/comments/([0-9]+)", url.path)
            if token not in ("good", "reader"):
                self.send(401, {"message": "Bad credentials"})
            elif url.path != COMMENTS and not comment:
                self.send(404, {"message": "Not Found"})
            elif self.command == "GET":
                query = parse_qs(url.query)
                size, page = int(query["per_page"][0]), int(query["page"][0])
                self.send(200, github.comments[size * (page - 1) : size * page])
            elif token == "reader":
                self.send(403, {"message": "Resource not accessible by integration"})
            elif self.command == "PATCH" and comment:
                changed = github.comments[int(comment[1]) - 1]
                changed["body"] = content["body"]
                self.send(200, changed)
            else:
                self.send(201, github.comment(content["body"]))

        do_GET = do_POST = do_PATCH = respond  # noqa: N815 - http.server requires these names

        def send(self, status: int, content: Any) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def serve() -> Iterator[GitHub]:
    """Run the fake in a thread."""
    fake = GitHub()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(fake)) as server:
        fake.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield fake
        server.shutdown()
        thread.join()
