"""Channels on which the site can say something, as the apps above register them."""

from collections.abc import Callable

# Hands a text over for delivery. Raises nothing: failures are the deliverer's to keep.
Channel = Callable[[str], None]

TEST_TEXT = "This is a test alert of Catchall."
_channels: list[Channel] = []


def register_channel(channel: Channel) -> None:
    """Have alerts go there as well, from now on in this process."""
    _channels.append(channel)


def send_test_alert() -> int:
    """Hand the test alert to every channel; return how many there are."""
    for channel in _channels:
        channel(TEST_TEXT)
    return len(_channels)
