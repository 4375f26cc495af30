"""Where a project belongs and who belongs to it: portfolio, programme, objectives, members, stakeholders."""

from __future__ import annotations

from decimal import Decimal

from portfolio.demo.sim_run import Run
from portfolio.models import Contribution, PortfolioItem, ProgrammeItem
from projects.models import ProjectMember, Stakeholder

_WEEKS_BETWEEN_CONTACTS = 3
_KEY_POWER = 4


def add_places(run: Run) -> None:
    """Everything that ties the project to the rest of the organisation, from the day it came on the registry."""
    spec, world, day, project = run.spec, run.world, run.born, run.project
    run.book.add(
        PortfolioItem, day, portfolio_id=world.portfolios[spec.portfolio], project_id=project, critical=spec.critical
    )
    if spec.programme:
        run.book.add(ProgrammeItem, day, programme_id=world.programmes[spec.programme], project_id=project)
    for code, weight in spec.objectives:
        share = Decimal(f"{weight:.2f}")
        run.book.add(Contribution, day, project_id=project, objective_id=world.objectives[code], weight=share)
    for code in spec.team:
        run.book.add(ProjectMember, day, project_id=project, person_id=world.people[code], role="team_member")
    if spec.coordinator:
        run.book.add(
            ProjectMember, day, project_id=project, person_id=world.people[spec.coordinator], role="coordinator"
        )
    if spec.parties:
        _stakeholders(run)


def _stakeholders(run: Run) -> None:
    """The outside parties the specification names, and the sponsor."""
    spec, world, day = run.spec, run.world, run.born
    for index, (name, party, role, power, interest) in enumerate(spec.parties):
        contact = world.work.floor(world.day(-_WEEKS_BETWEEN_CONTACTS * (index + 1)))
        run.book.add(
            Stakeholder,
            day,
            project_id=run.project,
            name=name,
            party=party,
            role=role,
            external=True,
            is_key=power >= _KEY_POWER,
            power=power,
            interest=interest,
            last_contact=max(contact, day),
        )
    run.book.add(
        Stakeholder,
        day,
        project_id=run.project,
        name=world.names[spec.sponsor],
        person_id=world.people[spec.sponsor],
        role="发起人",
        is_key=True,
        power=5,
        interest=5,
        engagement="4_supportive",
        last_contact=world.work.floor(world.today),
    )
