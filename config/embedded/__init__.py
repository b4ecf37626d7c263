"""The whole site in one process: web server, worker and schedules, for `manage.py up`."""
