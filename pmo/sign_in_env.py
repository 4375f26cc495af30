"""How people sign in, read from the environment: passwords, second factors, OIDC, SAML, LDAP. Everything but passwords is off by default."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from pmo.env import env_bool, env_choice, env_int, env_list, env_text

ROLE_NAMES = (
    "pmo_admin", "pmo_analyst", "coordinator", "executive", "portfolio_owner",
    "resource_manager", "project_manager", "team_member", "sponsor", "auditor",
)  # fmt: skip


@dataclass(frozen=True)
class RoleRule:
    """Members of `group` hold `role`, in the unit with the code or (empty) in the whole organisation."""

    group: str
    role: str
    unit: str = ""


@dataclass(frozen=True)
class Source:
    """What all outside sources share. `unknown`: people without an account are made one, or refused."""

    name: str = ""
    unknown: str = "refuse"
    trust_email: bool = False
    groups: str = ""
    rules: tuple[RoleRule, ...] = ()
    default_role: str = ""


@dataclass(frozen=True)
class Oidc(Source):
    """An OpenID Connect provider found by its issuer."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "profile", "email")


@dataclass(frozen=True)
class Saml(Source):
    """A SAML 2.0 identity provider: its name, address and certificate, and what its attributes are called."""

    idp: str = ""
    sso_url: str = ""
    certificate: str = field(default="", repr=False)
    entity_id: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Ldap(Source):
    """A directory that checks passwords. Either a service account looks for the person, or `user_dn` names them."""

    url: str = ""
    start_tls: bool = True
    ca_file: str = ""
    bind_dn: str = ""
    bind_password: str = field(default="", repr=False)
    user_dn: str = ""
    base: str = ""
    user_filter: str = "(uid=%(user)s)"
    group_base: str = ""
    group_filter: str = "(member=%(dn)s)"
    group_name: str = "cn"
    subject: str = "entryUUID"
    mail: str = "mail"
    full_name: str = "cn"
    timeout: int = 5


@dataclass(frozen=True)
class SignIn:
    """The whole policy. Times in seconds unless the name says otherwise."""

    passwords: bool = True
    emergency_users: tuple[str, ...] = ()
    password_history: int = 5
    password_days: int = 0
    reset_minutes: int = 60
    mfa_roles: tuple[str, ...] = ()
    mfa_after_sso: bool = False
    confirm_minutes: int = 15
    invite_days: int = 7
    lock_failures: int = 5
    lock_account_failures: int = 20
    lock_address_failures: int = 50
    lock_minutes: int = 15
    proxies: int = 0
    oidc: Oidc | None = None
    saml: Saml | None = None
    ldap: Ldap | None = None

    @property
    def single_sign_on(self) -> bool:
        """Whether the sign-in page offers another system."""
        return self.oidc is not None or self.saml is not None


def sign_in_from_env(*, behind_proxy: bool) -> SignIn:
    """The policy of the environment. Raises ImproperlyConfigured with a sentence that says what is wrong."""
    policy = SignIn(
        passwords=env_bool("LOCAL_PASSWORDS", default=True),
        emergency_users=tuple(env_list("EMERGENCY_USERS")),
        password_history=env_int("PASSWORD_HISTORY", default=5, minimum=0, maximum=50),
        password_days=env_int("PASSWORD_DAYS", default=0, minimum=0, maximum=3650),
        reset_minutes=env_int("PASSWORD_RESET_MINUTES", default=60, minimum=5, maximum=1440),
        mfa_roles=_checked("MFA_REQUIRED_ROLES", env_list("MFA_REQUIRED_ROLES")),
        mfa_after_sso=env_bool("MFA_AFTER_SSO", default=False),
        confirm_minutes=env_int("CONFIRM_MINUTES", default=15, minimum=1, maximum=720),
        invite_days=env_int("INVITE_DAYS", default=7, minimum=1, maximum=90),
        lock_failures=env_int("LOCK_FAILURES", default=5, minimum=3, maximum=100),
        lock_account_failures=env_int("LOCK_ACCOUNT_FAILURES", default=20, minimum=3, maximum=1000),
        lock_address_failures=env_int("LOCK_ADDRESS_FAILURES", default=50, minimum=3, maximum=10000),
        lock_minutes=env_int("LOCK_MINUTES", default=15, minimum=1, maximum=1440),
        proxies=env_int("PROXY_HOPS", default=1, minimum=1, maximum=5) if behind_proxy else 0,
        oidc=_oidc(),
        saml=_saml(),
        ldap=_ldap(),
    )
    if not policy.passwords:
        if not (policy.single_sign_on or policy.ldap):
            raise ImproperlyConfigured("LOCAL_PASSWORDS=0 needs OIDC, SAML or LDAP: nobody could sign in.")
        if not policy.emergency_users:
            raise ImproperlyConfigured("LOCAL_PASSWORDS=0 needs EMERGENCY_USERS: the logins that keep their password.")
    return policy


