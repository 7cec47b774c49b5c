# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A TPD for practice: a throw-away hierarchy, a tenant key made on the spot, templates, correct signatures.

Every certificate carries L{REHEARSAL_MARK} in its names, so that nobody takes the result for a tenant's key.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from . import cspblob, names, primitives, rsakeys, xmlsafe
from .mark import REHEARSAL_MARK
from .tpd import Tpd

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# The names of a template by LCID: English, German, French, Greek.
_TEMPLATE_NAMES = {1033: "Confidential", 1031: "Vertraulich für alle", 1036: "Réservé à tous", 1032: "Εμπιστευτικό"}
_CSP = {
    1: (1, "Microsoft Enhanced Cryptographic Provider v1.0"),
    2: (24, "Microsoft Enhanced RSA and AES Cryptographic Provider"),
}
_XML = '<?xml version="1.0"?>'


@dataclass(frozen=True)
class _Authority:
    """Somebody who signs: the OBJECT element that names it, its key, and the digest of its signatures."""

    holder: str
    key: RSAPrivateKey
    digest: str

    def public_key(self) -> str:
        """The PUBLICKEY element; the modulus is little-endian."""
        numbers = self.key.public_key().public_numbers()
        modulus = base64.b64encode(numbers.n.to_bytes(self.key.key_size // 8, "little")).decode("ascii")
        return (
            '<PUBLICKEY><ALGORITHM>RSA</ALGORITHM><PARAMETER name="public-exponent">'
            f'<VALUE encoding="integer32">{numbers.e}</VALUE></PARAMETER><PARAMETER name="modulus">'
            f'<VALUE encoding="base64" size="{self.key.key_size}">{modulus}</VALUE></PARAMETER></PUBLICKEY>'
        )

    def sign(self, body: str) -> str:
        """The whole XrML document around a BODY that this authority issues."""
        signed = body.encode("utf-16-le")
        digest = hashlib.new(self.digest, signed).digest()
        signature = primitives.rsa_sign(self.key, signed, self.digest)
        return (
            f'{_XML}<XrML xmlns="" version="1.2">{body}<SIGNATURE><DIGEST><ALGORITHM>{self.digest.upper()}</ALGORITHM>'
            '<PARAMETER name="codingtype"><VALUE encoding="string">surface-coding</VALUE></PARAMETER>'
            f'<VALUE encoding="base64" size="{len(digest) * 8}">{base64.b64encode(digest).decode("ascii")}</VALUE></DIGEST>'
            f'<ALGORITHM>RSA PKCS#1-V1.5</ALGORITHM><VALUE encoding="base64" size="{self.key.key_size}">'
            f"{base64.b64encode(signature).decode('ascii')}</VALUE></SIGNATURE></XrML>"
        )


def make(key_size: int, template_count: int, version: int) -> Tpd:
    """A TPD of a new tenant key. Mode 1 for 1024 bits, mode 2 for more; version 1 or 2 of the TPD's key derivation."""
    mode = 1 if key_size <= 1024 else 2
    digest = "sha1" if mode == 1 else "sha256"
    service_id, server_id = names.new_guid().lower(), _braced(names.new_guid())
    url = f"https://{service_id}.rms.rehearsal.invalid/_wmcs"
    root = _authority("DRM-Certificate-Authority", "Root", key_size, digest)
    ca = _authority("DRM-Certificate-Authority", "CA", key_size, digest)
    enrolment_ca = _authority("DRM-Certificate-Authority", "Server Enrollment CA", key_size, digest)
    service = _authority("MS-DRM-Server", "Server Enrollment Service", key_size, digest)
    address = f'<ADDRESS type="URL">{url}</ADDRESS>'
    tenant = _Authority(
        _holder("MS-DRM-Server", "MS-GUID", server_id, "Tenant", address), rsakeys.generate(key_size), digest
    )
    csp_type, csp_name = _CSP[mode]
    return Tpd(
        version=version,
        key_id=server_id,
        key_id_type="MS-GUID",
        csp_type=csp_type,
        csp_name=csp_name,
        key_container=f"{REHEARSAL_MARK} {service_id}",
        key_number=1,
        key_blob=cspblob.write_private(tenant.key),
        chain=(
            _certificate("Server-Licensor-Certificate", service, tenant),
            _certificate("Server-Licensor-Certificate", enrolment_ca, service),
            _certificate("DRM-CA-Certificate", ca, enrolment_ca),
            _certificate("DRM-CA-Certificate", root, ca),
        ),
        templates=tuple(_template(tenant, number, url) for number in range(1, template_count + 1)),
    )


def _braced(guid: str) -> str:
    return "{" + guid.lower() + "}"


def _holder(holder_type: str, id_type: str, identity: str, name: str, address: str = "") -> str:
    return f'<OBJECT type="{holder_type}"><ID type="{id_type}">{identity}</ID><NAME>{REHEARSAL_MARK} {name}</NAME>{address}</OBJECT>'


def _authority(holder_type: str, name: str, key_size: int, digest: str) -> _Authority:
    if holder_type == "MS-DRM-Server":
        holder = _holder(holder_type, "MS-GUID", _braced(names.new_guid()), name)
    else:
        holder = _holder(holder_type, "ascii-tag", f"{REHEARSAL_MARK} {name}", name)
    return _Authority(holder, rsakeys.generate(key_size), digest)


def _time(days: int) -> str:
    return (datetime.now(timezone.utc) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def _issuer(authority: _Authority) -> str:
    return f"<ISSUER>{authority.holder}{authority.public_key()}</ISSUER>"


def _certificate(certificate_type: str, issuer: _Authority, principal: _Authority) -> str:
    described = f'<OBJECT type="{certificate_type}"><ID type="MS-GUID">{_braced(names.new_guid())}</ID></OBJECT>'
    return issuer.sign(
        f'<BODY type="LICENSE" version="3.0"><ISSUEDTIME>{_time(0)}</ISSUEDTIME><DESCRIPTOR>{described}</DESCRIPTOR>{_issuer(issuer)}'
        f'<ISSUEDPRINCIPALS><PRINCIPAL internal-id="1">{principal.holder}{principal.public_key()}'
        '<SECURITYLEVEL name="Server-Version" value="2.0.0.0" /><SECURITYLEVEL name="Server-SKU" value="RMS 2.0" />'
        f'</PRINCIPAL></ISSUEDPRINCIPALS><WORK>{described}<RIGHTSGROUP name="Main-Rights"><RIGHTSLIST><RIGHT name="ISSUE">'
        f"<CONDITIONLIST><TIME><RANGETIME><FROM>{_time(-1)}</FROM><UNTIL>{_time(3650)}</UNTIL></RANGETIME></TIME>"
        '<ACCESS><PRINCIPAL internal-id="1" /></ACCESS></CONDITIONLIST></RIGHT></RIGHTSLIST></RIGHTSGROUP></WORK></BODY>'
    )


def _template(tenant: _Authority, number: int, url: str) -> str:
    languages = "".join(
        f"LCID {lcid}:NAME {xmlsafe.escape(name)} {number}:DESCRIPTION {REHEARSAL_MARK}, template {number};"
        for lcid, name in _TEMPLATE_NAMES.items()
    )
    points = "".join(
        f'<DISTRIBUTIONPOINT><OBJECT type="{point}"><ID type="MS-GUID">{_braced(names.new_guid())}</ID>'
        f'<NAME>DRM Server Cluster</NAME><ADDRESS type="URL">{url}/licensing</ADDRESS></OBJECT></DISTRIBUTIONPOINT>'
        for point in ("Publishing-URL", "Extranet-Publishing-URL")
    )
    return tenant.sign(
        f'<BODY type="Microsoft Official Rights Template" version="3.0"><ISSUEDTIME>{_time(0)}</ISSUEDTIME>'
        f'<DESCRIPTOR><OBJECT><ID type="MS-GUID">{_braced(names.new_guid())}</ID><NAME>{languages}</NAME></OBJECT></DESCRIPTOR>'
        f'{_issuer(tenant)}{points}<WORK><OBJECT><ID type="" /></OBJECT><RIGHTSGROUP name="Main-Rights"><RIGHTSLIST>'
        '<RIGHT name="VIEW"><CONDITIONLIST><ACCESS><PRINCIPAL internal-id="1" /></ACCESS></CONDITIONLIST></RIGHT>'
        "</RIGHTSLIST></RIGHTSGROUP></WORK></BODY>"
    )
