"""Addresses of what is said about records."""

from __future__ import annotations

from django.urls import path

from pmo.core.activity import views

urlpatterns = [
    path("r/<slug:key>/<int:pk>/comments/", views.comment_add, name="comment-add"),
    path("r/<slug:key>/<int:pk>/files/", views.attachment_add, name="attachment-add"),
    path("r/<slug:key>/<int:pk>/tags/", views.tags_set, name="tags-set"),
    path("r/<slug:key>/<int:pk>/watch/", views.watch_set, name="watch-set"),
    path("r/<slug:key>/<int:pk>/mention/", views.people_to_mention, name="people-to-mention"),
    path("activity/comments/<int:pk>/change/", views.comment_change, name="comment-change"),
    path("activity/comments/<int:pk>/remove/", views.comment_remove, name="comment-remove"),
    path("activity/comments/<int:pk>/restore/", views.comment_restore, name="comment-restore"),
    path("activity/files/<uuid:uid>/", views.attachment_file, name="attachment-file"),
    path("activity/files/<uuid:uid>/remove/", views.attachment_remove, name="attachment-remove"),
    path("activity/files/<uuid:uid>/restore/", views.attachment_restore, name="attachment-restore"),
]
