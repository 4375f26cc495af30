"""The address of search in the REST API: before those of the registers, which take any key."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from pmo.core.search.api import SearchView

urlpatterns = [path("search/", login_not_required(SearchView.as_view()), name="api-search")]
