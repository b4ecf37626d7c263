"""Addresses of the projects app. What connects an application is in `ingest.pages`."""

from django.urls import path

from projects.views import keys, listing, members, native_keys, settings, simple_keys, statistics

urlpatterns = [
    path("projects/", listing.project_list, name="project_list"),
    path("projects/new/", listing.project_create, name="project_create"),
    path("projects/<slug:slug>/settings/", settings.project_settings, name="project_settings"),
    path(
        "projects/<slug:slug>/statistics/", statistics.project_statistics, name="project_statistics"
    ),
    path("projects/<slug:slug>/delete/", settings.project_delete, name="project_delete"),
    path("projects/<slug:slug>/keys/", keys.project_keys, name="project_keys"),
    path("projects/<slug:slug>/keys/<int:key_id>/label/", keys.key_rename, name="key_rename"),
    path("projects/<slug:slug>/keys/<int:key_id>/limit/", keys.key_limit, name="key_limit"),
    path("projects/<slug:slug>/keys/<int:key_id>/revoke/", keys.key_revoke, name="key_revoke"),
    path("projects/<slug:slug>/keys/<int:key_id>/restore/", keys.key_restore, name="key_restore"),
    path("projects/<slug:slug>/simple-keys/", simple_keys.simple_key_add, name="simple_key_add"),
    path(
        "projects/<slug:slug>/simple-keys/<int:key_id>/revoke/",
        simple_keys.simple_key_revoke,
        name="simple_key_revoke",
    ),
    path(
        "projects/<slug:slug>/simple-keys/<int:key_id>/restore/",
        simple_keys.simple_key_restore,
        name="simple_key_restore",
    ),
    path("projects/<slug:slug>/api-keys/", native_keys.project_api_keys, name="project_api_keys"),
    path(
        "projects/<slug:slug>/api-keys/<int:key_id>/change/",
        native_keys.api_key_change,
        name="api_key_change",
    ),
    path(
        "projects/<slug:slug>/api-keys/<int:key_id>/revoke/",
        native_keys.api_key_revoke,
        name="api_key_revoke",
    ),
    path(
        "projects/<slug:slug>/api-keys/<int:key_id>/restore/",
        native_keys.api_key_restore,
        name="api_key_restore",
    ),
    path("projects/<slug:slug>/members/", members.project_members, name="project_members"),
    path("projects/<slug:slug>/members/add/", members.member_add, name="member_add"),
    path(
        "projects/<slug:slug>/members/<int:membership_id>/role/",
        members.member_role,
        name="member_role",
    ),
    path(
        "projects/<slug:slug>/members/<int:membership_id>/remove/",
        members.member_remove,
        name="member_remove",
    ),
]
