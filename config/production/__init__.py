"""The site in several processes, one kind each: `manage.py serve ingest`, `web`, `worker`, …"""
