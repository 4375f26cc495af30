"""What the tables of this app hold about people."""

from __future__ import annotations

from pmo.core.privacy.declaration import declare_personal


def declare() -> None:
    """Every text and JSON value of the app's tables."""
    _registers()
    _plans()


def _registers() -> None:
    """Projects and what is kept about them."""
    declare_personal("projects.Action", plain="code", text="title note")
    declare_personal("projects.Benefit", plain="code currency unit", text="name note")
    declare_personal("projects.BenefitLine", plain="currency")
    declare_personal("projects.BudgetLine", plain="code currency", text="note")
    declare_personal(
        "projects.CharterRevision",
        text="purpose background scope_in scope_out approach assumptions constraints limit_scope escalation reason",
    )
    declare_personal("projects.Contract", plain="code currency", text="title description note")
    declare_personal("projects.CostLine", plain="code currency", text="note")
    declare_personal("projects.Decision", plain="code currency", text="title context outcome")
    declare_personal("projects.Deliverable", plain="code", text="name criteria verdict_note")
    declare_personal("projects.Issue", plain="code", text="title description resolution")
    declare_personal("projects.Milestone", plain="code", text="name note")
    declare_personal("projects.Project", plain="code country currency", text="name_zh name_en summary")
    declare_personal(
        "projects.ProjectCharter",
        plain="code",
        text="purpose background scope_in scope_out approach assumptions constraints limit_scope escalation",
    )
    declare_personal("projects.ProjectObjective", plain="code unit", text="name measure")
    declare_personal("projects.QualityFinding", plain="code", text="title description corrective")
    declare_personal("projects.ReportRating", text="comment")
    declare_personal("projects.ReportSnapshot", plain="sha256", text="content", rehash=("sha256", "content"))
    declare_personal("projects.Stakeholder", plain="code role", text="name party note")
    declare_personal(
        "projects.StatusReport",
        plain="code",
        name="rater:",
        text="original_word comment summary achievements next_period help_needed review_comment",
        content="asks",
    )
    declare_personal("projects.Supplier", plain="code country", text="name_zh name_en contact email website note")
    declare_personal(
        "projects.SuccessCriterion", plain="code target", text="name measure close_evidence review_evidence"
    )


def _plans() -> None:
    """Plans, their tasks and resources, and the files they came from."""
    declare_personal("projects.Assignment", plain="uid delay_unit contour", content="baselines fields")
    declare_personal("projects.PlanCalendar", plain="uid week exceptions weeks", text="name")
    declare_personal(
        "projects.PlanFile", plain="stored sha256 format source_key", text="filename", content="sources report error"
    )
    declare_personal(
        "projects.PlanResource",
        plain="uid code rate_per overtime_rate_per accrual",
        text="name initials email group material_label notes",
        content="fields",
    )
    declare_personal(
        "projects.PlanTask",
        plain="uid code duration_unit actual_duration_unit remaining_duration_unit fixed_cost_accrual",
        text="wbs name notes hyperlink remark",
        content="fields",
    )
    declare_personal(
        "projects.PlanVersion",
        plain="currency source_format",
        text="title root_name note source_application",
        content="fields kept lost",
    )
    declare_personal("projects.TakenRow", plain="register source_id", content="given before")
    declare_personal("projects.TaskBaseline", plain="duration_unit")
    declare_personal("projects.TaskLink", plain="lag_unit")
    declare_personal("projects.PlanEdit", plain="kind", text="label", content="change")
    declare_personal("projects.WbsRules", text="name", plain="name_pattern")
