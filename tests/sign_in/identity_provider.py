"""A SAML identity provider: pysaml2 reads the request and writes the answer, libxmlsec signs it."""

from __future__ import annotations

import base64
import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

ENTITY = "https://idp.example.org/metadata"
SSO = "https://idp.example.org/sso"
_ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}Assertion"


def key_and_certificate() -> tuple[str, str]:
    """A fresh key, and a certificate of it for two days, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


class IdentityProvider:
    """Knows the service provider by its metadata."""

    def __init__(self, folder: Path, metadata: str) -> None:
        from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
        from saml2.config import IdPConfig
        from saml2.server import Server

        self.key, self.certificate = key_and_certificate()
        for name, text in (("key", self.key), ("cert", self.certificate), ("sp.xml", metadata)):
            (folder / name).write_text(text)
        self._redirect, self._post = BINDING_HTTP_REDIRECT, BINDING_HTTP_POST
        config = IdPConfig().load(
            {
                "entityid": ENTITY,
                # Signatures are made below: this backend starts no program.
                "crypto_backend": "XMLSecurity",
                "key_file": str(folder / "key"),
                "cert_file": str(folder / "cert"),
                "service": {"idp": {"endpoints": {"single_sign_on_service": [(SSO, BINDING_HTTP_REDIRECT)]}}},
                "metadata": {"local": [str(folder / "sp.xml")]},
            }
        )
        self._server = Server(config=config)

    def answer(self, request: str, subject: str, identity: dict[str, Any]) -> str:
        """The signed response to an AuthnRequest, in base64 as a form carries it."""
        from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID

        asked = self._server.parse_authn_request(request, self._redirect).message
        args = self._server.response_args(asked, [self._post])
        response = self._server.create_authn_response(
            identity,
            **{name: args[name] for name in ("in_response_to", "destination", "sp_entity_id")},
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=subject),
            authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"},
            sign_assertion=False,
            sign_response=False,
        )
        return self.signed(str(response))

    def signed(self, text: str) -> str:
        """The text with a signature in its assertion."""
        from onelogin.saml2.utils import OneLogin_Saml2_Utils

        document = etree.fromstring(text.encode())
        assertion = document.find(_ASSERTION)
        made = OneLogin_Saml2_Utils.add_sign(etree.tostring(assertion), self.key, self.certificate)
        document.replace(assertion, etree.fromstring(made))
        return base64.b64encode(etree.tostring(document)).decode()
