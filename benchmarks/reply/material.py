# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reply with a TPD of a given size: as many templates as that takes, each with a GUID of its own."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from pathlib import Path

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    passwords,
    rehearsal,
    rsakeys,
    tpd,
    wrap,
)

# Base64, in which the description stands in the TPD's file.
ENCODED = 4 / 3
GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def make(folder: Path, size: int) -> dict[str, str]:
    """Writes reply.xml and key.pem into the folder, and says which TPD of about so many bytes a reader must find."""
    small = rehearsal.make(2048, 1, 2)
    template = small.templates[0]
    # As it will stand in the file: as text within XML.
    one = len(template.replace("<", "&lt;").replace(">", "&gt;").encode()) * ENCODED
    templates = [GUID.sub(lambda _match: str(uuid.uuid4()), template) for _number in range(max(1, int(size / one)))]
    password = passwords.generate()
    content = tpd.seal(replace(small, templates=tuple(templates)), password)
    key = rsakeys.generate(2048)
    (folder / "reply.xml").write_bytes(wrap.wrap("xmlenc", password, content, key.public_key()))
    (folder / "key.pem").write_bytes(rsakeys.dump_private(key, "pem"))
    (folder / "expected.tpd").write_bytes(content)
    return {"password": password, "fingerprint": rsakeys.fingerprint(rsakeys.load_private(small.key_blob).public_key())}
