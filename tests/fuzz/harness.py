"""Runs generated inputs: each is read, or refused as the user is told; nothing else, and in bounded time."""

import random
import signal
import time
from collections import Counter
from contextlib import contextmanager

from nenpo.errors import NenpoError

SECONDS = 5


@contextmanager
def within(seconds):
    """Raises TimeoutError where the block takes longer; a call that never comes back to Python is ended by it all the same."""

    def late(number, frame):
        raise TimeoutError(f"{seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcomes(kind, number, seed=0):
    """Outcomes of ``number`` inputs of a kind: how many were read and refused; an AssertionError with the seed of the first that was
    neither, or that was read wrong."""
    found = Counter()
    slowest = 0.0
    for at in range(number):
        rng = random.Random(f"{kind.__name__} {seed} {at}")
        start = time.monotonic()
        try:
            with within(SECONDS):
                found[kind(rng)] += 1
        except NenpoError as error:
            text = str(error)
            assert "Traceback" not in text and all(fault.what for fault in error.faults)
            assert "組版できません" not in text  # said where nothing is known of the fault
            found["refused"] += 1
        except BaseException as error:
            raise AssertionError(f"{kind.__name__} {seed} {at}: {type(error).__name__}: {error}") from error
        slowest = max(slowest, time.monotonic() - start)
    return found, slowest
