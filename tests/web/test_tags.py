"""The tag library, rendered as pages use it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"), time_machine.travel(dt.datetime(2026, 11, 20, 8, 41, tzinfo=dt.UTC), tick=False):
        yield


def render(source: str, **context: object) -> str:
    return Template("{% load bw %}" + source).render(Context(context))


def words(html: str) -> str:
    """What a reader hears: text without tags, runs of space as one."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_icons_point_into_the_sprite() -> None:
    assert render('{% icon "flag" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#flag"/></svg>'
    )
    assert 'role="img" aria-label="Late"' in render('{% icon "flag" 20 label="Late" %}')


def test_figures_and_money() -> None:
    assert render("{% num x 1 sign=True %}", x=3.14) == "+3.1"
    assert render("{% pct x %}", x=0.5) == "50%"
    assert words(render('{% money x "CNY" %}', x=17_350_000)) == "CNY 17.4 m"
    assert render('{% money_header "Budget" %}') == "Budget, CNY million"
    with override("zh-hans"):
        assert render('{% money_header "预算" %}') == "预算，万元"


def test_a_day_is_a_time_element() -> None:
    assert render("{% day d %}", d=dt.date(2026, 11, 24)) == '<time datetime="2026-11-24">Tue 24 Nov</time>'
    assert render("{% day d %}", d=None) == "—"


def test_a_moment_is_shown_in_the_readers_zone() -> None:
    moment = dt.datetime(2026, 11, 19, 23, 30, tzinfo=dt.UTC)
    with timezone.override("Asia/Shanghai"):
        assert 'datetime="2026-11-20"' in render("{% day d %}", d=moment)
        html = render("{% ago d %}", d=moment)
    assert words(html) == "Today 07:30"
    assert 'title="2026-11-20 07:30"' in html


@pytest.mark.parametrize(
    ("source", "tone", "text"),
    [
        ("{% trend 6 %}", "trend-good", "up 6"),
        ("{% trend -5 %}", "trend-bad", "down 5"),
        ('{% trend -5 good="down" %}', "trend-good", "down 5"),
        ('{% trend 5 good="none" %}', None, "up 5"),
        ("{% trend -3 threshold=4 %}", None, "down 3"),
        ("{% trend 0 %}", None, "0"),
        ('{% trend 0.4 places=1 unit=" pp" %}', "trend-good", "up 0.4 pp"),
    ],
)
def test_a_trend_says_its_direction_and_colours_only_past_the_threshold(
    source: str, tone: str | None, text: str
) -> None:
    html = render(source)
    assert words(html) == text
    assert re.findall(r"trend-\w+", html) == ([tone] if tone else [])


def test_no_change_known_is_a_dash() -> None:
    assert render("{% trend x %}", x=None) == "—"


@pytest.mark.parametrize(("given", "value"), [(64, "64"), (140, "100"), (-3, "0"), (33.3, "33.3")])
def test_progress_stays_between_0_and_100_and_has_a_name(given: float, value: str) -> None:
    html = render('{% progress x label="Measures" %}', x=given)
    assert f'value="{value}"' in html and 'aria-label="Measures"' in html


def test_avatars_name_the_person() -> None:
    assert render("{% avatar p %}", p="Zhou Qiming") == (
        '<span class="avatar" role="img" aria-label="Zhou Qiming" title="Zhou Qiming">ZQ</span>'
    )
    assert words(render("{% avatar p name=True %}", p="苏晴")) == "苏 苏晴"
    assert render("{% avatar p %}", p=None) == "—"
    assert "<b>" not in render("{% avatar p %}", p="<b>")


def test_query_set_edits_the_address() -> None:
    request = RequestFactory().get("/x?page=3&status=new&status=open&q=a%20b")
    edited = render("{% query_set request page=None sort='-due' %}", request=request)
    assert edited == "?status=new&amp;status=open&amp;q=a+b&amp;sort=-due"
    assert render("{% query_set request status=None page=None q=None %}", request=request) == "?"


def test_page_numbers_leave_gaps() -> None:
    numbers = render(
        "{% page_numbers page as ns %}{% for n in ns %}{{ n|default:'…' }} {% endfor %}",
        page=Paginator(range(600), 50).page(7),
    )
    assert numbers.split() == ["1", "…", "5", "6", "7", "8", "9", "…", "12"]


def test_a_heat_cell_without_a_score_is_hatched_whatever_its_band() -> None:
    assert 'class="cell cell-grey"' in render('{% heat_cell "red" None %}')
    html = render('{% heat_cell "red" 28 "/why" %}')
    assert 'class="cell cell-red" title="Off track"' in html and words(html) == "28" and 'href="/why"' in html


def test_components() -> None:
    html = render('{% empty_state "Nothing yet" "Reports appear here." url="/new" action="New" %}')
    assert words(html) == "Nothing yet Reports appear here. New" and 'href="/new"' in html
    html = render(
        '{% kpi_change -3 "on October" as change %}{% kpi "Health" "63" unit="/ 100" rag="amber" change=change %}'
    )
    assert words(html) == "Health 63 / 100 At risk down 3 on October"
    with pytest.raises(TemplateSyntaxError, match="colour"):
        render('{% kpi "Health" "63" colour="red" %}')


class ReportForm(forms.Form):
    declared = forms.ChoiceField(label="You declare", choices=[("", "?"), ("green", "G"), ("amber", "A"), ("red", "R")])


def test_a_colour_field_offers_big_choices_beside_the_computed_colour() -> None:
    html = render('{% rag_field form.declared computed="red" score=53 %}', form=ReportForm({"declared": "amber"}))
    assert re.findall(r'value="(\w+)"( checked)?', html) == [("green", ""), ("amber", " checked"), ("red", "")]
    assert words(html) == "Computed Off track 53 You declare required On track At risk Off track"


def test_a_colour_field_shows_its_error() -> None:
    form = ReportForm({"declared": ""})
    html = render("{% rag_field form.declared %}", form=form)
    assert "This field is required." in html and 'aria-describedby="id_declared_error"' in html
    assert "Computed" not in html
