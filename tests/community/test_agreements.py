"""Papers people agree with: versions, what they block and what not, and consents taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from community import policies, standing
from community.models import Acceptance, Agreement, AgreementVersion, AuditEntry, Member
from community.operations import agreements
from community.policies import Refused
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = {
    "en": {"title": "Code of conduct", "text": "We *stay* in the room."},
    "es": {"title": "Código de conducta", "text": "Nos *quedamos* en la sala."},
}
TODAY = timedelta(0)


@pytest.fixture
def paper(ruth) -> Agreement:
    return factories.make_agreement(by=ruth)


def current(paper: Agreement) -> AgreementVersion:
    return AgreementVersion.objects.in_force().get(agreement=paper)


def next_version(paper: Agreement, by: Member, *, after: timedelta | None = None, words=None):
    needed = None if after is None else timezone.localdate() + after
    agreements.draft_version(
        paper, words=words or WORDS, changes="Point 3 is new.", needed_from=needed, by=by
    )
    return agreements.publish(paper, by=by)


def in_force_since(version: AgreementVersion, days: int) -> None:
    """As if it had been published a while ago and its day had come."""
    AgreementVersion.objects.filter(pk=version.pk).update(
        needed_from=timezone.localdate() - timedelta(days=days)
    )


def again(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


# Reading


def test_everybody_reads_what_holds_and_what_held(client, paper, ruth):
    next_version(paper, ruth)
    assert "Code of conduct" in client.get("/agreements/").content.decode()
    page = client.get(f"/agreements/{paper.slug}/").content.decode()
    assert "Version 2" in page
    assert "<em>stay</em>" in page
    assert "Point 3 is new." in page
    earlier = client.get(f"/agreements/{paper.slug}/1/").content.decode()
    assert "This is an earlier version." in earlier
    assert "I have read it" not in page, "visitors are not asked"


def test_it_is_read_in_ones_own_language(as_, ben, paper, ruth):
    next_version(paper, ruth)
    Member.objects.filter(pk=ben.pk).update(language="es")
    page = as_(again(ben)).get(f"/agreements/{paper.slug}/").content.decode()
    assert "Código de conducta" in page
    assert 'lang="es"' in page


def test_without_a_translation_the_original_stands(paper):
    with translation.override("es"):
        assert current(paper).words.language == "en"


def test_a_draft_is_nobodys_business(client, as_, ruth, ben):
    made = agreements.add_agreement(kind="terms", required=True, words=WORDS, by=ruth)
    assert client.get(f"/agreements/{made.slug}/").status_code == 404
    assert as_(ben).get(f"/agreements/{made.slug}/").status_code == 404
    assert "Code of conduct" not in client.get("/agreements/").content.decode()


def test_what_is_published_never_changes(paper, ruth):
    before = current(paper).words.text
    agreements.draft_version(paper, words=WORDS, changes="x", needed_from=None, by=ruth)
    assert current(paper).words.text == before
    assert current(paper).number == 1
    agreements.publish(paper, by=ruth)
    assert current(paper).number == 2
    assert AgreementVersion.objects.get(agreement=paper, number=1).words.text == before


# Accepting


def test_a_yes_is_kept_with_version_time_and_language(as_, ben, paper):
    page = as_(ben).get("/").content.decode()
    assert f"/agreements/{paper.slug}/" in page
    as_(ben).post(f"/agreements/{paper.slug}/accept/", {"version": "1"})
    as_(ben).post(f"/agreements/{paper.slug}/accept/", {"version": "1"})
    found = Acceptance.objects.get(member=ben)
    assert (found.version.number, found.language) == (1, "en")
    assert timezone.now() - found.accepted_at < timedelta(minutes=1)
    assert (
        f"/agreements/{paper.slug}/"
        not in as_(again(ben)).get("/").content.decode().split("<footer")[0]
    )


def test_a_new_version_asks_again_and_the_old_yes_stays(as_, ben, paper, ruth):
    agreements.accept(current(paper), by=ben, language="en")
    next_version(paper, ruth)
    assert f'href="/agreements/{paper.slug}/"' in as_(again(ben)).get("/").content.decode()
    assert Acceptance.objects.get(member=ben).version.number == 1


def test_nobody_says_yes_to_what_does_not_hold(as_, ben, paper, ruth):
    first = current(paper)
    next_version(paper, ruth)
    with pytest.raises(Refused):
        agreements.accept(first, by=ben, language="en")
    assert as_(ben).post(f"/agreements/{paper.slug}/accept/", {"version": "1"}).status_code in (
        302,
        403,
    )
    assert not Acceptance.objects.exists()


def test_a_needed_one_keeps_from_writing_after_its_day_and_never_from_reading(
    as_, ben, ada, north, paper, ruth
):
    topic = factories.make_topic(north, by=ada)
    version = next_version(paper, ruth, after=timedelta(days=14))
    assert policies.can_comment(again(ben), topic)
    in_force_since(version, 0)
    assert not policies.can_comment(again(ben), topic)
    for act in standing.WRITING:
        assert not policies.in_good_standing(again(ben), act)
    for act in standing.ALWAYS:
        assert policies.in_good_standing(again(ben), act), "reporting is never blocked"
    answer = as_(again(ben)).post(f"/items/{topic.pk}/comments/add/", {"text": "Yes, at seven."})
    assert answer.status_code == 422
    assert "What we agree on" in answer.content.decode()
    assert as_(again(ben)).get(f"/topics/{topic.pk}/").status_code == 200
    agreements.accept(version, by=ben, language="en")
    assert policies.can_comment(again(ben), topic)


def test_without_a_day_it_blocks_nothing(ben, ada, north, paper, ruth):
    topic = factories.make_topic(north, by=ada)
    next_version(paper, ruth)
    assert policies.can_comment(again(ben), topic)


def test_one_that_ended_blocks_nothing(ben, paper, ruth):
    in_force_since(current(paper), 3)
    assert again(ben).owes_a_yes
    agreements.retire_agreement(paper, by=ruth)
    assert not again(ben).owes_a_yes


def test_people_get_time(paper, ruth):
    with pytest.raises(Refused):
        next_version(paper, ruth, after=-timedelta(days=1))


# Coming in


def test_whoever_comes_in_agrees_first(as_, paper, community):
    fresh = factories.make_member("", root_ring=0, onboarded=False, handle=None)
    Member.objects.filter(pk=fresh.pk).update(name="")
    client = as_(again(fresh))
    page = client.get("/welcome/").content.decode()
    assert f"accept_{current(paper).pk}" in page
    assert f"/agreements/{paper.slug}/" in page
    said = {"name": "Sol", "pronouns": "", "language": "en"}
    assert client.post("/welcome/", said).status_code == 422
    assert not again(fresh).is_community_member
    answer = client.post("/welcome/", said | {f"accept_{current(paper).pk}": "on"})
    assert answer.status_code == 302
    assert again(fresh).is_community_member
    assert Acceptance.objects.get(member=fresh).version == current(paper)


def test_papers_are_read_before_the_first_run(as_, paper):
    fresh = factories.make_member("", root_ring=0, onboarded=False, handle=None)
    assert as_(again(fresh)).get(f"/agreements/{paper.slug}/").status_code == 200


# Consents


def test_a_consent_is_free_and_is_taken_back(as_, ben, ruth):
    photo = factories.make_agreement("Photos of you", by=ruth, kind="consent", required=False)
    agreements.accept(current(photo), by=ben, language="en")
    page = as_(ben).get(f"/agreements/{photo.slug}/").content.decode()
    assert "Take my consent back" in page
    as_(ben).post(f"/agreements/{photo.slug}/withdraw/")
    assert Acceptance.objects.get(member=ben).withdrawn_at is not None
    agreements.accept(current(photo), by=ben, language="en")
    assert Acceptance.objects.filter(member=ben).count() == 2
    with pytest.raises(Refused):
        agreements.add_agreement(kind="consent", required=True, words=WORDS, by=ruth)


def test_a_consent_never_waits_on_today(as_, ben, ruth):
    photo = factories.make_agreement("Photos of you", by=ruth, kind="consent", required=False)
    assert photo.slug not in as_(ben).get("/").content.decode()


def test_what_goes_with_taking_part_is_not_taken_back(ben, paper):
    agreements.accept(current(paper), by=ben, language="en")
    with pytest.raises(Refused):
        agreements.withdraw(paper, by=ben)


# At the desk


def _said(**more) -> dict[str, str]:
    return {
        f"{part}_{language}": words[part]
        for language, words in WORDS.items()
        for part in ("title", "text")
    } | more


def test_a_paper_is_written_published_and_ended_at_the_desk(as_, ruth, ben):
    desk = as_(ruth)
    assert (
        desk.post("/desk/agreements/new/", _said(kind="conduct", required="on")).status_code == 302
    )
    made = Agreement.objects.get()
    edit = f"/desk/agreements/{made.slug}/"
    assert desk.post(edit, _said(publish="1")).status_code == 302
    assert current(made).number == 1
    assert desk.post(edit, _said(publish="1")).status_code == 422, "say what changed"
    assert desk.post(edit, _said(publish="1", changes="Point 3.")).status_code == 302
    agreements.accept(current(made), by=ben, language="en")
    listed = desk.get("/desk/agreements/").content.decode()
    assert "accepted by 1 of" in listed
    desk.post(f"{edit}retire/")
    assert not AgreementVersion.objects.in_force().exists()
    acts = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert acts == [
        "agreements.added",
        "agreements.published",
        "agreements.published",
        "agreements.retired",
    ]


def test_half_a_translation_is_refused(as_, ruth):
    answer = as_(ruth).post("/desk/agreements/new/", _said(kind="conduct") | {"text_es": ""})
    assert answer.status_code == 422
    assert not Agreement.objects.exists()


def test_nobody_else_writes_papers(ada, mo, paper):
    for member in (ada, mo):
        with pytest.raises(Refused):
            agreements.publish(paper, by=member)
        with pytest.raises(Refused):
            agreements.retire_agreement(paper, by=member)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "[x](javascript:alert(1))"])
def test_what_is_written_is_shown_as_words(client, ruth, text):
    paper = factories.make_agreement(by=ruth, text=text)
    page = client.get(f"/agreements/{paper.slug}/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
