"""A site with as much data as years would leave: for plans, page times and load tests."""
