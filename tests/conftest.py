"""What holds for every test."""

import asyncio
import logging

from hypothesis import settings

# An output that fails after its test is logged while garbage is collected; on CPython 3.11.7 pytest dies of that.
# Pulumi's own host silences this logger too.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)

# The same examples in every run, and nothing timed; `pytest --hypothesis-profile=explore` looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("repeatable")

# An Output outside of a program needs an event loop in the main thread. Python 3.14 makes none by itself.
# It stays open: closing it ends its threads, in which the SDK's mocks leave event loops that nobody closes.
asyncio.set_event_loop(asyncio.new_event_loop())
