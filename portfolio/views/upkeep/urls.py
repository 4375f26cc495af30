"""Addresses of early warnings, data gaps, use and upkeep."""

from django.urls import path

from portfolio.views.upkeep import adoption, gaps, warnings

urlpatterns = [
    path("warnings/", warnings.warnings_page, name="warnings"),
    path("data-quality/", gaps.data_quality, name="data-quality"),
    path("data-quality/export.csv", gaps.export, name="data-quality-export"),
    path("data-quality/put-off/", gaps.put_off_gap, name="data-quality-put-off"),
    path("adoption/", adoption.adoption, name="adoption"),
]
