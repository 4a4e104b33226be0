"""Custom domains: which records they need, and which wildcards App Runner takes."""

import re

_PUBLIC_SUFFIX = re.compile(r"(?:ac|co|com|edu|go|gov|ne|net|or|org)\.[a-z]{2}")
"""The commonest suffixes of two labels, such as co.uk; the whole list is too long to be kept here."""


def hosts_of(domain_name: str, www: bool) -> tuple[str, ...]:
    """Return the hosts that an association serves, each of which needs a record of its own: the domain, and its www."""
    return (domain_name, f"www.{domain_name}") if www else (domain_name,)


def is_nested_wildcard(domain_name: str) -> bool:
    """Return whether a domain is a wildcard below a domain that seems to be no root domain, as *.login.example.com.

    App Runner takes a wildcard for the immediate subdomains of a root domain only (source.CUSTOM_DOMAINS).
    """
    if not domain_name.startswith("*."):
        return False
    labels = domain_name.removeprefix("*.").split(".")
    return len(labels) > (3 if _PUBLIC_SUFFIX.fullmatch(".".join(labels[-2:])) else 2)
