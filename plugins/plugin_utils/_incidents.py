# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three incidents of Microsoft's page, section "Respond to a breach": what helps, what to do, what not to do and why.

Both seed pages (2016-06-03 and 2017-07-19) have the same three rows. C(page) says in own words what they say; the rest is
what follows from it for this collection. Later versions of the page say "rekey" where these say "renew".
"""

from __future__ import annotations

from dataclasses import dataclass

PLAYBOOK, PERSON = "playbook", "person"


@dataclass(frozen=True)
class Step:
    """One thing to do. The playbook's steps have an id by which incident_steps knows how far they have got."""

    id: str
    text: str
    by: str = PERSON


@dataclass(frozen=True)
class Incident:
    """One row: its description, what the page says, the steps, and pairs of what not to do and why.

    C(refusal) says why the playbook starts no rekey; it is empty where a rekey helps.
    """

    title: str
    page: tuple[str, ...]
    steps: tuple[Step, ...]
    never: tuple[tuple[str, str], ...]
    refusal: str = ""


# What the page says beside the table, of every incident.
_MICROSOFT = (
    "Microsoft investigates credible reports of an incident.",
    "If it affects your tenant, Microsoft notifies the administrators by e-mail, at the address given with the subscription.",
    "The exact response depends on everything that the investigation reveals. Microsoft works through it with you.",
)
_EVIDENCE = Step(
    "evidence",
    "Collect what is known: every copy, the custody log, who had access, fingerprints, the tenant's admin log.",
    PLAYBOOK,
)
_MAIL = Step(
    "mail",
    "Watch the administrators' mailbox that was given with the subscription: Microsoft writes to it.",
)
_TIDY = (
    "Do not tidy up before the evidence is collected.",
    "Owners, modes, files and logs say who could get at the key.",
)
REKEY = Step("rekey", "Start the rekey of the tenant key.", PLAYBOOK)

