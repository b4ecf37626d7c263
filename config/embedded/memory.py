"""Keeps the process small, and its threads out of each other's way."""

import ctypes
import gc
import sys

# A thread that computes gives way this often: the default of 5 ms is felt in every answer.
SWITCH_INTERVAL_S = 0.001

# glibc's numbers for mallopt(3), and what to set: few arenas, and freed memory given back soon.
# Left alone it raises its thresholds while it runs; that cost 20 of 160 MB under load. They lie
# above the buffers of an event: returned and mapped anew, those cost 4 % of all processor time.
_MALLOPT = {-8: 2, -3: 256 * 1024, -1: 512 * 1024}


def tune_allocator() -> None:
    """Before any thread starts; without effect where the C library has no mallopt."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        for parameter, value in _MALLOPT.items():
            mallopt(parameter, value)


def settle() -> None:
    """Once all is imported: leave it out of every later search for garbage."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()
