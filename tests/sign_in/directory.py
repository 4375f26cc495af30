"""A directory of its own for a test: slapd on free ports of the loopback, with its folder, certificate and people."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.sign_in.identity_provider import key_and_certificate

SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
SUFFIX = "dc=example,dc=org"
SERVICE = f"cn=reader,{SUFFIX}"
SERVICE_PASSWORD = "reads-the-directory"
PASSWORD = "the-password-of-lin"
_PEOPLE = f"""dn: {SUFFIX}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: {SERVICE}
objectClass: simpleSecurityObject
objectClass: organizationalRole
cn: reader
userPassword: {SERVICE_PASSWORD}

dn: ou=people,{SUFFIX}
objectClass: organizationalUnit
ou: people

dn: uid=lin,ou=people,{SUFFIX}
objectClass: inetOrgPerson
uid: lin
cn: Lin (Ops)
sn: Lin
mail: lin@example.org
userPassword: {PASSWORD}

dn: uid=mei,ou=people,{SUFFIX}
objectClass: inetOrgPerson
uid: mei
cn: Mei
sn: Mei
userPassword: {PASSWORD}

dn: ou=groups,{SUFFIX}
objectClass: organizationalUnit
ou: groups

dn: cn=pmo,ou=groups,{SUFFIX}
objectClass: groupOfNames
cn: pmo
member: uid=lin,ou=people,{SUFFIX}
"""
_CONFIG = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
pidfile {folder}/slapd.pid
database mdb
suffix "{suffix}"
rootdn "cn=root,{suffix}"
directory {folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{service}" read by self read by * none
"""


class Directory:
    """Start it with `start`, end it with `stop`; `ca` is the file with its certificate."""

    def __init__(self, folder: Path) -> None:
        self.plain, self.secure = _free_port(), _free_port()
        self.ca = str(folder / "cert.pem")
        key, certificate = key_and_certificate()
        (folder / "data").mkdir()
        for name, text in (("key.pem", key), ("cert.pem", certificate), ("people.ldif", _PEOPLE)):
            (folder / name).write_text(text)
        self._config = folder / "slapd.conf"
        self._config.write_text(_CONFIG.format(folder=folder, suffix=SUFFIX, service=SERVICE))
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Load the people and wait until the server answers."""
        assert SLAPD is not None, "slapd is not installed"
        add = [SLAPD, "-T", "add", "-f", str(self._config), "-l", str(self._folder / "people.ldif")]
        subprocess.run(add, check=True, capture_output=True)
        addresses = f"ldap://localhost:{self.plain} ldaps://localhost:{self.secure}"
        self._process = subprocess.Popen([SLAPD, "-f", str(self._config), "-h", addresses, "-d", "0"])
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("localhost", self.plain)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("slapd does not answer")

    def stop(self) -> None:
        """End the process that was started."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])
