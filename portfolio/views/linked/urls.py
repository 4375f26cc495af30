"""Addresses of the import of linked tables."""

from django.urls import path

from portfolio.views.linked import pages

urlpatterns = [
    path("imports/linked/", pages.linked_new, name="linked-new"),
    path("imports/linked/<int:pk>/", pages.linked_import, name="linked-import"),
    path("imports/linked/<int:pk>/refused.csv", pages.linked_refused, name="linked-refused"),
    path("imports/linked/<int:pk>/check/", pages.linked_check, name="linked-check"),
    path("imports/linked/<int:pk>/commit/", pages.linked_commit, name="linked-commit"),
    path("imports/linked/<int:pk>/undo/", pages.linked_undo, name="linked-undo"),
    path("imports/linked/<int:pk>/discard/", pages.linked_discard, name="linked-discard"),
]
