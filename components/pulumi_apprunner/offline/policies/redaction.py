"""Removes secret values from the messages of rules."""

from collections.abc import Iterator
from itertools import takewhile

from pulumi_apprunner.offline.graph import Graph
from pulumi_apprunner.offline.values import Secret, leaves

_MIN_LENGTH = 4
"""Characters. A shorter secret would match parts of ordinary words."""
_CUT_LENGTH = 100
"""Characters. A rule may cut a longer secret, so as much as follows of its beginning is replaced."""
_REPLACEMENT = "[secret]"


class Redaction:
    """The secret strings of a graph. The time for a message does not depend on how many there are."""

    def __init__(self, graph: Graph) -> None:
        self._by_prefix: dict[str, list[str]] = {}
        for secret in _secrets(graph):
            self._by_prefix.setdefault(secret[:_MIN_LENGTH], []).append(secret)

    def apply(self, message: str) -> str:
        """Return a message with `[secret]` in place of each secret; overlapping ones become one."""
        if not self._by_prefix:
            return message
        parts: list[str] = []
        position = 0
        for start, end in self._spans(message):
            parts += [message[position:start], _REPLACEMENT]
            position = end
        return "".join([*parts, message[position:]])

    def _spans(self, message: str) -> Iterator[tuple[int, int]]:
        start = end = -1
        for index in range(len(message)):
            if index >= end and end >= 0:
                yield start, end
                start = end = -1
            secrets = self._by_prefix.get(message[index : index + _MIN_LENGTH], ())
            length = max((_match_length(message, index, each) for each in secrets), default=0)
            if length:
                start = index if start < 0 else start
                end = max(end, index + length)
        if end >= 0:
            yield start, end


def _match_length(message: str, index: int, secret: str) -> int:
    """Return how many characters of a secret a message has at an index."""
    if not message.startswith(secret[:_CUT_LENGTH], index):
        return 0
    pairs = zip(secret, message[index : index + len(secret)], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _secrets(graph: Graph) -> set[str]:
    secrets = (leaf for resource in graph.resources for leaf in leaves(resource.inputs) if isinstance(leaf, Secret))
    return {text for each in secrets for text in leaves(each.value) if _is_distinctive(text)}


def _is_distinctive(value: object) -> bool:
    return isinstance(value, str) and len(value) >= _MIN_LENGTH
