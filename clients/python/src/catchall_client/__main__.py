"""`python -m catchall_client`: the command, where its script is not on the path."""

import sys

from catchall_client.command import main

sys.exit(main())
