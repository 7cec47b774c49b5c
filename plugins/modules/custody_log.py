#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: custody_log
short_description: Add events to a custody log
version_added: 0.1.0
description:
  - >-
    A custody log tells what became of a tenant's keys: JSON lines that are only ever added to, each with a number and with the
    SHA-256 of the line before. A line that is changed, reordered, put in or taken out breaks that chain, and
    M(infoprotect.tenant_key.custody_info) names it.
  - >-
    The chain cannot show that lines are missing at the end, or that all of it was written anew. So keep RV(seq) and RV(head)
    elsewhere, with custodians, as an anchor.
  - >-
    An event is added unless the last one with the same O(event), O(subject), O(tenant) and O(case) has the same O(details). So
    what a play merely sees again is logged once.
  - >-
    The log has mode 0600 and belongs to the user who runs the module. Its path is checked as described for
    M(infoprotect.tenant_key.secure_file). All lines are on the disk when the module returns, and runs on the same host take turns.
  - >-
    A run that is interrupted leaves the lines, or some of them, or none, and maybe the beginning of the next. The next event takes the place of such a
    beginning and puts its size and SHA-256 on record, as C(discarded). No complete line is ever changed.
  - >-
    Nothing is added to a log that is damaged in any other way, since every anchor that is taken from it would vouch for the
    damage. Move it aside as evidence; the next event begins a new log. Say in it, with V(noted), where the old one lies.
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
options:
  path:
    description:
      - Absolute path of the log. It is made where it is missing, and so is its folder, with mode 0700.
      - Keep one log for each tenant, in a folder that is not destroyed with the working copies.
    type: path
    required: true
  event:
    description:
      - What happened.
      - V(opened) is for a support case, V(created) for the request key pair, V(sent) for its public half, V(received) for support's reply,
        V(decrypted) for the tenant key that was in it.
      - V(placed) and V(verified) are for copies with custodians, V(destroyed) for files, V(audited) for all of it, V(recovered) for a pair
        that was brought back.
      - V(staged) and V(imported) are for the import, V(attested) for what a person vouches for, V(waived) for what was done without.
      - V(redirected) and V(reset) are for clients, V(deactivated) for the service, V(revoked) for the end of the subscription.
      - V(rekeyed) is for a tenant that got another key, V(reprotected) for a TPD that got another password, V(split) for one whose key was
        taken out, V(incident) for a suspected or known breach.
      - V(noted) is for everything else.
      - V(decrypted) and V(deactivated) are what M(infoprotect.tenant_key.custody_info) counts the exposure from.
      - It or O(events) is required.
    type: str
    choices: &events
      - opened
      - created
      - sent
      - received
      - decrypted
      - placed
      - verified
      - staged
      - imported
      - attested
      - waived
      - redirected
      - reset
      - deactivated
      - destroyed
      - audited
      - recovered
      - rekeyed
      - reprotected
      - split
      - incident
      - revoked
      - noted
  actor:
    description:
      - Who did it, or had it done. Defaults to the user who runs Ansible, also through an Automation Platform or C(sudo).
    type: str
  tenant:
    description:
      - The tenant's id, as it is used in names.
    type: str
  case:
    description:
      - The support case.
    type: str
  subject:
    description:
      - What it happened to, such as the name of a file or a custodian.
    type: str
  details:
    description:
      - Facts, by name, such as sizes, hashes and reasons. Text, numbers, booleans, lists and dictionaries, at most 7 within each other
        and 8 KiB together.
      - >-
        A secret has no business here. A text has at most 512 characters and no line break, which holds for the other
        options too. What looks like an encoded key is refused, and so is a text under a name such as C(password) or C(token).
      - Mind that the SHA-256 of a file that holds a password lets a weak password be guessed.
    type: dict
  repeat:
    description:
      - Whether to add the event although the log says the same already.
      - Set it where something was done once more, not merely seen again, as with a file that was destroyed and placed again.
    type: bool
    default: false
  events:
    description:
      - Several events, in the order in which they happened. They are added together, or none of them is where one is refused.
      - It takes the place of O(event), O(subject), O(details) and O(repeat).
    type: list
    elements: dict
    suboptions:
      event:
        description: As O(event).
        type: str
        required: true
        choices: *events
      subject:
        description: As O(subject).
        type: str
      details:
        description: As O(details).
        type: dict
      repeat:
        description: As O(repeat).
        type: bool
        default: false
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the host.
    support: full
  diff_mode:
    description: Will return details on what has changed, when in diff mode. The details are the events and the log's number of lines, owner and mode.
    support: full
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing.
    support: partial
    details:
      - With O(repeat=true) every run adds a line.
  platform:
    description: Target OS families that can be operated against.
    support: full
    platforms: posix
notes:
  - The time is the clock's of the host. The order of the lines does not depend on it.
  - A line has at most 16 KiB, a log at most 8 MiB. A full one is to be moved aside, too.
  - Something that writes to the file without this module, or on another host over a network file system, does not take turns.
seealso:
  - module: infoprotect.tenant_key.custody_info
"""

EXAMPLES = r"""
- name: Log that the tenant key was decrypted
  infoprotect.tenant_key.custody_log:
    path: /srv/custody/contoso.jsonl
    event: decrypted
    actor: "{{ operator }}"
    tenant: contoso
    case: "120071599000123"
    subject: ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
    details:
      fingerprint: "{{ decrypted.tpd.fingerprint }}"

- name: Log a copy when it was placed, and when a placed one is on record for the first time
  infoprotect.tenant_key.custody_log:
    path: /srv/custody/contoso.jsonl
    event: placed
    tenant: contoso
    subject: vault-berlin
    details:
      file: ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
      sha256: "{{ placed.sha256 }}"
    repeat: "{{ placed is changed }}"
  register: logged

- name: Log what came and what was in it, together
  infoprotect.tenant_key.custody_log:
    path: /srv/custody/contoso.jsonl
    tenant: contoso
    case: "120071599000123"
    events:
      - event: received
        subject: TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml
        details: {sha256: "{{ decrypted.reply_sha256 }}"}
      - event: decrypted
        subject: "{{ decrypted.tpd_file | basename }}"
        details: {sha256: "{{ decrypted.tpd_sha256 }}"}

- name: Keep an anchor with the custodian
  infoprotect.tenant_key.secure_file:
    dest: /srv/custody/contoso.anchor.json
    content: "{{ {'seq': logged.seq, 'head': logged.head} | to_json }}"
  delegate_to: vault-berlin

- name: Begin a new log after a damaged one was moved aside
  infoprotect.tenant_key.custody_log:
    path: /srv/custody/contoso.jsonl
    event: noted
    actor: security officer
    tenant: contoso
    subject: contoso.damaged.jsonl
    details:
      reason: Line 7 of the log was changed by hand, found at the audit of May.
      sha256: "{{ damaged.stat.checksum }}"
"""

RETURN = r"""
path:
  description: Path of the log.
  returned: success
  type: str
  sample: /srv/custody/contoso.jsonl
seq:
  description: Number of the log's last line, which is the number of its lines.
  returned: success
  type: int
  sample: 42
head:
  description:
    - SHA-256 of the log's last line with its line feed, in lower-case hexadecimal digits.
    - Not set in check mode if a line would be added.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.custody_log import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