def _checked(name: str, roles: list[str]) -> tuple[str, ...]:
    for role in roles:
        if role not in ROLE_NAMES:
            raise ImproperlyConfigured(f"{name}: {role!r} is not one of {', '.join(ROLE_NAMES)}.")
    return tuple(roles)


def _role(name: str, role: str) -> str:
    return _checked(name, [role])[0] if role else ""


def role_rules(name: str, text: str) -> tuple[RoleRule, ...]:
    """`group = role` or `group = role@UNIT`, separated by semicolons: names of groups may hold commas and equals signs."""
    rules = []
    for part in text.split(";"):
        if not part.strip():
            continue
        group, equals, target = (piece.strip() for piece in part.rpartition("="))
        role, _at, unit = target.partition("@")
        if not equals or not group or role not in ROLE_NAMES:
            raise ImproperlyConfigured(f"{name}: {part.strip()!r} is not group=role or group=role@UNIT.")
        rules.append(RoleRule(group, role, unit))
    return tuple(rules)


def _needed(values: dict[str, str]) -> None:
    """All of them must be there."""
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise ImproperlyConfigured(f"{', '.join(missing)} must be set together with {next(iter(values))}.")


_UNKNOWN = ("refuse", "create")


def _oidc() -> Oidc | None:
    issuer, client_id, secret = env_text("OIDC_ISSUER"), env_text("OIDC_CLIENT_ID"), env_text("OIDC_CLIENT_SECRET")
    if not issuer:
        return None
    _needed({"OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": client_id, "OIDC_CLIENT_SECRET": secret})
    _web_address("OIDC_ISSUER", issuer)
    return Oidc(
        name=env_text("OIDC_NAME", "OpenID Connect"),
        unknown=env_choice("OIDC_UNKNOWN", _UNKNOWN, default="refuse"),
        trust_email=env_bool("OIDC_TRUST_EMAIL", default=False),
        groups=env_text("OIDC_GROUPS", "groups"),
        rules=role_rules("OIDC_ROLES", env_text("OIDC_ROLES")),
        default_role=_role("OIDC_DEFAULT_ROLE", env_text("OIDC_DEFAULT_ROLE")),
        issuer=issuer.rstrip("/"),
        client_id=client_id,
        client_secret=secret,
        scopes=tuple(env_text("OIDC_SCOPES", "openid profile email").split()),
    )


