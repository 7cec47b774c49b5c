# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AadrmTpd.exe has made in its folder, told by the names of the files: nothing else of the tool is documented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ansible.errors import AnsibleFilterError

from ..module_utils._tpd import names


def pair(files: Sequence[str], guid: str = "") -> dict[str, str]:
    """The request key pair: C(guid), and the names C(public) and C(private); empty if there is none.

    With a GUID it must be that one. Errors: several pairs, or half a pair.
    """
    private, public = _by_guid(files, names.PRIVATE_KEY), _by_guid(files, names.PUBLIC_KEY)
    if guid:
        found = {names.normal_guid(guid)}
        if not found & {*private, *public}:
            raise AnsibleFilterError(
                f"The folder of AadrmTpd.exe has no key pair {guid}, which is the one of this case. Bring it back:"
                " without its private key support's reply is worthless."
            )
    else:
        found = {*private, *public}
    if len(found) > 1:
        raise AnsibleFilterError(
            f"The folder of AadrmTpd.exe has several key pairs: {', '.join(sorted(found))}. Say which with export_guid."
        )
    for name in found:
        if name not in private or name not in public:
            missing = "private" if name not in private else "public"
            raise AnsibleFilterError(
                f"The key pair {name} in the folder of AadrmTpd.exe has no {missing} half. Move the other half away."
            )
        return {"guid": name, "public": public[name], "private": private[name]}
    return {}


def result(files: Sequence[str], before: Sequence[str]) -> dict[str, str]:
    """The pair that is new since C(before): C(guid), and the names C(password) and C(tpd); empty if there is none.

    Its GUID may be that of the key pair (page of 2016) or a new one (page of 2017). Errors: several pairs, or half a pair.
    """
    new = [name for name in files if name not in before]
    password, tpd = _by_guid(new, names.PASSWORD), _by_guid(new, names.EXPORTED_TPD)
    found = sorted({*password, *tpd})
    if len(found) > 1:
        raise AnsibleFilterError(
            f"AadrmTpd.exe has made files with several GUIDs: {', '.join(found)}. Leave those that belong together."
        )
    for guid in found:
        if guid not in password or guid not in tpd:
            only = password.get(guid) or tpd[guid]
            raise AnsibleFilterError(f"AadrmTpd.exe has made {only} and not the other half. Remove it, and run again.")
        return {"guid": guid, "password": password[guid], "tpd": tpd[guid]}
    return {}


def _by_guid(files: Iterable[str], kind: str) -> dict[str, str]:
    parsed = ((names.parse(name), name) for name in files)
    return {known.guid: name for known, name in parsed if known is not None and known.kind == kind}
