"""The check of the audit trail names what was changed, removed, added, reordered or cut off, and lets an erasure pass."""

from __future__ import annotations

import datetime
import io
import json
import tracemalloc

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from pmo.core.audit import verifying
from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.digests import entry_digest
from pmo.core.audit.erasing import erase_from_entries
from pmo.core.audit.models import AuditCheck, AuditEntry, AuditErasure, AuditPayload, AuditSeal
from pmo.core.audit.services import Act, content_of, record_many, seal
from pmo.core.audit.verifying import verify

pytestmark = pytest.mark.django_db


def write(count: int, word: str = "a") -> None:
    record_many(
        actor=SYSTEM,
        acts=[
            Act("update", "projects.project", n, f"Project {n}", changes={"name": [word, f"{word}{n}"]})
            for n in range(count)
        ],
    )


@pytest.fixture
def sealed() -> list[int]:
    for part in range(3):
        write(4, f"part {part} ")
        assert seal(settle_seconds=-1) == 4
    return list(AuditEntry.objects.order_by("id").values_list("id", flat=True))


def found(**values) -> dict[str, tuple[int, ...]]:
    verdict = verify(now=timezone.now(), **values)
    return {finding.code: finding.ids for finding in verdict.findings}


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_untouched_trail_is_intact_and_names_its_head(sealed):
    verdict = verify(now=timezone.now(), chunk=5)
    assert verdict.intact
    assert (verdict.entries, verdict.seals, verdict.unsealed) == (12, 3, 0)
    assert (verdict.last_entry_id, verdict.head) == (sealed[-1], AuditSeal.objects.latest("last_entry_id").head)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_name", "Somebody"),
        ("object_label", "Other"),
        ("reason", "because"),
        ("action", "create"),
        ("model", "x.y"),
    ],
)
def test_a_changed_entry_is_found(sealed, column, value):
    sql(f"UPDATE core_auditentry SET {column} = %s WHERE id = %s", value, sealed[5])
    assert found() == {verifying.CHANGED: (sealed[5],)}


def test_a_changed_entry_with_a_new_digest_is_found_by_its_seal(sealed):
    entry = AuditEntry.objects.select_related("payload").get(pk=sealed[5])
    entry.action = "create"
    entry.digest = entry_digest(content_of(entry), entry.payload.changes)
    sql("UPDATE core_auditentry SET action = 'create', digest = %s WHERE id = %s", entry.digest, entry.pk)
    verdict = verify(now=timezone.now())
    assert [(one.code, one.seal) for one in verdict.findings] == [
        (verifying.REORDERED, AuditSeal.objects.order_by("last_entry_id")[1].pk)
    ]


def test_changed_details_are_found(sealed):
    sql("UPDATE core_auditpayload SET changes = %s WHERE entry_id = %s", '{"name": ["a", "x"]}', sealed[-1])
    assert found() == {verifying.CHANGED: (sealed[-1],)}


def test_removed_details_are_found_and_told_apart_from_erased_ones(sealed):
    sql("DELETE FROM core_auditpayload WHERE entry_id = %s", sealed[2])
    assert found() == {verifying.PAYLOAD_REMOVED: (sealed[2],)}


@pytest.mark.parametrize("place", [0, 5, 11])
def test_a_removed_entry_is_found(sealed, place):
    sql("DELETE FROM core_auditpayload WHERE entry_id = %s", sealed[place])
    sql("DELETE FROM core_auditentry WHERE id = %s", sealed[place])
    verdict = verify(now=timezone.now())
    assert [(one.code, one.ids, one.count) for one in verdict.findings] == [(verifying.REMOVED, (sealed[place],), 1)]


def test_two_entries_that_changed_places_are_found(sealed):
    first, second, spare = sealed[5], sealed[6], 10**9
    sql("DELETE FROM core_auditpayload WHERE entry_id IN (%s, %s)", first, second)
    record = {pk: verify_payload(pk) for pk in (first, second)}
    for old, new in ((first, spare), (second, first), (spare, second)):
        sql("UPDATE core_auditentry SET id = %s WHERE id = %s", new, old)
    for pk, changes in ((first, record[second]), (second, record[first])):
        AuditPayload.objects.create(entry_id=pk, changes=changes)
    assert list(found()) == [verifying.REORDERED]


def verify_payload(pk: int) -> dict[str, list[str]]:
    """What `write` noted for the entry."""
    label = AuditEntry.objects.values_list("object_label", flat=True).get(pk=pk)
    number = label.removeprefix("Project ")
    return {"name": ["part 1 ", f"part 1 {number}"]}


def test_an_entry_put_among_sealed_ones_is_found(sealed):
    AuditEntry.objects.filter(pk=sealed[-1]).delete()
    AuditSeal.objects.filter(last_entry_id=sealed[-1]).update(last_entry_id=sealed[-2], count=3)
    assert verifying.REORDERED in found()
    AuditSeal.objects.filter(last_entry_id=sealed[3]).update(count=3)
    assert verifying.ADDED in found()


def test_a_tail_that_was_cut_off_is_found_by_a_head_kept_elsewhere(sealed):
    kept = verify(now=timezone.now())
    cut = AuditSeal.objects.latest("last_entry_id")
    AuditPayload.objects.filter(entry_id__gte=cut.first_entry_id).delete()
    AuditEntry.objects.filter(pk__gte=cut.first_entry_id).delete()
    cut.delete()
    assert found() == {}
    assert found(expected=(kept.last_entry_id, kept.head)) == {verifying.TRUNCATED: (kept.last_entry_id,)}


