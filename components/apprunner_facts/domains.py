"""Custom domains: their records, and the wildcards that App Runner accepts."""

import re

_PUBLIC_SUFFIX = re.compile(r"(?:ac|co|com|edu|go|gov|ne|net|or|org)\.[a-z]{2}")
"""The most common suffixes of two labels, such as co.uk. The full Public Suffix List is too long to copy."""


DOMAIN_NAME = re.compile(r"(?=.{1,255}\Z)(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
"""A custom domain. The API's pattern (botocore's model, DomainName) also accepts * and dots elsewhere; the guide
describes a root domain, a subdomain, or *. and a root domain (source.CUSTOM_DOMAINS)."""


def hosts_of(domain_name: str, www: bool) -> tuple[str, ...]:
    """Return the hosts that an association serves: the domain, and its www subdomain. Each host needs one record."""
    return (domain_name, f"www.{domain_name}") if www else (domain_name,)


def is_nested_wildcard(domain_name: str) -> bool:
    """Return whether a domain is a wildcard below a subdomain, as in *.login.example.com.

    App Runner accepts a wildcard only directly below a root domain (source.CUSTOM_DOMAINS).
    """
    if not domain_name.startswith("*."):
        return False
    labels = domain_name.removeprefix("*.").split(".")
    return len(labels) > (3 if _PUBLIC_SUFFIX.fullmatch(".".join(labels[-2:])) else 2)
