# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Microsoft's page on the tenant key says of a rekey, edition by edition, as the plan tells it to the operator.

Sources: "Microsoft-managed: Tenant key life cycle operations" of 2016-06-03 (German) and of 2017-07-19, the same page since
August 2017, and the page of the cmdlet Set-AipServiceKeyProperties.
"""

from __future__ import annotations

# Whichever way is taken.
ALWAYS = (
    (
        "Rekey only if it is really necessary. The page names as legitimate reasons: the company has split into two or more, so that"
        " the new company does not get at what is protected from now on (what was protected before, it opens if it has a copy of the"
        " old key); the copy of the key that is in your possession is believed to be compromised. Since August 2017 it also names a"
        " key of cryptographic mode 1 that came from AD RMS, and a change of who manages the key."
    ),
    (
        "Older clients, such as Office 2010, do not take a change of the key well. Their Rights Management state must be cleared, by"
        " Group Policy or an equivalent mechanism. The playbook rekey does that on the hosts of the group tenant_key_clients."
    ),
    "The change-over is phased: for some time, up to a few weeks, some new content is still protected with the old key.",
    (
        "What is protected already stays protected with the old key. The service retains that key, archived, and goes on issuing"
        " licences for it."
    ),
)

CASE = (
    (
        "The page of July 2017: open an Azure Information Protection support case with a request to rekey your Azure Information"
        " Protection tenant key, and prove that you are an administrator of the tenant. It takes several days to confirm. Standard"
        " support charges apply; it is not free of charge."
    ),
    "The page of 2016: call support and prove that you are the administrator of the tenant.",
    "Since August 2017 the page describes self-service instead (rekey_mode: self_service), and support may refer you to it.",
)

SELF_SERVICE = (
    (
        "Since August 2017 a tenant can change to another Microsoft-managed key that it has already. It has two or more only after a"
        " migration from AD RMS. A new key has to be one of your own (BYOK)."
    ),
    "All templates are signed anew with the new key, which can take long. Microsoft advises against doing that often.",
    "Microsoft advises against a key of 1024 bits, unless you are in the middle of a migration from AD RMS.",
)

NOTES = {"case": (*ALWAYS, *CASE), "self_service": (*ALWAYS, *SELF_SERVICE)}
