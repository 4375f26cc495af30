"""Addresses of the portfolio room."""

from django.urls import include, path

from portfolio.views import (
    dashboard,
    health,
    health_models,
    home,
    recompute,
    scorecard,
    scorecard_paper,
    start_empty,
    tour,
)
from portfolio.views.reporting import delegating, late, on_time, queue, rollup

urlpatterns = [
    path("", home.home, name="home"),
    path("home/choose/", home.choose_home, name="home-choose"),
    path("start-empty/", start_empty.start_empty_page, name="start-empty"),
    path("tour/start/", tour.start, name="tour-start"),
    path("tour/go/", tour.go, name="tour-go"),
    path("tour/end/", tour.end, name="tour-end"),
    path("my-work/", home.my_work, name="my-work"),
    path("scorecard/", scorecard.scorecard, name="scorecard"),
    path("scorecard/scorecard.pdf", scorecard_paper.scorecard_file, name="scorecard-pdf"),
    path("health/recompute/", recompute.recompute_now, name="health-recompute"),
    path("projects/<int:pk>/health/", health.project_health, name="project-health"),
    path("health/model/", health_models.health_model, name="health-model"),
    path("health/model/<int:number>/", health_models.health_model, name="health-model"),
    path("health/model/<int:number>/withdraw/", health_models.health_model_withdraw, name="health-model-withdraw"),
    path("health/model/edit/", health_models.health_model_edit, name="health-model-edit"),
    path("health/model/history/", health_models.health_model_history, name="health-model-history"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("", include("portfolio.views.boards.urls")),
    path("", include("portfolio.views.upkeep.urls")),
    path("", include("portfolio.views.linked.urls")),
    path("reporting/queue/", queue.queue, name="reporting-queue"),
    path("reporting/queue/publish/", queue.publish_all, name="reporting-publish-all"),
    path("reporting/queue/<int:pk>/publish/", queue.publish, name="reporting-publish"),
    path("reporting/queue/<int:pk>/return/", queue.give_back, name="reporting-return"),
    path("reporting/late/", late.late, name="reporting-late"),
    path("reporting/late/<int:pk>/remind/", late.remind, name="reporting-remind"),
    path("reporting/delegations/<int:pk>/end/", delegating.end, name="delegation-end"),
    path("reporting/on-time/", on_time.on_time, name="reporting-on-time"),
    path("reporting/rollup/new/", rollup.new_rollup, name="rollup-new"),
    path("reporting/rollup/<int:pk>/", rollup.rollup_page, name="rollup-page"),
    path("reporting/rollup/<int:pk>/report.pdf", rollup.rollup_pdf, name="rollup-pdf"),
    path("reporting/rollup/<int:pk>/publish/", rollup.publish, name="rollup-publish"),
]
