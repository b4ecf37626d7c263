"""Writes over several models of the errors app."""
