"""Addresses of jobs."""

from __future__ import annotations

from django.urls import path

from pmo.core.jobs import views

urlpatterns = [
    path("jobs/", views.job_list, name="job-list"),
    path("jobs/<uuid:uid>/", views.job_detail, name="job-detail"),
    path("jobs/<uuid:uid>.json", views.job_json, name="job-json"),
    path("jobs/<uuid:uid>/cancel", views.job_cancel, name="job-cancel"),
    path("jobs/<uuid:uid>/retry", views.job_retry, name="job-retry"),
]
