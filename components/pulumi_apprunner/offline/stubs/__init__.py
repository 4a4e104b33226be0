"""Stub values: what AWS would return."""
