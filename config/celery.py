"""The Celery application: queues digest and maintenance."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("catchall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Without this a worker in a thread of its own drops every task as unregistered.
app.set_default()
