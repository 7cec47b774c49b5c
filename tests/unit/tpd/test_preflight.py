# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The preflight's checks of what the caller knows: tenant, licensing URLs, templates, FIPS."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import preflight, rehearsal, tpd, xrml
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.contents import Contents
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.preflight import Expectations

from .made import other, tenant

MODE_2 = rehearsal.make(2048, 1, 2)
CONTENTS = Contents(tenant())
URL = CONTENTS.licensing_url or ""
SERVICE_ID = URL.partition("//")[2].partition(".")[0]
STRANGER = "11111111-2222-3333-4444-555555555555"


def answer(name: str, opened: tpd.Tpd | None = None, **expected: Any) -> tuple[str, str]:
    """Result and message of one check."""
    found = [
        check for check in preflight.check(Contents(opened or tenant()), Expectations(**expected)) if check.id == name
    ]
    assert len(found) == 1
    return found[0].result, found[0].message


def first_certificate(pattern: str, new: str) -> tpd.Tpd:
    """The TPD with another first certificate."""
    document = re.sub(pattern, new, tenant().chain[0])
    assert document != tenant().chain[0]
    return other(tenant(), chain=(document, *tenant().chain[1:]))


def template(pattern: str, new: str) -> tpd.Tpd:
    """The TPD with another second template."""
    document = re.sub(pattern, new, tenant().templates[1])
    assert document != tenant().templates[1]
    return other(tenant(), templates=(tenant().templates[0], document))


def test_fips() -> None:
    refused = "The key is in cryptographic mode 1, which a FIPS server refuses"
    assert answer("fips", fips=False) == ("pass", f"{refused}; yours is not one.")
    assert answer("fips", fips=True) == (
        "fail",
        f"{refused}, and yours is one. Import it on a server that is not in FIPS mode.",
    )
    assert answer("fips") == ("warn", f"{refused}. Set fips to say whether yours is one.")
    for known in (None, True, False):
        assert answer("fips", MODE_2, fips=known) == (
            "pass",
            "The key is in cryptographic mode 2; a FIPS server refuses mode 1 only.",
        )
    assert answer("fips", other(tenant(), chain=("no XML",)), fips=True) == (
        "warn",
        "Whether a FIPS server takes the key is unknown, as its cryptographic mode is.",
    )


def test_tenant_service_id() -> None:
    for known in (SERVICE_ID, f"{{{SERVICE_ID.upper()}}}"):
        assert answer("tenant_service_id", tenant_service_id=known) == (
            "pass",
            "The licensing URL is that of the tenant's RightsManagementServiceId.",
        )
    assert answer("tenant_service_id") == (
        "warn",
        "Whose TPD this is, is unproven: the tenant's RightsManagementServiceId was not given. Set tenant_service_id.",
    )
    assert answer("tenant_service_id", tenant_service_id=STRANGER) == (
        "fail",
        (
            "The licensing URL is not that of the tenant's RightsManagementServiceId: this is another tenant's TPD. "
            "Do not import it."
        ),
    )
    for nowhere in ("", "<ADDRESS>http://[</ADDRESS>"):
        opened = first_certificate("(?<=</NAME>)<ADDRESS.*?</ADDRESS>", nowhere)
        assert answer("tenant_service_id", opened, tenant_service_id=SERVICE_ID) == (
            "warn",
            "Whose TPD this is, is unproven: the first certificate names no licensing URL to compare.",
        )


def test_tenant_key_id() -> None:
    known = tenant().key_id.strip("{}").upper()
    assert answer("tenant_key_id", tenant_key_ids=[STRANGER, known]) == (
        "pass",
        "The key id is one of the tenant's KeyIdentifiers.",
    )
    assert answer("tenant_key_id") == (
        "warn",
        "Whose key this is, is unproven: the tenant's KeyIdentifiers were not given. Set tenant_key_ids.",
    )
    assert answer("tenant_key_id", tenant_key_ids=[STRANGER]) == (
        "fail",
        "The key id is none of the tenant's KeyIdentifiers: this is another tenant's TPD, or an older one. Do not import it.",
    )
    assert answer("tenant_key_id", other(tenant(), key_id=STRANGER), tenant_key_ids=[STRANGER]) == (
        "warn",
        "The key id is not the GUID of the server in the first certificate. Compare both with the tenant's KeyIdentifiers.",
    )


@pytest.mark.parametrize("given", [(), ("http://rms.contoso.com/_wmcs/licensing", URL)])
def test_licensing_urls_that_are_well_formed(given: tuple[str, ...]) -> None:
    result, message = answer("licensing_urls", licensing_urls=given)
    assert result == "pass"
    assert message == f"The licensing URLs are well-formed: {' '.join(given or [URL])}"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "rms.contoso.com/_wmcs/licensing",
        "/_wmcs/licensing",
        "ftp://rms.contoso.com/",
        "https:///_wmcs/licensing",
        "https://rms.contoso.com/_wmcs/licensing?x=1",
        "https://rms.contoso.com/_wmcs/licensing?",
        "https://rms.contoso.com/_wmcs/licensing#x",
        "https://rms.contoso.com/a,b",
        "https://rms.contoso.com/a b",
        "https://rms.contoso.com/a\nb",
        "https://rms.contoso.com:0x1bb/",
        "https://rms.contoso.com:99999/",
        "https://[::1/",
        "https://rms.contoso.com/" + "a" * 1024,
    ],
)
def test_a_licensing_url_that_importers_refuse(url: str) -> None:
    assert answer("licensing_urls", licensing_urls=[URL, url]) == (
        "fail",
        (
            "Licensing URL 2 of 2 is not an absolute http(s) URL of at most 1024 characters "
            "without query, fragment, comma and white space. Set licensing_urls to the right ones."
        ),
    )


