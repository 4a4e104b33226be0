"""One comment on a pull request, made once and updated in place."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

API = "https://api.github.com"
LONGEST = 65_536
"""Characters that GitHub takes in a comment."""

_A_PAGE = 100
_SECONDS = 30
_HINTS = {
    401: "the token in GITHUB_TOKEN is not one that GitHub knows",
    403: "the token may not do that: the workflow's job needs `permissions: {pull-requests: write}`, which a pull "
    "request from a fork never gets",
    404: "there is no such pull request, or the token does not see it",
}


@dataclass(frozen=True)
class PullRequest:
    """A pull request, as somebody with a token.

    Args:
        repository: owner/name.
        number: The pull request's.
        token: Who asks; never printed.
        author: The login under which that token writes: only comments of this author are updated.
        api: The address of GitHub's API, without a slash at the end.
    """

    repository: str
    number: int
    token: str = field(repr=False)
    author: str = "github-actions[bot]"
    api: str = API

    def say(self, marker: str, body: str) -> str:
        """Write a comment, or update the one of this author that begins with the marker; return its address.

        Raises:
            pulumi.RunError: GitHub refuses or cannot be reached.
        """
        comments = f"repos/{self.repository}/issues/{self.number}/comments"
        said = {"body": f"{marker}\n{body}"}
        for each in self._comments(comments):
            who: Any = each.get("user") or {}
            if who.get("login") == self.author and str(each.get("body", "")).startswith(marker):
                return str(
                    self._ask("PATCH", f"repos/{self.repository}/issues/comments/{each['id']}", said)["html_url"]
                )
        return str(self._ask("POST", comments, said)["html_url"])

    def _comments(self, path: str) -> Iterator[Mapping[str, Any]]:
        page = 1
        while found := self._ask("GET", f"{path}?per_page={_A_PAGE}&page={page}"):
            yield from found
            if len(found) < _A_PAGE:
                return
            page += 1

    def _ask(self, method: str, path: str, said: Mapping[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.api}/{path}",
            method=method,
            data=None if said is None else json.dumps(said).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "pulumi-apprunner",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        what = f"pull request {self.number} of {self.repository}"
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            error.close()
            hint = _HINTS.get(error.code, "try again later")
            raise pulumi.RunError(f"{what}: GitHub answered {error.code} {error.reason}: {hint}") from None
        except (OSError, ValueError) as error:
            raise pulumi.RunError(f"{what}: {self.api} gave no answer that could be read: {error}") from None
