"""One comment on a pull request, created once and then updated."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

API = "https://api.github.com"
LONGEST = 65_536
"""Maximum characters of a comment on GitHub."""

_PAGE_SIZE = 100
_SECONDS = 30
_HINTS = {
    401: "The token in GITHUB_TOKEN is invalid",
    403: "The token has no permission. The workflow's job needs `permissions: {pull-requests: write}`, which GitHub "
    "never grants to a pull request from a fork",
    404: "The pull request does not exist, or the token has no access to it",
}


@dataclass(frozen=True)
class PullRequest:
    """A pull request on GitHub, and the token to access it.

    Args:
        repository: owner/name.
        number: The number of the pull request.
        token: The access token; never printed.
        author: The login of the token. Only comments of this author are updated.
        api: The URL of GitHub's API, without a trailing slash.
    """

    repository: str
    number: int
    token: str = field(repr=False)
    author: str = "github-actions[bot]"
    api: str = API

    def write_comment(self, marker: str, body: str) -> str:
        """Create a comment, or update this author's comment that begins with the marker; return its URL.

        Raises:
            pulumi.RunError: GitHub returns an error or is unreachable.
        """
        comments = f"repos/{self.repository}/issues/{self.number}/comments"
        content = {"body": f"{marker}\n{body}"}
        for each in self._comments(comments):
            user: Any = each.get("user") or {}
            if user.get("login") == self.author and str(each.get("body", "")).startswith(marker):
                comment = f"repos/{self.repository}/issues/comments/{each['id']}"
                return str(self._call("PATCH", comment, content)["html_url"])
        return str(self._call("POST", comments, content)["html_url"])

    def _comments(self, path: str) -> Iterator[Mapping[str, Any]]:
        page = 1
        while comments := self._call("GET", f"{path}?per_page={_PAGE_SIZE}&page={page}"):
            yield from comments
            if len(comments) < _PAGE_SIZE:
                return
            page += 1

    def _call(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.api}/{path}",
            method=method,
            data=None if content is None else json.dumps(content).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "pulumi-apprunner",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        name = f"pull request {self.number} of {self.repository}"
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            error.close()
            hint = _HINTS.get(error.code, "Try again later")
            raise pulumi.RunError(f"{name}: GitHub returned {error.code} {error.reason}. {hint}") from None
        except (OSError, ValueError) as error:
            raise pulumi.RunError(f"{name}: no valid response from {self.api}: {error}") from None
