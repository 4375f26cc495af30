"""The list of a register."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories
from tests.conftest import UserClient


def list_url(key: str) -> str:
    return reverse("register-list", kwargs={"key": key})


@pytest.mark.django_db
def test_shows_rows_and_total(pmo_admin: UserClient) -> None:
    project = factories.project(name_en="Harbour crane")
    factories.milestone(project, name="Crane delivered")
    response = pmo_admin.get(list_url("milestones"))
    assert response.status_code == 200
    html = response.content.decode()
    assert "Crane delivered" in html
    assert "Harbour crane" in html