def test_no_licensing_url_at_all() -> None:
    opened = first_certificate("(?<=</NAME>)<ADDRESS.*?</ADDRESS>", "")
    assert answer("licensing_urls", opened) == (
        "fail",
        "The first certificate names no licensing URL, and none was given. Set licensing_urls.",
    )
    assert answer("licensing_urls", opened, licensing_urls=[URL])[0] == "pass"


def test_templates() -> None:
    assert answer("templates") == ("pass", "All templates (2) can be read and publish at a licensing URL.")
    assert answer("templates", other(tenant(), templates=()))[0] == "pass"
    host = URL.partition("//")[2].partition("/")[0]
    for same in (f"HTTPS://{host.upper()}:443/x", f"https://{host}"):
        assert answer("templates", licensing_urls=["http://rms.contoso.com", same])[0] == "pass"
    for elsewhere in (f"http://{host}/_wmcs", f"https://{host}:444/_wmcs", "https://rms.contoso.com/_wmcs", "nonsense"):
        assert answer("templates", licensing_urls=[elsewhere]) == (
            "fail",
            (
                "Template 1 of 2 publishes at a URL whose scheme, host and port are none of the licensing URLs'. "
                "Set licensing_urls to those that the templates name."
            ),
        )
    nowhere = "Template 2 of 2 publishes at a URL whose scheme"
    assert answer("templates", template("<ADDRESS.*?</ADDRESS>", "<ADDRESS/>"))[1].startswith(nowhere)
    assert answer("templates", template('type="(Extranet-)?Publishing-URL"', 'type="x"'))[1].startswith(nowhere)
    # Two URLs that both cannot be read are not the same.
    broken = template("<ADDRESS.*?</ADDRESS>", "<ADDRESS>http://[</ADDRESS>")
    assert answer("templates", broken, licensing_urls=[URL, "https://["])[0] == "fail"


@pytest.mark.parametrize(
    ("pattern", "new", "problem"),
    [
        (r"^<\?xml[^>]*>", "", "cannot be read or does not begin with <?xml"),
        ("</XrML>", "", "cannot be read or does not begin with <?xml"),
        ("Microsoft Official Rights Template", "LICENSE", "cannot be read or does not begin with <?xml"),
        (r"(<DESCRIPTOR><OBJECT><ID[^>]*>)[^<]*", r"\1{ }", "has no GUID"),
    ],
)
def test_a_template_that_importers_refuse(pattern: str, new: str, problem: str) -> None:
    result, message = answer("templates", template(pattern, new))
    assert result == "fail"
    assert message == f"Template 2 of 2 {problem}. Ask support for the export again."


def test_template_names() -> None:
    assert answer("template_names") == ("pass", "No template name holds a separator.")
    guid = xrml.template(tenant().templates[1]).guid
    for name in ("Top; secret", "Top: secret"):
        assert answer("template_names", template("NAME Confidential", f"NAME {name}")) == (
            "warn",
            f'A name holds ";" or ":", where Microsoft\'s readers cut it. Rename these templates after the import: {guid}',
        )


def test_templates_current() -> None:
    held = [xrml.template(document).guid for document in tenant().templates]
    for present in (held, [guid.strip("{}").upper() for guid in held], held[:1], []):
        assert answer("templates_current", current_template_guids=present) == (
            "pass",
            "Every present template of the tenant is in the TPD.",
        )
    assert answer("templates_current") == (
        "warn",
        (
            "Whether the export is stale is unknown: the tenant's present template GUIDs were not given. "
            "Set current_template_guids."
        ),
    )
    assert answer("templates_current", current_template_guids=[*held, STRANGER, f"{{{STRANGER}}}"]) == (
        "warn",
        (
            "The export is stale: of the tenant's present templates 1 are not in it. "
            "Only AD RMS super users open content protected with them."
        ),
    )


def test_a_real_tenants_export_passes_everything_that_can_be_known() -> None:
    expected = Expectations(
        licensing_urls=[URL],
        current_template_guids=[xrml.template(document).guid for document in tenant().templates],
        tenant_service_id=SERVICE_ID,
        tenant_key_ids=[tenant().key_id],
        fips=False,
    )
    warned = [check.id for check in preflight.check(CONTENTS, expected) if check.result != "pass"]
    assert warned == ["hierarchy", "rehearsal"]


def test_every_message_is_one_or_two_sentences() -> None:
    opened = other(tenant(), chain=("no XML",), templates=("no XML",), key_blob=None)
    for made in (tenant(), MODE_2, opened):
        for check in preflight.check(Contents(made), Expectations()):
            assert check.message[0].isupper()
            assert "\n" not in check.message
            assert len(re.findall(r"[.?](?: |$)", check.message)) <= 2
