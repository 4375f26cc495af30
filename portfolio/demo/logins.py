"""One login for each of the ten roles, so that anybody can see the product with other eyes."""

from __future__ import annotations

from typing import Any, NamedTuple

from pmo.core.access.roles import Role

DEMO_PASSWORD = "bellwether-demo"  # noqa: S105  public on purpose: stated wherever the demo is described


class DemoLogin(NamedTuple):
    """A login, the role it shows and the person behind it (staff number)."""

    role: Role
    username: str
    person: str


LOGINS: tuple[DemoLogin, ...] = (
    DemoLogin(Role.PMO_ADMIN, "suqing", "Q1101"),
    DemoLogin(Role.PMO_ANALYST, "dengyiming", "Q1102"),
    DemoLogin(Role.EXECUTIVE, "wangzhiyuan", "Q1001"),
    DemoLogin(Role.PORTFOLIO_OWNER, "fangyi", "Q1003"),
    DemoLogin(Role.SPONSOR, "lilan", "Q1004"),
    DemoLogin(Role.PROJECT_MANAGER, "zhouqiming", "Q2001"),
    DemoLogin(Role.TEAM_MEMBER, "shenli", "Q3001"),
    DemoLogin(Role.COORDINATOR, "helei", "Q1104"),
    DemoLogin(Role.RESOURCE_MANAGER, "pengcheng", "Q1106"),
    DemoLogin(Role.AUDITOR, "tianye", "Q1107"),
)


def demo_logins() -> list[tuple[Any, str, str, str]]:
    """(role in the reader's language, user name, password, person in the reader's language) of every demo login."""
    from pmo.core.people.names import localised
    from portfolio.demo.people import PEOPLE

    people = {person.code: person for person in PEOPLE}
    return [
        (login.role.label, login.username, DEMO_PASSWORD, localised(people[login.person].zh, people[login.person].en))
        for login in LOGINS
    ]