def _saml() -> Saml | None:
    idp, sso_url, certificate = env_text("SAML_IDP"), env_text("SAML_SSO_URL"), env_text("SAML_CERTIFICATE")
    if not idp:
        return None
    _needed({"SAML_IDP": idp, "SAML_SSO_URL": sso_url, "SAML_CERTIFICATE": certificate})
    _web_address("SAML_SSO_URL", sso_url)
    named = [pair.partition("=") for pair in env_list("SAML_ATTRIBUTES")]
    known = {"uid", "email", "name", "first_name", "last_name"}
    for key, _equals, attribute in named:
        if key.strip() not in known or not attribute.strip():
            raise ImproperlyConfigured(f"SAML_ATTRIBUTES: {key!r} is not one of {', '.join(sorted(known))}.")
    return Saml(
        name=env_text("SAML_NAME", "SAML"),
        unknown=env_choice("SAML_UNKNOWN", _UNKNOWN, default="refuse"),
        trust_email=env_bool("SAML_TRUST_EMAIL", default=False),
        groups=env_text("SAML_GROUPS", "groups"),
        rules=role_rules("SAML_ROLES", env_text("SAML_ROLES")),
        default_role=_role("SAML_DEFAULT_ROLE", env_text("SAML_DEFAULT_ROLE")),
        idp=idp,
        sso_url=sso_url,
        certificate=certificate,
        entity_id=env_text("SAML_ENTITY_ID"),
        attributes=tuple((key.strip(), attribute.strip()) for key, _equals, attribute in named),
    )


def _ldap() -> Ldap | None:
    url, ca_file = env_text("LDAP_URL"), env_text("LDAP_CA_FILE")
    if not url:
        return None
    if urlsplit(url).scheme not in {"ldap", "ldaps"} or not urlsplit(url).hostname:
        raise ImproperlyConfigured(f"LDAP_URL={url!r} is not an address such as ldaps://ldap.example.org.")
    if ca_file and not Path(ca_file).is_file():
        raise ImproperlyConfigured(f"LDAP_CA_FILE={ca_file!r} is not there.")
    found = Ldap(
        name=env_text("LDAP_NAME", "LDAP"),
        unknown=env_choice("LDAP_UNKNOWN", _UNKNOWN, default="refuse"),
        trust_email=env_bool("LDAP_TRUST_EMAIL", default=False),
        rules=role_rules("LDAP_ROLES", env_text("LDAP_ROLES")),
        default_role=_role("LDAP_DEFAULT_ROLE", env_text("LDAP_DEFAULT_ROLE")),
        url=url,
        start_tls=env_bool("LDAP_START_TLS", default=not url.startswith("ldaps:")),
        ca_file=ca_file,
        bind_dn=env_text("LDAP_BIND_DN"),
        bind_password=env_text("LDAP_BIND_PASSWORD"),
        user_dn=env_text("LDAP_USER_DN"),
        base=env_text("LDAP_BASE"),
        user_filter=env_text("LDAP_USER_FILTER", "(uid=%(user)s)"),
        group_base=env_text("LDAP_GROUP_BASE"),
        group_filter=env_text("LDAP_GROUP_FILTER", "(member=%(dn)s)"),
        group_name=env_text("LDAP_GROUP_NAME", "cn"),
        subject=env_text("LDAP_SUBJECT", "entryUUID"),
        mail=env_text("LDAP_MAIL", "mail"),
        full_name=env_text("LDAP_FULL_NAME", "cn"),
        timeout=env_int("LDAP_TIMEOUT", default=5, minimum=1, maximum=60),
    )
    if not found.start_tls and not url.startswith("ldaps:"):
        raise ImproperlyConfigured("LDAP_START_TLS=0 needs an ldaps:// address: passwords do not travel in the clear.")
    if bool(found.user_dn) == bool(found.bind_dn and found.base):
        raise ImproperlyConfigured("LDAP needs LDAP_BIND_DN with LDAP_BASE, or LDAP_USER_DN alone.")
    if "%(user)s" not in (found.user_dn or found.user_filter):
        raise ImproperlyConfigured("LDAP_USER_DN or LDAP_USER_FILTER must hold %(user)s.")
    return found


def _web_address(name: str, text: str) -> None:
    """Secrets and assertions travel there: https, or http to this machine."""
    parts = urlsplit(text)
    near = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and near)):
        raise ImproperlyConfigured(f"{name}={text!r} is not an https address.")
