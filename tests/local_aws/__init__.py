"""Helpers for tests of the local AWS: requests, roles, resources, and the resources in the stack files."""
