"""Make short prefixes unique, before a constraint asks for it."""

from typing import Any

from django.db import migrations


def tell_apart(apps: Any, schema_editor: Any) -> None:
    """The oldest project keeps a prefix; later ones get a number, deleted ones give theirs up."""
    projects = apps.get_model("projects", "Project").objects
    for project in projects.exclude(deleted_at=None):
        projects.filter(pk=project.pk).update(short_prefix=f"DELETED{project.pk}")
    taken = set(projects.values_list("short_prefix", flat=True))
    seen = set()
    for project in projects.order_by("pk"):
        prefix, number = project.short_prefix, 2
        if prefix in seen:
            while (new := f"{prefix[:8]}{number}") in taken:
                number += 1
            projects.filter(pk=project.pk).update(short_prefix=new)
            taken.add(new)
        seen.add(prefix)


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_keep_last_owners")]

    operations = [migrations.RunPython(tell_apart, migrations.RunPython.noop)]
