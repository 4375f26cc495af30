"""Addresses of the resource pool beside its registers."""

from django.urls import path

from resources.views import capacity, equipment

urlpatterns = [
    path("resources/capacity/", capacity.capacity, name="resource-capacity"),
    path("resources/capacity/export.<str:kind>", capacity.capacity_export, name="resource-capacity-export"),
    path("resources/equipment/", equipment.equipment_grid, name="equipment-grid"),
]
