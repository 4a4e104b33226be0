"""Tests of the emulated provider."""
