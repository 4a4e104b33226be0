"""Patterns that are compiled when a text contains one of their words, so that most texts need none."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

Form = tuple[str, str, str]
"""What it finds, lower-case words of which every match contains one, separated by spaces, and a pattern."""


class Forms:
    """Forms to look for in a text, in order.

    Args:
        forms: The forms. A match of a pattern does not start within a word.
    """

    def __init__(self, *forms: Form) -> None:
        self._forms = forms
        by_word: dict[str, list[int]] = defaultdict(list)
        for index, (_, words, _) in enumerate(forms):
            for word in words.split():
                by_word[word].append(index)
        self._by_word: Sequence[tuple[str, list[int]]] = list(by_word.items())

    def matching(self, text: str, name: str = "") -> Iterator[tuple[str, re.Pattern[str]]]:
        """Yield what may be in a text, and the pattern that finds it. A form's word may also be in the text's name."""
        lowered = f"{name} {text}".lower()
        found = {index for word, indices in self._by_word if word in lowered for index in indices}
        for index in sorted(found):
            what, _, pattern = self._forms[index]
            yield what, _compiled(pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    flags, rest = ("(?i)", pattern[4:]) if pattern.startswith("(?i)") else ("", pattern)
    return re.compile(rf"{flags}(?<![A-Za-z0-9])(?:{rest})")
