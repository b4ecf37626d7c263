"""A believable week of a web shop's three services, for `manage.py seed_demo`.

`stories_*` say what went wrong, `code/` holds the lines where it did, `events_*` turn one
occurrence into what an SDK would have sent, `week` decides when, and `seed` writes it all.
"""
