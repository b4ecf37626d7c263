"""Every address against people who mean no good: a file for each class of fault.

Addresses come from the resolver, rows from the models: what is new is attacked by itself, or the
test that does not know what to put into it says so.
"""
