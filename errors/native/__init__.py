"""Issues for native clients: lists, one with its newest events, and closing it."""
