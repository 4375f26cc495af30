"""Addresses of the office."""

from django.urls import path

from office.views import assessment, charter, metric, profile

urlpatterns = [
    path("office/", profile.office, name="office"),
    path("office/units/<int:pk>/", profile.pmo_unit, name="pmo-unit"),
    path("office/units/<int:pk>/assess/", assessment.assess_type, name="pmo-assess"),
    path("office/assessments/<int:pk>/", assessment.type_assessment, name="type-assessment"),
    path("office/assessments/<int:pk>/decide/", assessment.decide, name="type-assessment-decide"),
    path("office/charters/<int:pk>/", charter.pmo_charter, name="pmo-charter"),
    path("office/charters/<int:pk>/rights/", charter.charter_rights, name="pmo-charter-rights"),
    path("office/charters/<int:pk>/sign/", charter.sign, name="pmo-charter-sign"),
    path("office/charters/<int:pk>/take-back/", charter.take_back, name="pmo-charter-take-back"),
    path("office/charters/<int:pk>/revise/", charter.revise, name="pmo-charter-revise"),
    path("metrics/<str:code>/", metric.metric_page, name="metric-page"),
]
