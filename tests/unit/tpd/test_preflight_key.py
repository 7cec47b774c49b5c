# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The preflight's checks of key and chain: each once as it should be, and once for each way in which it is not."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    preflight,
    preflight_key,
    rehearsal,
    tpd,
    xrml,
)
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.contents import Contents
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.preflight import Check, Expectations

from .made import other, tenant

MODE_2 = rehearsal.make(2048, 1, 2)
AGAIN = "Ask support for the export again."


def answer(name: str, opened: tpd.Tpd, now: datetime | None = None) -> tuple[str, str]:
    """Result and message of one check."""
    found = [check for check in preflight.check(Contents(opened), Expectations(), now) if check.id == name]
    assert len(found) == 1
    return found[0].result, found[0].message


def chain(*documents: str) -> tpd.Tpd:
    """The TPD with another chain."""
    return other(tenant(), chain=documents)


def test_the_checks_come_in_the_importers_order() -> None:
    assert [check.id for check in preflight.check(Contents(tenant()), Expectations())] == [
        "key_information",
        "chain_present",
        "csp_type",
        "fips",
        "key_data",
        "chain_links",
        "chain_dates",
        "hierarchy",
        "signatures",
        "rehearsal",
        "tenant_service_id",
        "tenant_key_id",
        "licensing_urls",
        "templates",
        "template_names",
        "templates_current",
    ]


def test_only_a_known_failure_makes_it_unimportable() -> None:
    passed, warned, failed = (Check("x", result, "") for result in (preflight.PASS, preflight.WARN, preflight.FAIL))
    assert preflight.importable([])
    assert preflight.importable([passed, warned])
    assert not preflight.importable([passed, failed, warned])


@pytest.mark.parametrize("opened", [tenant(), MODE_2, other(tenant(), version=1)])
def test_a_rehearsal_could_be_imported_but_is_warned_of(opened: tpd.Tpd) -> None:
    checks = preflight.check(Contents(opened), Expectations())
    assert preflight.importable(checks)
    assert {check.id for check in checks if check.result == "warn"} >= {"hierarchy", "rehearsal", "tenant_service_id"}


def test_key_information() -> None:
    assert answer("key_information", tenant()) == ("pass", f"The key id is {tenant().key_id} (MS-GUID).")
    for missing in (other(tenant(), key_id=" "), other(tenant(), key_id_type="")):
        assert answer("key_information", missing) == ("fail", f"The key id or the key id type is missing. {AGAIN}")


def test_chain_present() -> None:
    documents = tenant().chain
    assert answer("chain_present", tenant()) == ("pass", "The chain has 4 certificates, and all can be read.")
    for missing in (chain(), chain("", *documents[1:])):
        assert answer("chain_present", missing) == ("fail", f"The licensor's certificate chain is missing. {AGAIN}")
    bare = documents[0].replace('<?xml version="1.0"?>', "")
    for broken in (bare, "\ufeff" + documents[0], "<?xml version='1.0'?><XrML/>"):
        result, message = answer("chain_present", chain(broken, *documents[1:]))
        assert result == "fail"
        assert message == f"The first certificate cannot be read or does not begin with <?xml. {AGAIN}"
    late = documents[3].replace('<?xml version="1.0"?>', "")
    assert answer("chain_present", chain(documents[0], "no XML", documents[2], late)) == (
        "warn",
        (
            "Of 4 certificates 2 cannot be read or do not begin with <?xml (first: number 2). "
            "Importers drop such certificates silently."
        ),
    )


def test_csp_type() -> None:
    assert answer("csp_type", tenant()) == ("pass", "CSP type 1 fits cryptographic mode 1.")
    assert answer("csp_type", other(tenant(), csp_type=24)) == ("pass", "CSP type 24 fits cryptographic mode 1.")
    assert answer("csp_type", MODE_2) == ("pass", "CSP type 24 fits cryptographic mode 2.")
    assert answer("csp_type", other(MODE_2, csp_type=1)) == (
        "fail",
        f"CSP type 1 does not fit cryptographic mode 2, which needs 24. {AGAIN}",
    )
    assert answer("csp_type", other(tenant(), csp_type=0)) == (
        "fail",
        f"CSP type 0 does not fit cryptographic mode 1, which needs 1 or 24. {AGAIN}",
    )
    result, message = answer("csp_type", chain("no XML"))
    assert result == "fail"
    assert message == (
        f"The cryptographic mode is unknown, as the first certificate holds no readable public key. {AGAIN}"
    )


def test_key_data() -> None:
    belongs = "The private key belongs to the public key in the first certificate."
    assert answer("key_data", tenant()) == ("pass", belongs)
    result, message = answer("key_data", other(tenant(), key_blob=None))
    assert result == "fail"
    assert message.startswith("The private key is not in the file (held by an HSM, or a keyless TPD).")
    for wrong in (MODE_2.key_blob, b"no key", (tenant().key_blob or b"")[:-1]):
        result, message = answer("key_data", other(tenant(), key_blob=wrong))
        assert result == "fail"
        assert message.startswith("The private key is damaged or does not belong to the public key")
    result, message = answer("key_data", chain("no XML"))
    assert result == "fail"
    assert message == f"The first certificate holds no readable public key to compare the private key with. {AGAIN}"