INCIDENTS = {
    "key_leaked": Incident(
        title="The tenant key is leaked.",
        page=(
            "Rekey the tenant key.",
            "New content gets the new key in a phased manner, so for some time some of it still gets the old one.",
            "Earlier content stays protected by the old key, which the service keeps.",
            *_MICROSOFT,
        ),
        steps=(
            _EVIDENCE,
            Step("opens", "List what the leaked key still opens.", PLAYBOOK),
            REKEY,
            Step("reprotect", "Change the password of every copy of the TPD that is left.", PLAYBOOK),
            Step("report", "Report the leak to Microsoft Support. A rekey that is a support case can say so itself."),
            _MAIL,
            Step("source", "Find out from the list of who had access how the key leaked, and take that access away."),
            Step(
                "clients",
                "Reset the clients that do not take a new key well, Office 2010 first (playbook client_reset).",
            ),
            Step(
                "content",
                "Decide which content nobody may open with the leaked key. Protect it anew under the new key and remove the old"
                " files wherever they lie: a rekey does not reach them.",
            ),
            Step(
                "export",
                "If you keep the tenant key yourself, order an export of the new one, in a folder of its own, once the change-over"
                " is complete (playbook export). Until then the service alone has it.",
            ),
        ),
        never=(
            (
                "Do not take a new password for a remedy.",
                "A leaked TPD with a leaked password stays leaked. A new password only helps for copies that did not leak.",
            ),
            (
                "Do not destroy the old TPD.",
                "Content from before the rekey opens with the old key only.",
            ),
            (
                "Do not wait for the end of the investigation before you rekey.",
                "Whatever is protected until the change-over is complete opens with the leaked key.",
            ),
            _TIDY,
        ),
    ),
    "rights_misused": Incident(
        title="Somebody, or malware, got rights to use the tenant key without authorization. The key itself did not leak.",
        page=(
            "Rekeying the tenant key does not help. A root-cause analysis is needed.",
            "If a bug in a process or in software let them in, that must be resolved.",
            *_MICROSOFT,
        ),
        steps=(
            _EVIDENCE,
            Step("super_users", "Read from the tenant who may open everything.", PLAYBOOK),
            Step("root_cause", "Open the check list for the root-cause analysis.", PLAYBOOK),
            Step("analysis", "Answer every question of root-cause.md."),
            Step(
                "rights", "Take the rights away: super users, roles, service principals, sessions that are still open."
            ),
            Step("resolve", "Have the bug in the process or in the software resolved, and see that it is."),
            _MAIL,
        ),
        never=(
            (
                "Do not rekey.",
                "Whoever has the rights uses the new key as they used the old one, and older clients do not take it well.",
            ),
            (
                "Do not change the password of the TPD instead.",
                "The rights were used without the TPD. Its password is another matter.",
            ),
            _TIDY,
        ),
        refusal=(
            "A rekey does not help against misused rights: the key did not leak, and whoever has the rights uses the new key as well."
            " Find the root cause (root-cause.md) and resolve it. If a rekey is wanted all the same, say why with"
            " breach_response_rekey_anyway."
        ),
    ),
    "algorithm_broken": Incident(
        title="RSA or the length of the key is broken, or brute force has come within reach.",
        page=(
            "Microsoft must update the service so that it supports new algorithms and longer keys that resist.",
            "Microsoft then instructs all customers to renew their tenant keys.",
            *_MICROSOFT,
        ),
        steps=(
            _EVIDENCE,
            Step("keys", "List the affected keys of every tenant by size and mode.", PLAYBOOK),
            Step("prepare", "Prepare the rekey of each tenant: its plan and the text of the request.", PLAYBOOK),
            Step(
                "update",
                "Wait until Microsoft says that the service is updated and which keys to ask for. Watch the administrators' mailbox"
                " that was given with the subscription: Microsoft writes to it.",
            ),
            Step("renew", "Then renew the key of every tenant on the list (playbook rekey)."),
            Step(
                "adrms",
                "Ask the same of every AD RMS cluster that has one of these keys, and of the request keys of exports under way.",
            ),
            Step(
                "content",
                "Decide which content nobody may open with a broken key, and protect it anew under a new one.",
            ),
        ),
        never=(
            (
                "Do not rekey before the service is updated.",
                "It would give you another key of the same kind, and clients would have to be reset twice.",
            ),
            (
                "Do not count on good custody.",
                "If the key can be computed from its public half, it does not matter where the private half lies.",
            ),
            _TIDY,
        ),
        refusal=(
            "A rekey is prepared but not started: until Microsoft has updated the service it gives another key of the same kind. When"
            " Microsoft instructs customers to renew their keys, run the playbook rekey."
        ),
    ),
}

# The questions of the root-cause analysis, by what they are about.
ROOT_CAUSE = (
    (
        "Who had rights",
        (
            "Who could administer the service, and since when?",
            "Whose rights were used, from where and from when to when?",
            "Which rights were granted in that time, and who granted them?",
            "What was opened, decrypted or exported with them?",
        ),
    ),
    (
        "Super users",
        (
            "Is the super user feature on, and does it have to be?",
            "Does every super user, and every member of the super user group, have to be one?",
            "Who can change the members of that group?",
        ),
    ),
    (
        "Admin log",
        (
            "Has every command in the tenant's admin log a person who gave it and a reason?",
            "Does the directory's sign-in log agree with that?",
        ),
    ),
    (
        "Service principals",
        (
            "Which applications have rights in the service, and does each still need them?",
            "Where do their secrets and certificates lie, and who can read them?",
            "Were secrets or certificates added that nobody knows of?",
        ),
    ),
    (
        "Malware",
        (
            "Were the computers of everybody who has these rights examined?",
            "Were the hosts examined that hold copies, and the host that runs Ansible?",
            "Are sessions and tokens revoked that malware could have taken?",
        ),
    ),
    (
        "Process or bug",
        (
            "Did a process let it happen: approval, hand-over, somebody who left?",
            "Did a bug in software let it happen, and is it reported to whoever has to mend it?",
            "Is it resolved, and how was that proven?",
            "What keeps it from happening again?",
        ),
    ),
)
