"""The pages of a project's plan: the tab, the outline editor, its versions, the rules for work breakdown structures."""

from projects.views.plans.act import plan_edit_act
from projects.views.plans.editor import plan_edit, plan_edit_row, plan_edit_rows
from projects.views.plans.fed import milestone_attach, milestone_detach
from projects.views.plans.paste import plan_edit_paste
from projects.views.plans.tab import plan_tab
from projects.views.plans.versions import plan_discard, plan_publish, plan_start
from projects.views.plans.wbs import plan_wbs

__all__ = [
    "milestone_attach",
    "milestone_detach",
    "plan_discard",
    "plan_edit",
    "plan_edit_act",
    "plan_edit_paste",
    "plan_edit_row",
    "plan_edit_rows",
    "plan_publish",
    "plan_start",
    "plan_tab",
    "plan_wbs",
]
