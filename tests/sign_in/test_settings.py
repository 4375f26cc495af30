"""What the environment says of sign-in: off by default, and wrong values stop the start in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from pmo.core.access.roles import Role
from pmo.sign_in_env import ROLE_NAMES, RoleRule, role_rules, sign_in_from_env

OIDC = {"OIDC_ISSUER": "https://sso.example.org/realms/x/", "OIDC_CLIENT_ID": "b", "OIDC_CLIENT_SECRET": "s"}
SAML = {"SAML_IDP": "https://idp", "SAML_SSO_URL": "https://idp.example.org/sso", "SAML_CERTIFICATE": "c"}
LDAP = {"LDAP_URL": "ldaps://ldap.example.org", "LDAP_BIND_DN": "cn=b", "LDAP_BASE": "dc=x"}


def read(patch: pytest.MonkeyPatch, values: dict[str, str], *, proxy: bool = False) -> Any:
    for name, value in values.items():
        patch.setenv(name, value)
    return sign_in_from_env(behind_proxy=proxy)


def test_only_passwords_are_on_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = read(monkeypatch, {})
    assert policy.passwords and (policy.oidc, policy.saml, policy.ldap, policy.mfa_roles) == (None, None, None, ())
    assert policy.proxies == 0 and read(monkeypatch, {}, proxy=True).proxies == 1


def test_nobody_vouches_for_addresses_until_the_administrator_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def trusted() -> list[bool]:
        policy = read(monkeypatch, {**OIDC, **SAML, **LDAP})
        return [policy.oidc.trust_email, policy.saml.trust_email, policy.ldap.trust_email]

    assert trusted() == [False, False, False]
    for name in ("OIDC", "SAML", "LDAP"):
        monkeypatch.setenv(f"{name}_TRUST_EMAIL", "1")
    assert trusted() == [True, True, True]


def test_the_names_of_roles_are_those_of_the_product() -> None:
    assert set(ROLE_NAMES) == set(Role.values)


def test_every_way_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = read(monkeypatch, {**OIDC, **SAML, **LDAP, "OIDC_ROLES": "a=auditor", "SAML_ATTRIBUTES": "email=mail"})
    assert policy.oidc.issuer == "https://sso.example.org/realms/x" and not policy.oidc.trust_email
    assert policy.oidc.rules == (RoleRule("a", "auditor"),)
    assert dict(policy.saml.attributes) == {"email": "mail"} and policy.ldap.start_tls is False
    assert "client_secret" not in repr(policy.oidc)


def test_names_of_groups_may_hold_commas_and_equals_signs() -> None:
    text = "CN=PMO,OU=Groups,DC=x=pmo_analyst; line heads = resource_manager@OPS ;"
    assert role_rules("X", text) == (
        RoleRule("CN=PMO,OU=Groups,DC=x", "pmo_analyst"),
        RoleRule("line heads", "resource_manager", "OPS"),
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"OIDC_ISSUER": "https://x"}, "OIDC_CLIENT_ID"),
        ({**OIDC, "OIDC_ISSUER": "http://sso.example.org"}, "not an https address"),
        ({**OIDC, "OIDC_ROLES": "a=king"}, "group=role"),
        ({**OIDC, "OIDC_DEFAULT_ROLE": "king"}, "OIDC_DEFAULT_ROLE"),
        ({**OIDC, "OIDC_UNKNOWN": "perhaps"}, "refuse"),
        ({**SAML, "SAML_ATTRIBUTES": "colour=blue"}, "SAML_ATTRIBUTES"),
        ({**LDAP, "LDAP_URL": "http://ldap"}, "LDAP_URL"),
        ({**LDAP, "LDAP_URL": "ldap://ldap.example.org", "LDAP_START_TLS": "0"}, "in the clear"),
        ({**LDAP, "LDAP_USER_DN": "uid=%(user)s"}, "alone"),
        ({**LDAP, "LDAP_USER_FILTER": "(uid=*)"}, "must hold"),
        ({**LDAP, "LDAP_CA_FILE": "/nowhere/ca.pem"}, "not there"),
        ({"MFA_REQUIRED_ROLES": "king"}, "MFA_REQUIRED_ROLES"),
        ({"LOCAL_PASSWORDS": "0"}, "nobody could sign in"),
        ({**OIDC, "LOCAL_PASSWORDS": "0"}, "EMERGENCY_USERS"),
    ],
)
def test_a_wrong_value_stops_the_start(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        read(monkeypatch, values)


NAME = re.compile(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b")
DOCS = ("docs/sign-in.md", "docs/sign-in.zh-Hans.md")


def read_names() -> set[str]:
    """The variables that sign-in reads, from its code."""
    source = (settings.BASE_DIR / "pmo/sign_in_env.py").read_text(encoding="utf-8")
    return set(re.findall(r'\benv_\w+\(\s*"([A-Z_]+)"', source))


@pytest.mark.parametrize("page", DOCS)
def test_the_table_of_settings_has_every_one_and_no_other(page: str) -> None:
    text = (settings.BASE_DIR / page).read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == read_names()
    elsewhere = {"SECRET_KEY", "BEHIND_PROXY", "EMAIL_HOST"}
    named = {name.removesuffix("_FILE") for name in NAME.findall(text)} - {"NAME", "CA"}
    known = read_names() | {name.removesuffix("_FILE") for name in read_names()} | elsewhere
    assert named - known == set()


def test_the_example_of_the_environment_names_every_setting() -> None:
    text = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    section = text[text.index("# --- Sign-in") : text.index("# --- Watching")]
    assert set(re.findall(r"^#([A-Z_]+)=", section, re.MULTILINE)) == read_names()


@pytest.mark.parametrize("page", DOCS)
def test_the_defaults_of_the_table_are_those_of_the_code(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (settings.BASE_DIR / page).read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\|", text, re.MULTILINE))
    policy = read(monkeypatch, {**OIDC, **SAML, **LDAP})
    found = {
        "PASSWORD_HISTORY": policy.password_history,
        "PASSWORD_RESET_MINUTES": policy.reset_minutes,
        "INVITE_DAYS": policy.invite_days,
        "CONFIRM_MINUTES": policy.confirm_minutes,
        "LOCK_FAILURES": policy.lock_failures,
        "LOCK_ACCOUNT_FAILURES": policy.lock_account_failures,
        "LOCK_ADDRESS_FAILURES": policy.lock_address_failures,
        "LOCK_MINUTES": policy.lock_minutes,
        "OIDC_TRUST_EMAIL": int(policy.oidc.trust_email),
        "SAML_TRUST_EMAIL": int(policy.saml.trust_email),
        "LDAP_TRUST_EMAIL": int(policy.ldap.trust_email),
        "OIDC_SCOPES": " ".join(policy.oidc.scopes),
        "OIDC_UNKNOWN": policy.oidc.unknown,
        "SAML_GROUPS": policy.saml.groups,
        "LDAP_USER_FILTER": policy.ldap.user_filter,
        "LDAP_SUBJECT": policy.ldap.subject,
        "LDAP_NAME": policy.ldap.name,
        "LDAP_TIMEOUT": policy.ldap.timeout,
    }
    assert {name: told.get(name) for name in found} == {name: str(value) for name, value in found.items()}
