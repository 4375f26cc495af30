"""Charters of the demo: written before the start, signed and approved; a few are missing although work began."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portfolio.demo.rooms import project_words as words
from projects.models import CharterRevision, CharterSignature, ProjectCharter

if TYPE_CHECKING:
    from portfolio.demo.rooms.projects import Scene
    from portfolio.demo.track import Track

_FATES = {
    "CPN-11": "none",
    "MDM-24": "draft",
    "TWR-35": "draft",
    "CST-41": "draft",
    "TAL-16": "submitted",
    "ESS-34": "submitted",
    "NEV-01": "second",
    "APS-15": "second",
    "SAP-08": "second",
    "WHR-06": "third",
}
_SHARES = (("none", 0.03), ("draft", 0.04), ("submitted", 0.02))
_PMO = ("Q1101", "Q1102", "Q1103")
_TEXT = (
    "purpose",
    "background",
    "scope_in",
    "scope_out",
    "approach",
    "assumptions",
    "constraints",
    "limit_spend",
    "limit_days",
    "limit_staff",
    "limit_scope",
    "escalation",
)
_REASON = "预算调整后，项目经理权限与范围随之修订。"


def fate_of(scene: Scene) -> str:
    """How far the charter came: none, draft, submitted, approved, second (revision), third."""
    if scene.rich:
        return _FATES.get(scene.run.spec.code, "approved")
    drawn, passed = float(scene.rng.random()), 0.0
    for fate, share in _SHARES:
        passed += share
        if drawn < passed:
            return fate
    return "approved"


def add_charter(scene: Scene, fate: str) -> None:
    """The charter with its signatures and, where it was opened again, its earlier revisions."""
    if fate == "none":
        return
    run = scene.run
    start = run.date(run.course.plan.start)
    track = run.book.add(ProjectCharter, scene.kept(scene.shift(start, -30)), project_id=run.project, **_words(scene))
    if fate == "draft":
        return
    signer = _PMO[scene.drawn(0, len(_PMO))]
    approved = _sign_and_approve(scene, track, scene.shift(start, -16), signer, approve=fate != "submitted")
    for number in range({"second": 1, "third": 2}.get(fate, 0)):
        if approved is None:
            return
        again = _opened_again(scene, number)
        approved = _next_revision(scene, track, again, signer)


def _sign_and_approve(
    scene: Scene, track: Track, submitted: datetime.date, signer: str, *, approve: bool
) -> datetime.date | None:
    """Submitted, signed by three, approved; returns the day of approval, None where it has not come to that."""
    run = scene.run
    if not scene.step(track, submitted, state="submitted", submitted_on=submitted):
        return None
    days = (submitted, scene.shift(submitted, 2), scene.shift(submitted, 3))
    people = (run.spec.pm, run.spec.sponsor, signer)
    capacities = ("2_pm", "1_sponsor", "3_pmo") if approve else ("2_pm",)
    for capacity, code, day in zip(capacities, people, days, strict=False):
        if day <= scene.today:
            run.book.add(
                CharterSignature,
                scene.kept(day),
                project_id=run.project,
                charter_id=track.pk,
                revision=track.now["revision"],
                capacity=capacity,
                person_id=scene.person(code),
                signed_on=day,
            )
    approved = scene.shift(submitted, 6)
    if not approve or approved > scene.today:
        return None
    scene.step(
        track,
        approved,
        state="approved",
        approved_by_id=scene.person(run.spec.sponsor),
        approved_on=approved,
        effective_on=approved,
        in_force=track.now["revision"],
    )
    return approved


def _opened_again(scene: Scene, number: int) -> datetime.date:
    """Before a budget change where there is one, else at a third and two thirds of the course."""
    run = scene.run
    if number < len(run.spec.changes):
        return scene.shift(run.world.day(run.spec.changes[number].week), -8)
    span = run.course.last - run.course.start
    return run.date(run.course.start + int(span * (number + 1) / 3))


def _next_revision(scene: Scene, track: Track, day: datetime.date, signer: str) -> datetime.date | None:
    """The approved text is kept, the next one has wider limits and goes the same way."""
    run = scene.run
    day = max(scene.kept(day), scene.shift(track.changed, 1))
    if scene.shift(day, 2) > scene.today:
        return None
    old = track.now
    run.book.add(
        CharterRevision,
        day,
        project_id=run.project,
        charter_id=track.pk,
        number=old["revision"],
        approved_by_id=old["approved_by_id"],
        approved_on=old["approved_on"],
        effective_on=old["effective_on"],
        reopened_on=day,
        reason=_REASON,
        **{name: old[name] for name in _TEXT},
    )
    scene.step(
        track,
        day,
        state="draft",
        submitted_on=None,
        revision=old["revision"] + 1,
        limit_spend=old["limit_spend"] * Decimal("1.5"),
        limit_days=old["limit_days"] + 5,
    )
    return _sign_and_approve(scene, track, scene.shift(day, 3), signer, approve=True)


def _words(scene: Scene) -> dict[str, Any]:
    spec, story = scene.run.spec, scene.story
    sponsor = scene.run.world.names.get(spec.sponsor, "")
    return {
        "purpose": f"{spec.summary}{story.aim.name}：{story.aim.measure}从 {story.aim.baseline:g} 到 {_with_unit(story.aim.target, story.aim.unit)}。",
        "background": story.why,
        "scope_in": story.inside,
        "scope_out": story.outside,
        "approach": words.APPROACHES.get(spec.method, words.APPROACHES["predictive"]),
        "assumptions": words.ASSUMPTIONS,
        "constraints": words.CONSTRAINTS,
        "limit_spend": _rounded(spec.budget * 10_000 * 0.006),
        "limit_days": 5 if spec.driver == "date" or spec.critical else 10,
        "limit_staff": Decimal("10.0"),
        "limit_scope": words.LIMIT_SCOPE,
        "escalation": f"超出权限的事项 2 个工作日内报发起人{sponsor}；5 个工作日内未决，由 PMO 提交投资委员会。",
    }


def _with_unit(value: float, unit: str) -> str:
    return f"{value:g}%" if unit == "%" else f"{value:g} {unit}"


def _rounded(amount: float) -> Decimal:
    """To one leading digit or a half: 23,000 becomes 20,000."""
    unit = 10 ** max(len(str(int(amount))) - 1, 3)
    return Decimal(max(round(2 * amount / unit), 1) * unit) / 2
