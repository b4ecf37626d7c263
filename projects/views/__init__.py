"""Pages of projects: the list, settings, keys, members."""
