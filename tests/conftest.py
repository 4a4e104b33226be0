"""Settings for every test."""

import asyncio
import logging
import sys

from hypothesis import settings

# Two programs that a test writes within a second may have the same size, and then share their bytecode.
sys.dont_write_bytecode = True

# asyncio logs an output that fails after its test while garbage is collected, which crashes pytest on CPython 3.11.7.
# Pulumi's own host disables this logger too.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)

# The same examples in every run, without deadlines. `pytest --hypothesis-profile=explore` tries new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("repeatable")

# An Output outside a program needs an event loop in the main thread, which Python 3.14 does not create. The loop stays
# open: closing it ends its threads, in which the SDK's mocks leave event loops open.
asyncio.set_event_loop(asyncio.new_event_loop())
