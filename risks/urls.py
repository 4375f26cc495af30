"""Addresses of the risk room beside its registers."""

from django.urls import path

from risks.views import matrix, settings

urlpatterns = [
    path("risks/matrix/", matrix.matrix_page, name="risk-matrix"),
    path("risks/matrix/export.<str:kind>", matrix.matrix_export, name="risk-matrix-export"),
    path("risks/matrices/<int:pk>/cells/", settings.edit_matrix, name="risk-matrix-edit"),
    path("risks/matrices/ready-made/", settings.scales, name="risk-scales"),
    path("risks/categories/ready-made/", settings.taxonomies, name="risk-taxonomies"),
]
