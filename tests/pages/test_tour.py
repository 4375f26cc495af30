"""The tour: every step of every role leads to a real page with the part it points at; progress is kept."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from portfolio.models import Personal, Portfolio
from portfolio.tour import ENDED, TOURS
from portfolio.views.homes.roles import HOMES

pytestmark = pytest.mark.django_db
ROLES = {
    "pmo": "pmo_admin",
    "executive": "executive",
    "portfolio": "portfolio_owner",
    "pm": "project_manager",
    "sponsor": "sponsor",
    "resources": "resource_manager",
    "auditor": "auditor",
    "work": None,
}


def test_every_home_has_a_tour_of_five_or_six_steps():
    assert set(TOURS) == {home.key for home in HOMES}
    assert all(5 <= len(steps) <= 6 for steps in TOURS.values())


@pytest.mark.parametrize(("key", "role"), ROLES.items())
def test_every_step_points_at_a_part_of_a_page(computed, client_for, key, role):
    client = client_for(role)
    if key == "portfolio":
        Portfolio.objects.filter(pk=computed.group.pk).update(owner=client.user.person)
    client.post(reverse("home-choose"), {"home": key})
    answer = client.post(reverse("tour-start"), {"tour": key})
    for number in range(1, 7):
        if "tour" not in client.session:
            break
        assert client.session["tour"]["step"] == number - 1
        url, _hash, part = answer.url.partition("#")
        page = client.get(url)
        assert page.status_code == 200, (key, number, url)
        body = page.content.decode()
        assert re.search(rf'id="{part}"', body), (key, number, url, part)
        assert 'class="tour"' in body
        answer = client.post(reverse("tour-go"), {"step": number})
    assert "tour" not in client.session, "the tour ends after its last step"
    assert number >= (4 if key == "work" else 5)
    assert Personal.objects.get(user=client.user).tours[key] == ENDED
    assert 'class="tour"' not in client.get(reverse("my-work")).content.decode()


def test_the_tour_is_offered_until_it_is_taken_or_dismissed(computed, pmo_admin):
    offered = b'action="/tour/end/"'
    assert offered in pmo_admin.get(reverse("home")).content
    pmo_admin.post(reverse("tour-end"), {"tour": "pmo"})
    assert offered not in pmo_admin.get(reverse("home")).content
    pmo_admin.session.flush()
    pmo_admin.force_login(pmo_admin.user)
    assert offered not in pmo_admin.get(reverse("home")).content, "kept for the login, not the session"


def test_progress_is_kept_and_the_tour_goes_on_after_signing_in_again(computed, pmo_admin):
    pmo_admin.post(reverse("tour-start"), {"tour": "pmo"})
    pmo_admin.post(reverse("tour-go"), {"step": "3"})
    assert Personal.objects.get(user=pmo_admin.user).tours == {"pmo": 3}
    pmo_admin.force_login(pmo_admin.user)
    answer = pmo_admin.post(reverse("tour-start"))
    assert answer.url.startswith(reverse("scorecard"))
    pmo_admin.post(reverse("tour-end"))
    assert pmo_admin.post(reverse("tour-start")).url.startswith(reverse("home")), "an ended tour begins again"


@pytest.mark.parametrize("step", ["", "x", "-1", "99999999"])
def test_a_wrong_step_does_no_harm(computed, pmo_admin, step):
    pmo_admin.post(reverse("tour-start"), {"tour": "pmo"})
    answer = pmo_admin.post(reverse("tour-go"), {"step": step})
    assert answer.status_code == 302 and answer.url == reverse("home")


def test_nothing_runs_without_a_start(computed, outsider):
    assert outsider.post(reverse("tour-go"), {"step": "1"}).url == reverse("home")
    assert outsider.get(reverse("tour-start")).status_code == 405
