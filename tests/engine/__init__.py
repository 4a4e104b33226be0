"""Tests on the real Pulumi engine, against the local AWS."""
