#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: custody_info
short_description: Check a custody log and show what is in it
version_added: 0.1.0
description:
  - Checks a log of M(infoprotect.tenant_key.custody_log), line by line, and names each line that was changed, reordered, put in or taken out.
  - >-
    The chain of lines cannot show that lines are missing at its end, or that all of it was written anew. An anchor can, which
    is the RV(infoprotect.tenant_key.custody_log#module:seq) and RV(infoprotect.tenant_key.custody_log#module:head) that the
    log once had, kept where nobody who can write to the log can change it.
  - A log that does not fit is no failure of the module. Look at RV(intact) and, if there is an anchor, at RV(anchored), too.
  - A log that is not there, or cannot be read, is an error.
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
options:
  path:
    description:
      - Absolute path of the log, or of a copy of it, without symbolic links. It may have at most 8 MiB.
    type: path
    required: true
  expected_seq:
    description:
      - The number of lines that the log had when the anchor was taken.
      - Required with O(expected_head).
    type: int
  expected_head:
    description:
      - The head that the log had then, 64 hexadecimal digits.
      - Required with O(expected_seq).
    type: str
attributes:
  check_mode:
    description: Can run in C(check_mode). It reads only.
    support: full
  diff_mode:
    description: Will return details on what has changed, when in diff mode. It changes nothing.
    support: N/A
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing.
    support: full
  platform:
    description: Target OS families that can be operated against.
    support: full
    platforms: posix
notes:
  - If the last line is unfinished, the module waits for a run of M(infoprotect.tenant_key.custody_log) that may be writing it, for at most a minute.
seealso:
  - module: infoprotect.tenant_key.custody_log
"""

EXAMPLES = r"""
- name: Read the anchor from a custodian
  ansible.builtin.slurp:
    src: /srv/custody/contoso.anchor.json
  delegate_to: vault-berlin
  register: kept

- name: Check the log against it
  infoprotect.tenant_key.custody_info:
    path: /srv/custody/contoso.jsonl
    expected_seq: "{{ (kept.content | b64decode | from_json).seq }}"
    expected_head: "{{ (kept.content | b64decode | from_json).head }}"
  register: custody

- name: Insist on it
  ansible.builtin.assert:
    that: custody.intact and custody.anchored
    fail_msg: "{{ custody.problems | map(attribute='message') | join(' ') }}"

- name: Say for how long the key has been exposed
  ansible.builtin.debug:
    msg: "Exposed since {{ custody.exposure.since }}, for {{ custody.exposure.seconds // 86400 }} days."
  when: custody.exposure.open
"""

RETURN = r"""
path:
  description: Path of the log.
  returned: success
  type: str
  sample: /srv/custody/contoso.jsonl
intact:
  description: Whether the file consists of complete lines, each of which follows the one before.
  returned: success
  type: bool
  sample: true
anchored:
  description:
    - Whether the log is the one that the anchor was taken from, and has only been added to since. Damage after the anchored line shows in RV(intact) alone.
    - Not set without an anchor.
  returned: success
  type: bool
  sample: true
problems:
  description: What does not fit, in the order of the file and the anchor last. No more than 100 problems of the file are listed.
  returned: success
  type: list
  elements: dict
  contains:
    line:
      description: Number of the line in the file, counted from 1.
      type: int
      sample: 7
    kind:
      description:
        - V(form) for what is not a line of a log, V(changed) for a line that does not carry the hash of the one before, V(missing) for
          numbers that are left out, V(misplaced) for lines that were reordered, put in or repeated, V(incomplete) for an unfinished line
          at the end, which the next event puts on record, V(too_many) where the list ends early.
        - V(cut_off) for a log that is shorter than the anchor says, V(rewritten) for one whose anchored line is another one.
      type: str
      sample: changed
    message:
      description: The same in a sentence.
      type: str
      sample: "Line 7 does not carry the hash of line 6: one of the two was changed after it was written."
seq:
  description: Number of complete lines. Not set if RV(problems) ends with V(too_many) because most of the file is not a log.
  returned: success
  type: int
  sample: 42
head:
  description: SHA-256 of the last complete line with its line feed. Not set if there is none, or if RV(seq) is not set.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
events:
  description:
    - What the lines say, in the order of the file. A line that is not one of a log is left out.
    - C(discarded) is in a line that took the place of an unfinished one.
  returned: success
  type: list
  elements: dict
  sample:
    - seq: 1
      time: "2026-03-02T09:15:00Z"
      event: decrypted
      actor: security officer
      host: export1
      tenant: contoso
      case: "120071599000123"
      subject: ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
      details: {"size": 48213}
      previous: "0000000000000000000000000000000000000000000000000000000000000000"
exposure:
  description:
    - For how long a tenant key was out of a service that was in use, from V(decrypted) to V(deactivated).
    - All of RV(exposures) taken together. Time in which several lasted counts once.
  returned: success
  type: dict
  contains:
    since:
      description: When the first one began, in UTC. Not set if there was none.
      type: str
      sample: "2026-03-02T09:15:00Z"
    until:
      description: When the last one ended. Not set while one lasts.
      type: str
      sample: "2026-03-09T17:00:00Z"
    seconds:
      description: How long it lasted, up to now if it still lasts.
      type: int
      sample: 632700
    open:
      description: Whether one lasts.
      type: bool
      sample: false
exposures:
  description:
    - One for each tenant and case with an event V(decrypted). It lasts from the first one to the next V(deactivated) of that tenant, of whatever case.
    - Decrypting the same case once more, after that, does not begin another one.
    - A rekey does not end it, since the old key stays in the service and opens all earlier content.
  returned: success
  type: list
  elements: dict
  contains:
    tenant:
      description: The tenant.
      type: str
      sample: contoso
    case:
      description: The support case.
      type: str
      sample: "120071599000123"
    since:
      description: When it began, in UTC.
      type: str
      sample: "2026-03-02T09:15:00Z"
    until:
      description: When it ended. Not set while it lasts.
      type: str
      sample: "2026-03-09T17:00:00Z"
    seconds:
      description: How long it lasted, up to now if it still lasts.
      type: int
      sample: 632700
    open:
      description: Whether it lasts.
      type: bool
      sample: false
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.custody_info import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
