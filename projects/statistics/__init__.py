"""What became of all that clients sent: no event disappears without a number.

What is written by the digest is counted in its transaction (`add_outcomes`); what is refused when
it arrives is collected in the process and written every few seconds (`tally`).
"""

from projects.statistics.outcomes import Counted, Outcome, hour_at
from projects.statistics.record import add_outcomes
from projects.statistics.tally import tally

__all__ = ["Counted", "Outcome", "add_outcomes", "hour_at", "tally"]
