"""Addresses of the portfolio room."""

from django.urls import path

from portfolio.views import dashboard, home, recompute, scorecard

urlpatterns = [
    path("", home.home, name="home"),
    path("my-work/", home.my_work, name="my-work"),
    path("scorecard/", scorecard.scorecard, name="scorecard"),
    path("health/recompute/", recompute.recompute_now, name="health-recompute"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
]
