"""Comments and tags in the REST API: before the addresses of the registers, which take any key."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from pmo.core.activity import api

urlpatterns = [
    path("<slug:key>/<int:pk>/comments/", login_not_required(api.CommentList.as_view()), name="api-comments"),
    path(
        "<slug:key>/<int:pk>/comments/<int:number>/", login_not_required(api.CommentItem.as_view()), name="api-comment"
    ),
    path("<slug:key>/<int:pk>/tags/", login_not_required(api.TagList.as_view()), name="api-tags"),
]
