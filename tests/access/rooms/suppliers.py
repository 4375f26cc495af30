"""Suppliers, contracts, business functions, and what programmes serve, use and are judged by."""

from __future__ import annotations

from typing import Any

from portfolio.models import (
    BusinessFunction,
    Programme,
    ProgrammeContract,
    ProgrammeFunction,
    ProgrammeMeasure,
    ProgrammeSupplier,
)
from projects.models import Contract, Supplier
from tests import factories
from tests.access.rights import INSIDE, ROLES, Rights

RIGHTS: dict[str, Rights] = {
    "suppliers": Rights(ROLES, "AN", "AN", "AN"),
    "contracts": Rights(INSIDE, "ANP", "ANP", "ANP", lists=ROLES),
    "business-functions": Rights(ROLES, "AN", "AN", "AN"),
    "programme-measures": Rights(INSIDE, "ANO", "ANO", "ANO", lists=ROLES),
    "programme-functions": Rights(INSIDE, "ANO", "ANO", "ANO", lists=ROLES),
    "programme-contracts": Rights(INSIDE, "ANO", "ANO", "ANO", lists=ROLES),
    "programme-suppliers": Rights(INSIDE, "ANO", "ANO", "ANO", lists=ROLES),
}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {}


def rows(world: Any) -> dict[str, Any]:
    """A supplier with a contract for the project of the table, both linked to a programme of its portfolio.

    The contract is closed: nobody may delete a supplier with open ones.
    """
    number = factories.number()
    programme = Programme.objects.create(code=f"G{number}", name_en="Supplied", portfolio=world.portfolio)
    Programme.objects.filter(pk=programme.pk).update(path=f"/{programme.pk}/")
    supplier = Supplier.objects.create(code="SUP1", name_en="Supplier", contact="A contact")
    contract = Contract.objects.create(
        code="CT1", title="Contract", supplier=supplier, project=world.project, amount=1000, state=Contract.State.CLOSED
    )
    function = BusinessFunction.objects.create(code="FN1", name_en="Function")
    BusinessFunction.objects.filter(pk=function.pk).update(path=f"/{function.pk}/")
    return {
        "suppliers": supplier,
        "contracts": contract,
        "business-functions": function,
        "programme-measures": ProgrammeMeasure.objects.create(
            programme=programme, code="MSR1", description="Measure", category="Quality"
        ),
        "programme-functions": ProgrammeFunction.objects.create(programme=programme, function=function),
        "programme-contracts": ProgrammeContract.objects.create(programme=programme, contract=contract),
        "programme-suppliers": ProgrammeSupplier.objects.create(programme=programme, supplier=supplier),
    }


def form(world: Any, key: str) -> dict[str, Any]:
    """What is typed into the form of a new row."""
    number = factories.number()
    programme = world.rows["programme-measures"].programme_id
    supplier = Supplier.objects.create(code=f"SUP-{number}", name_en="Another supplier")
    if key == "suppliers":
        return {"code": f"NEW-{number}", "name_en": "New supplier", "standing": "2_qualified"}
    if key == "contracts":
        return {
            "code": f"NEW-{number}",
            "title": "New contract",
            "supplier": supplier.pk,
            "project": world.project.pk,
            "kind": "services",
            "currency": "CNY",
            "state": "active",
        }
    if key == "business-functions":
        return {"code": f"NEW-{number}", "name_en": "New function", "kind": "function"}
    if key == "programme-measures":
        return {"programme": programme, "description": "New measure", "result": "3_not_yet"}
    if key == "programme-functions":
        function = BusinessFunction.objects.create(code=f"FN-{number}", name_en="Another function")
        return {"programme": programme, "function": function.pk}
    if key == "programme-contracts":
        contract = Contract.objects.create(
            code=f"CT-{number}", title="Another contract", supplier=supplier, project=world.project
        )
        return {"programme": programme, "contract": contract.pk}
    return {"programme": programme, "supplier": supplier.pk}


def address(world: Any, args: str) -> dict[str, Any] | None:
    """No routes beside those of the registers."""
    return None