def test_chain_links() -> None:
    documents = tenant().chain
    linked = "Each certificate names the key of the next one as its issuer's."
    assert answer("chain_links", tenant()) == ("pass", linked)
    broken = f"Certificate 1 does not name the key of certificate 3 as its issuer's. {AGAIN}"
    # An entry without <?xml is dropped by importers, and then its neighbours have to be linked.
    dropped = documents[1].replace('<?xml version="1.0"?>', "")
    assert answer("chain_links", chain(documents[0], dropped, *documents[2:])) == ("fail", broken)
    assert answer("chain_links", chain(documents[0], *documents[2:]))[0] == "fail"
    assert answer("chain_links", chain(*reversed(documents)))[0] == "fail"
    # What only this reader cannot read may be fine, so nothing is known about its links.
    unreadable = documents[1].replace("<ISSUEDTIME>", "<ISSUEDTIME>about ")
    assert answer("chain_links", chain(documents[0], unreadable, *documents[2:])) == ("pass", linked)
    nameless = re.sub("(<ISSUER>.*)<PUBLICKEY>.*?</PUBLICKEY>(</ISSUER>)", r"\1\2", documents[0])
    assert answer("chain_links", chain(nameless, *documents[1:]))[0] == "fail"
    assert answer("chain_links", chain("no XML")) == ("fail", f"There is no readable certificate. {AGAIN}")


def test_chain_dates() -> None:
    documents = list(tenant().chain)
    assert answer("chain_dates", tenant()) == ("pass", "No certificate is outside its dates.")
    validity = "<VALIDITYTIME><FROM>2001-01-01T00:00</FROM><UNTIL>2030-01-01T00:00</UNTIL></VALIDITYTIME><DESCRIPTOR>"
    dated = documents[2].replace("<DESCRIPTOR>", validity, 1)
    opened = chain(*documents[:2], dated, documents[3])
    for now, result in ((datetime(2029, 1, 1), "pass"), (datetime(2031, 1, 1), "fail"), (datetime(2000, 1, 1), "fail")):
        assert answer("chain_dates", opened, now)[0] == result
    assert answer("chain_dates", opened, datetime(2031, 1, 1))[1] == (
        "Certificate 3 is not valid today. Is this host's clock right?"
    )
    # The right to issue counts when it is used: long over today is fine, over before the certificate below is not.
    late = re.sub("<ISSUEDTIME>[^<]*", "<ISSUEDTIME>2099-01-01T00:00", documents[0])
    assert answer("chain_dates", tenant(), datetime(2200, 1, 1))[0] == "pass"
    assert answer("chain_dates", chain(late, *documents[1:])) == (
        "warn",
        "Certificate 1 was issued when certificate 2 gave no right to issue it. Importers may refuse the chain.",
    )


def test_hierarchy(monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = (
        "The chain does not end at the root of Microsoft's production hierarchy. That is expected of a rehearsal only."
    )
    assert answer("hierarchy", tenant()) == ("warn", foreign)
    assert answer("hierarchy", chain("no XML")) == ("warn", foreign)
    for name in ("Microsoft DRM ISV Certificate Authority", "Pre-Production CA"):
        documents = [document.replace("REHEARSAL ONLY CA", name) for document in tenant().chain]
        result, message = answer("hierarchy", chain(*documents))
        assert result == "warn"
        assert message.startswith("The chain belongs to Microsoft's pre-production (ISV) hierarchy.")
    # No private key of Microsoft's root is to be had, so this test's root takes its place.
    root = xrml.certificate(tenant().chain[-1]).issuer.key
    assert root is not None
    monkeypatch.setattr(preflight_key, "PRODUCTION_ROOT", hashlib.sha256(root.modulus_bytes).hexdigest())
    assert answer("hierarchy", tenant()) == (
        "pass",
        "The chain ends at the root of Microsoft's production hierarchy.",
    )
    assert answer("hierarchy", chain(*tenant().chain[:3]))[0] == "warn"
    assert base64.b64encode(root.modulus_bytes).decode() in tenant().chain[-1]


def test_signatures() -> None:
    assert answer("signatures", tenant()) == ("pass", "All 6 signatures on certificates and templates hold.")
    changed = tenant().chain[0].replace("Tenant", "Tenent", 1)
    unsigned = tenant().chain[1][: tenant().chain[1].index("<SIGNATURE>")] + "</XrML>"
    assert answer("signatures", chain(changed, unsigned, *tenant().chain[2:])) == (
        "warn",
        (
            "Of 6 signatures on certificates and templates, 1 failed and 1 could not be checked. "
            "Compare the TPD with another copy."
        ),
    )
    result, message = answer("signatures", other(tenant(), chain=(), templates=()))
    assert result == "warn"
    assert message.startswith("Of 0 signatures on certificates and templates, 0 failed")


def test_rehearsal_mark() -> None:
    assert answer("rehearsal", tenant()) == (
        "warn",
        "This is a rehearsal, and its key opens no real document. Use it for practice only.",
    )
    documents = [document.replace("REHEARSAL ONLY", "Contoso") for document in tenant().chain]
    assert answer("rehearsal", chain(*documents)) == ("pass", "No certificate is marked as a rehearsal.")
