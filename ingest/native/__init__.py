"""The HTTP interfaces of the systems that came before: events as plain JSON."""
