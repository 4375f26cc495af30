"""Another register can be imported into with a few lines: its fields, and which columns they fill."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile

from pmo.core.audit.actor import SYSTEM
from pmo.core.imports import services
from pmo.core.imports.fields import ImportField
from pmo.core.imports.mapping_json import load_mapping
from pmo.core.imports.targets import (
    ImportTarget,
    Part,
    contribute_parts,
    get_target,
    plain_values,
    register_target,
    unregister_target,
)
from pmo.core.money.models import Currency
from tests.conftest import UserClient
from tests.wizard.build import counts, differing, digest, refusals, undone, write

pytestmark = pytest.mark.django_db
COLUMNS = {"code": "code", "name_zh": "name_zh", "name_en": "name_en"}


@pytest.fixture
def currencies() -> Iterator[ImportTarget]:
    target = ImportTarget(
        key="currencies",
        label="Currencies",
        permission="core.currency.add",
        main=Part("main", Currency, plain_values(COLUMNS), sources=COLUMNS),
        fields=[
            ImportField("code", "Code", required=True),
            ImportField("name_zh", "Chinese name"),
            ImportField("name_en", "English name"),
        ],
        register="currencies",
    )
    register_target(target)
    yield target
    unregister_target("currencies")


def test_a_plain_register_is_imported_checked_and_undone(currencies: ImportTarget) -> None:
    Currency.objects.create(code="EUR", name_zh="欧元", name_en="Euro")
    before = digest()
    text = "code,zh,en\nEUR,欧元,euro\nGBP,英镑,Pound\nDollar,美元,Dollar\n"
    batch = services.upload(
        actor=SYSTEM, file=ContentFile(text.encode(), name="c.csv"), filename="c.csv", target="currencies"
    )
    services.map_unread(
        actor=SYSTEM, batch=batch, mapping=load_mapping({"fields": {"code": "code", "name_zh": "zh", "name_en": "en"}})
    )
    batch = write(batch)
    assert counts(batch) == (1, 1, 0, 1)
    assert set(refusals(batch)) == {(4, "code", "Dollar", "not_accepted")}
    assert Currency.objects.get(code="EUR").name_en == "euro"
    undone(batch)
    assert differing(before, digest()) == []


def test_a_target_is_offered_to_those_who_hold_its_permission(
    currencies: ImportTarget, pmo_analyst: UserClient, pmo_admin: UserClient
) -> None:
    from django.urls import reverse

    assert "Currencies" in pmo_admin.get(reverse("import-new")).content.decode()
    assert 'value="currencies"' not in pmo_analyst.get(reverse("import-new")).content.decode()


def test_contributions_may_come_before_or_after_the_target() -> None:
    extra = ImportField("extra", "Extra")
    contribute_parts("later", fields=[extra], parts=[])
    target = ImportTarget(
        "later", "Later", "core.currency.add", Part("main", Currency, plain_values(COLUMNS), sources=COLUMNS), []
    )
    register_target(target)
    try:
        contribute_parts("later", fields=[ImportField("more", "More")], parts=[])
        assert [one.key for one in get_target("later").fields] == ["extra", "more"]
        with pytest.raises(ValueError, match="twice"):
            register_target(target)
    finally:
        unregister_target("later")
    with pytest.raises(LookupError):
        get_target("later")


def test_projects_offer_what_both_apps_know() -> None:
    keys = list(get_target("projects").engine_target().fields)
    assert keys.index("unit") < keys.index("portfolio") < keys.index("programme") < keys.index("planned_start")
    assert {"budget", "forecast_cost", "actual_cost", "reviewed_rating", "rater", "visibility"} <= set(keys)
