"""The JSON of projects."""

from rest_framework import serializers

from projects.languages import OTHER, language_of
from projects.models import Project

_KEY = "What applications send with: 32 hex digits; null while every key is revoked."


class ProjectSerializer(serializers.Serializer[Project]):
    """A project as programs see it; its keys must be prefetched as `active_keys`."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    lang = serializers.SerializerMethodField()
    key = serializers.SerializerMethodField(help_text=_KEY)

    def get_lang(self, project: Project) -> str:
        return language_of(project.language, project.platform)

    def get_key(self, project: Project) -> str | None:
        keys = project.active_keys  # type: ignore[attr-defined]  # prefetched
        return keys[0].public_key if keys else None


class ProjectChangeSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """What can be said about a project; what is absent stays."""

    name = serializers.CharField(max_length=100, required=False)
    lang = serializers.CharField(max_length=32, required=False)


class NewProjectSerializer(serializers.Serializer):  # type: ignore[type-arg]  # not generic at run time
    """A new project."""

    name = serializers.CharField(max_length=100)
    lang = serializers.CharField(max_length=32, default=OTHER)
