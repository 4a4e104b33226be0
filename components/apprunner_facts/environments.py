"""Which names of environments mean production. A convention of this library, not of AWS.

The policies apply it to the stack's name, and a Fleet to its environment.
"""

import re
from itertools import pairwise

PRODUCTION = frozenset({"live", "prd", "prod", "production"})
"""The words that mean production. A longer word that ends in prod does too, such as euprod."""

_DENIALS = (
    "acceptance accept clone copy demo dev devel develop development draft drill dry dummy dump e2e emulated "
    "ephemeral ex experiment experimental fake feature integration lab like load local lower mirror mock near non not "
    "perf performance playground poc pr pre preview pseudo qa quasi rehearsal review sample sandbox sbx scratch semi "
    "sim simulated simulation sit snapshot stage staging stg sub temp temporary test tests testing tmp trial tst uat"
)
NOT_PRODUCTION = frozenset(_DENIALS.split())
"""The words that deny it beside such a word: prod-test is a test environment."""

_NO = "no"
"""Denies production only directly in front of such a word: prod-no is Norway."""

_JOINED = frozenset(
    joined
    for word in PRODUCTION
    for denial in NOT_PRODUCTION | {_NO}
    for joined in (denial + word, word + denial)
    if joined != word + _NO
)
"""A denial and the word that it denies, written as one: nonprod, prodtest."""

_WORD = re.compile(r"e2e|[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""A word ends at a character that is not a letter, and where upper case follows lower case."""


def is_production(name: str) -> bool:
    """Return whether the name of an environment means production.

    One of its words must mean production, and none may deny it: orders_prod, eu-prod-1, prodEU and live do; non-prod,
    preprod, prod-copy and product do not.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    if any(word in NOT_PRODUCTION or word in _JOINED for word in words):
        return False
    if any(first == _NO and _means_production(second) for first, second in pairwise(words)):
        return False
    return any(map(_means_production, words))


def _means_production(word: str) -> bool:
    return word in PRODUCTION or word.endswith("prod")
