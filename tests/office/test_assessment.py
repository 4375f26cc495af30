"""The self-assessment: its rule, what is kept, what a verdict does."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from office.calc.self_assessment import CODES, MOST, STATEMENTS, assess
from office.calc.types import EFFECTS, TYPES
from office.models import PMOUnit, TypeAssessment
from office.services.assessments import decide_assessment, store_assessment
from office.words import EFFECT_LABELS, EFFECT_VALUES
from office.words import STATEMENTS as WORDS
from pmo.core.audit.actor import SYSTEM
from tests.office.conftest import browser

answers = st.fixed_dictionaries({code: st.integers(0, MOST) for code in CODES})


def only(*codes: str) -> dict[str, int]:
    return {code: MOST if code in codes else 0 for code in CODES}


def test_every_type_is_reached_by_the_statements_that_speak_for_it_alone():
    for name in TYPES:
        spoken = [one.code for one in STATEMENTS if name in one.weights]
        result = assess(only(*spoken))
        assert (result.recommended, result.scores[name]) == (name, 100)
        assert {reason.code for reason in result.reasons} == set(spoken)


def test_a_score_by_hand():
    # Controlling: 3+3+2+1+1 = 10 weights, 30 points at most; overruns 3*3 and scarce people 2*3 make 15.
    result = assess(only("overruns", "scarce_people"))
    assert result.scores["controlling"] == 50
    assert result.scores["directive"] == round(100 * 3 / 27)
    assert [reason.points for reason in result.reasons] == [9, 6]


def test_nothing_applies_takes_the_first_type_and_calls_it_close():
    result = assess(only())
    assert (result.recommended, result.lead, result.close) == ("supportive", 0, True)


@given(answers, st.sampled_from(CODES))
def test_a_stronger_answer_never_lowers_a_score(given_answers, code):
    before = assess(given_answers)
    after = assess(given_answers | {code: MOST})
    assert all(after.scores[name] >= before.scores[name] for name in TYPES)
    assert before.scores[before.recommended] == max(before.scores.values())
    assert before.lead == before.scores[before.recommended] - before.scores[before.runner_up] >= 0


@pytest.mark.parametrize("wrong", [{}, {code: 1 for code in CODES[:-1]}, only() | {"overruns": 4}, only() | {"new": 1}])
def test_incomplete_answers_are_refused(wrong):
    with pytest.raises(ValueError, match="answer"):
        assess(wrong)


def test_every_statement_and_effect_has_words():
    assert tuple(WORDS) == CODES
    for effects in EFFECTS.values():
        assert all((rule, getattr(effects, rule)) in EFFECT_VALUES for rule in EFFECT_LABELS)


def test_the_wizard_keeps_the_answers_and_shows_reasons(office):
    client, url = browser(office.admin), reverse("pmo-assess", kwargs={"pk": office.enterprise.pk})
    assert client.get(url).status_code == 200
    told = only("too_many", "strategy_unclear", "top_table")
    response = client.post(url, told, follow=True)
    row = TypeAssessment.objects.get()
    assert (row.recommended, row.score, row.type_before, row.outcome) == ("strategic", 100, "controlling", "open")
    assert row.answers == told and row.assessor == office.admin.person
    assert str(WORDS["strategy_unclear"]) in response.content.decode()


def test_an_unanswered_statement_is_named(office):
    client, url = browser(office.admin), reverse("pmo-assess", kwargs={"pk": office.enterprise.pk})
    told = only()
    del told["one_home"]
    page = client.post(url, told)
    assert page.status_code == 422 and "#field-one_home" in page.content.decode()
    assert not TypeAssessment.objects.exists()


def stored(office) -> TypeAssessment:
    return store_assessment(actor=SYSTEM, unit=office.enterprise, answers=only("too_many"), assessor=None)


def test_applying_changes_the_type_and_keeping_does_not(office):
    client = browser(office.admin)
    kept, applied = stored(office), stored(office)
    for row, verdict in ((kept, "keep"), (applied, "apply")):
        url = reverse("type-assessment-decide", kwargs={"pk": row.pk})
        assert client.post(url, {"verdict": verdict, "reason": "Because"}).status_code == 302
        row.refresh_from_db()
        expected = "strategic" if verdict == "apply" else "controlling"
        assert PMOUnit.objects.get(pk=office.enterprise.pk).type == expected
    assert (kept.outcome, applied.outcome) == ("kept", "applied")
    assert applied.decided_by == office.admin.person and applied.reason == "Because"


def test_a_verdict_needs_a_reason_and_is_given_once(office):
    row = stored(office)
    page = browser(office.admin).post(
        reverse("type-assessment-decide", kwargs={"pk": row.pk}), {"verdict": "apply", "reason": ""}
    )
    assert page.status_code == 422
    decide_assessment(actor=SYSTEM, row=row, apply=False, person=None, reason="No")
    with pytest.raises(ValidationError):
        decide_assessment(actor=SYSTEM, row=row, apply=True, person=None, reason="Yes")
    assert PMOUnit.objects.get(pk=office.enterprise.pk).type == "controlling"


def test_the_next_assessment_shows_what_changed(office):
    first = stored(office)
    TypeAssessment.objects.filter(pk=first.pk).update(assessed_on="2025-11-01")
    second = store_assessment(actor=SYSTEM, unit=office.enterprise, answers=only("overruns"), assessor=None)
    page = browser(office.admin).get(reverse("type-assessment", kwargs={"pk": second.pk}))
    lines = {str(line["text"]): line for line in page.context["lines"]}
    assert str(lines[str(WORDS["too_many"])]["old"]) == "Applies fully"
    assert lines[str(WORDS["few_large"])]["old"] == ""