def test_a_tail_that_was_cut_off_is_found_by_an_earlier_check(sealed):
    kept = verify(now=timezone.now())
    AuditCheck.objects.create(
        at=timezone.now(), entries=12, unsealed=0, head=kept.head, last_entry_id=kept.last_entry_id
    )
    AuditSeal.objects.latest("last_entry_id").delete()
    AuditEntry.objects.filter(pk__gt=sealed[7]).delete()
    assert found() == {verifying.TRUNCATED: (sealed[-1],)}


def test_a_removed_seal_is_found(sealed):
    AuditSeal.objects.order_by("last_entry_id")[1].delete()
    assert verifying.ADDED in found()


def test_entries_that_nobody_seals_are_found_after_an_hour():
    write(2)
    assert found() == {}
    later = timezone.now() + datetime.timedelta(hours=2)
    verdict = verify(now=later)
    assert verdict.unsealed == 2
    assert [one.code for one in verdict.findings] == [verifying.UNSEALED]


def redact(entry, changes):
    entry.actor_name = "Former person 0042"
    return None if entry.object_id == 1 else {"name": ["[erased]", "[erased]"]}


def test_an_erasure_leaves_the_chain_intact_and_is_an_act_itself(sealed):
    chosen = AuditEntry.objects.filter(pk__in=sealed[4:8])
    assert erase_from_entries(actor=SYSTEM, entries=chosen, redact=redact, act=Act("erase", "core.person", 7)) == 4
    assert AuditEntry.objects.get(pk=sealed[5]).actor_name == "Former person 0042"
    assert not AuditPayload.objects.filter(pk=sealed[5]).exists()
    verdict = verify(now=timezone.now())
    assert (verdict.intact, verdict.erased) == (True, 4)
    seal(settle_seconds=-1)
    assert verify(now=timezone.now()).intact


def test_what_was_erased_cannot_be_changed_again_unseen(sealed):
    erase_from_entries(
        actor=SYSTEM, entries=AuditEntry.objects.filter(pk=sealed[4]), redact=redact, act=Act("erase", "core.person", 7)
    )
    sql("UPDATE core_auditentry SET actor_name = 'Another' WHERE id = %s", sealed[4])
    assert found() == {verifying.CHANGED: (sealed[4],)}


def test_a_forged_marker_is_found(sealed):
    chosen = AuditEntry.objects.filter(pk=sealed[4])
    erase_from_entries(actor=SYSTEM, entries=chosen, redact=redact, act=Act("erase", "core.person", 7))
    act = AuditErasure.objects.get().act_id
    entry = AuditEntry.objects.select_related("payload").get(pk=sealed[0])
    entry.reason = "forged"
    sql("UPDATE core_auditentry SET reason = 'forged' WHERE id = %s", entry.pk)
    AuditErasure.objects.create(
        entry_id=entry.pk, act_id=act, after=entry_digest(content_of(entry), entry.payload.changes)
    )
    assert found() == {verifying.MARKER: (act,)}


def test_two_erasures_of_one_entry_leave_the_chain_intact(sealed):
    chosen = AuditEntry.objects.filter(pk=sealed[4])
    for reason in ("first", "second"):
        erase_from_entries(
            actor=SYSTEM,
            entries=chosen,
            redact=lambda entry, changes, word=reason: {"name": [word, word]},
            act=Act("erase", "core.person", 7, reason=reason),
        )
    assert found() == {}


def test_young_entries_and_those_behind_them_wait_for_their_seal():
    write(3)
    old, young, batch = AuditEntry.objects.order_by("id")
    AuditEntry.objects.filter(pk__in=[old.pk, batch.pk]).update(at=timezone.now() - datetime.timedelta(minutes=5))
    assert seal() == 1
    assert AuditSeal.objects.get().last_entry_id == old.pk
    assert seal(settle_seconds=-1) == 2


def test_the_command_prints_the_head_and_takes_it_again(sealed):
    out = io.StringIO()
    call_command("audit_verify", stdout=out)
    head = next(line.split()[1] for line in out.getvalue().splitlines() if line.startswith("head"))
    call_command("audit_verify", "--head", head, stdout=io.StringIO())
    other = f"{sealed[-1]}:{'0' * 64}"
    with pytest.raises(CommandError) as refused:
        call_command("audit_verify", "--head", other, stdout=io.StringIO())
    assert refused.value.returncode == 1


def test_the_command_names_what_is_wrong(sealed):
    sql("UPDATE core_auditentry SET reason = 'x' WHERE id = %s", sealed[9])
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("audit_verify", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["intact"] is False
    assert [(one["code"], one["ids"]) for one in told["findings"]] == [("changed", [sealed[9]])]
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("audit_verify", stdout=out)
    assert "1 entry was changed." in out.getvalue()


def test_a_check_from_a_later_entry_reads_only_what_follows(sealed):
    sql("UPDATE core_auditentry SET reason = 'x' WHERE id = %s", sealed[0])
    verdict = verify(now=timezone.now(), since=sealed[9])
    assert verdict.intact
    assert verdict.entries == 4
    assert found() == {verifying.CHANGED: (sealed[0],)}


def test_memory_does_not_grow_with_the_trail():
    def peak(count: int) -> int:
        write(count)
        seal(settle_seconds=-1)
        tracemalloc.start()
        assert verify(now=timezone.now(), chunk=50).intact
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(100)
    small, large = peak(100), peak(1500)
    assert large < 3 * small
