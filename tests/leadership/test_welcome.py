"""Everybody who is new is in a named person's hands, and nobody else learns what the two say."""

from __future__ import annotations

from datetime import timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from community import erasing, incoming
from community.models import (
    Activity,
    Block,
    Member,
    Membership,
    Message,
    Notice,
    NoticeSettings,
    OutboxMail,
    Ring,
    Room,
    Space,
)
from community.operations import chat, membership, people
from community.policies import Refused
from leadership import policies
from leadership.models import Commitment, Contact, Conversation, HandOver, Welcome, Welcomer
from leadership.operations import clock, steps, welcomers, welcomes
from leadership.operations.welcomes import State
from tests import factories

pytestmark = pytest.mark.django_db


def again(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def newcomer(name: str = "Amina Diallo", *, groups=(), language: str = "en", **fields) -> Member:
    made = factories.make_member(name, language=language, **fields)
    for space in groups:
        factories.belong(made, space)
    return again(made)


def welcomer(member: Member, space: Space, *, languages=("en",), at_once: int = 3) -> Welcomer:
    member = again(member)
    return welcomers.volunteer(space, by=member, languages=list(languages), at_once=at_once)


def late(welcome: Welcome, hours: int = 50) -> Welcome:
    Welcome.objects.filter(pk=welcome.pk).update(created_at=timezone.now() - timedelta(hours=hours))
    return Welcome.objects.get(pk=welcome.pk)


@pytest.fixture
def amina(north, ben) -> Member:
    """New in north, where ben welcomes; in his hands."""
    welcomer(ben, north)
    made = newcomer(groups=[north])
    welcomes.begin(made)
    return again(made)


@pytest.fixture
def held(amina) -> Welcome:
    return Welcome.objects.get(member=amina)


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


# Who is next


def test_whoever_finishes_the_first_run_is_in_somebodys_hands(community, ben, committed):
    welcomer(ben, Space.objects.root())
    fresh = factories.make_member("Sol Vega", onboarded=False)
    with committed():
        people.finish_first_run(again(fresh), by=again(fresh), area="", wants=[])
    found = Welcome.objects.get(member=fresh)
    assert (found.welcomer, found.state) == (ben, State.ASSIGNED)


def test_whoever_joins_a_group_is_passed_on_to_it_until_somebody_has_written(
    north, ben, ada, committed
):
    welcomer(ada, Space.objects.root())
    welcomer(ben, north)
    sol = newcomer("Sol Vega")
    welcomes.begin(sol)
    assert Welcome.objects.get(member=sol).welcomer == ada
    with committed():
        membership.join(north, by=again(sol))
    found = Welcome.objects.get(member=sol)
    assert (found.welcomer, found.space) == (ben, north)


def test_who_was_written_to_stays_with_the_one_who_wrote(north, ben, ada, committed):
    welcomer(ada, Space.objects.root())
    welcomer(ben, north)
    sol = newcomer("Sol Vega")
    welcomes.write_to(welcomes.begin(sol), channel="phone", by=again(ada))
    with committed():
        membership.join(north, by=again(sol))
    assert Welcome.objects.get(member=sol).welcomer == ada


def test_beginning_twice_is_beginning_once(amina, held):
    for _ in range(3):
        assert welcomes.begin(amina) == held
    assert Welcome.objects.count() == 1
    steps.agree_step(held, what="Come on Tuesday", due_on=in_days(2), by=again(held.welcomer))
    assert welcomes.begin(amina) is None


def test_language_comes_before_group_and_group_before_load(north, ben, cleo, ada):
    welcomer(ben, north, languages=["en"])
    welcomer(cleo, Space.objects.root(), languages=["es", "en"])
    spanish = newcomer("Lucía Paz", groups=[north], language="es")
    assert welcomes.begin(spanish).welcomer == cleo
    english = newcomer("Tom Reed", groups=[north])
    assert welcomes.begin(english).welcomer == ben


def test_load_is_shared(north, ben, cleo):
    factories.belong(cleo, north)
    welcomer(ben, north, at_once=2)
    welcomer(cleo, north, at_once=4)
    given = [welcomes.begin(newcomer(f"New {n}", groups=[north])).welcomer for n in range(7)]
    assert given.count(ben) == 2
    assert given.count(cleo) == 4
    assert given[-1] is None, "nobody carries more than they said"
    assert Welcome.objects.get(state=State.UNASSIGNED).space == north


def test_the_clock_gives_who_waited_once_somebody_is_free(north, ben, amina, held):
    welcomers.change_welcoming(north, by=again(ben), languages=["en"], at_once=1)
    waiting = newcomer("Tom Reed", groups=[north])
    assert welcomes.begin(waiting).welcomer is None
    steps.agree_step(held, what="Tea", due_on=in_days(1), by=again(ben))
    clock.look_after_newcomers()
    assert Welcome.objects.get(member=waiting).welcomer == ben


def test_the_clock_finds_whom_nothing_rang_for(north, ben):
    welcomer(ben, north)
    missed = newcomer(groups=[north])
    assert not Welcome.objects.exists()
    clock.look_after_newcomers()
    assert Welcome.objects.get().member == missed
    assert clock.look_after_newcomers() == 0


@pytest.mark.parametrize("why", ["long here", "steward", "welcomes", "not a member", "staff"])
def test_who_is_not_new_is_left_alone(north, ben, why):
    welcomer(ben, north)
    fields = {"root_ring": 0} if why == "not a member" else {}
    if why == "staff":
        fields["staff"] = "moderator"
    person = newcomer(groups=[] if why == "not a member" else [north], **fields)
    if why == "long here":
        Membership.objects.filter(member=person).update(
            joined_at=timezone.now() - timedelta(days=31)
        )
    if why == "steward":
        Membership.objects.filter(member=person, space=north).update(ring=Ring.STEWARD)
    if why == "welcomes":
        welcomer(person, north)
    assert welcomes.begin(again(person)) is None
    assert not Welcome.objects.filter(member=person).exists()


def test_nobody_is_given_to_somebody_they_keep_away(north, ben):
    welcomer(ben, north)
    amina = newcomer(groups=[north])
    Block.objects.create(member=amina, blocked=ben)
    assert welcomes.begin(amina).welcomer is None


@pytest.mark.parametrize("why", ["away", "asked only", "suspended", "account closed"])
def test_who_cannot_is_given_nobody(north, ben, why):
    row = welcomer(ben, north)
    if why == "away":
        welcomers.rest(north, by=again(ben), until=in_days(3))
    if why == "asked only":
        Welcomer.objects.filter(pk=row.pk).update(accepted_at=None)
    if why == "suspended":
        Member.objects.filter(pk=ben.pk).update(suspended_until=timezone.now() + timedelta(days=2))
    if why == "account closed":
        Member.objects.filter(pk=ben.pk).update(is_active=False)
    assert welcomes.begin(newcomer(groups=[north])).welcomer is None


def test_who_leaves_or_stops_gives_back_whom_they_had(north, ben, cleo, amina, held):
    factories.belong(cleo, north)
    welcomer(cleo, north)
    welcomers.stop_welcoming(north, by=again(ben))
    assert Welcome.objects.get(pk=held.pk).welcomer == cleo
    membership.leave(north, by=again(cleo))
    assert not Welcomer.objects.filter(membership__member=cleo).exists()
    clock.look_after_newcomers()
    found = Welcome.objects.get(pk=held.pk)
    assert (found.welcomer, found.state) == (None, State.UNASSIGNED)


def test_the_clock_runs_from_the_day_they_came_whoever_holds_them(north, ben, cleo, held):
    before = late(held).created_at
    factories.belong(cleo, north)
    welcomer(cleo, north)
    welcomes.take(held, by=again(cleo))
    found = Welcome.objects.get(pk=held.pk)
    assert (found.welcomer, found.created_at) == (cleo, before)
    assert found.is_overdue


def test_a_newcomer_who_leaves_is_let_go(amina, held):
    membership.leave(Space.objects.root(), by=amina)
    clock.look_after_newcomers()
    assert Welcome.objects.get(pk=held.pk).closed_at is not None


# The way from new to arrived


def test_from_hello_to_the_first_step(held, ben, amina):
    ben = again(ben)
    welcomes.write_to(held, channel="mail", by=ben)
    assert Welcome.objects.get(pk=held.pk).state == State.ASSIGNED, "writing is not reaching"
    welcomes.heard_from(held, channel="phone", by=ben)
    reached = Welcome.objects.get(pk=held.pk)
    assert (reached.state, reached.is_overdue) == (State.REACHED, False)
    assert reached.reached_at is not None
    welcomes.talked(held, channel="met", consent="asked_yes", note="The damp.", by=ben)
    assert Welcome.objects.get(pk=held.pk).state == State.HELD
    steps.agree_step(held, what="Tea on Tuesday", due_on=in_days(2), by=ben)
    done = Welcome.objects.get(pk=held.pk)
    assert done.state == State.PLUGGED_IN
    assert done.closed_at
    promise = Commitment.objects.get()
    assert (promise.member, promise.witness, promise.state) == (amina, ben, "made")


def test_to_who_wants_mail_discreet_the_words_are_said_among_the_two(held, ben, amina):
    NoticeSettings.objects.update_or_create(member=amina, defaults={"discreet": True})
    welcomes.write_to(held, channel="mail", text="Shall we have tea?", by=again(ben))
    assert not OutboxMail.objects.filter(to=amina.email).exists()
    said = Message.objects.get(text="Shall we have tea?")
    assert said.room.people.filter(member=amina).exists()


def test_words_go_out_by_mail_and_are_not_kept(held, ben, amina):
    welcomes.write_to(held, channel="mail", text="Hello Amina, shall we have tea?", by=again(ben))
    sent = OutboxMail.objects.get(to=amina.email)
    assert "shall we have tea?" in sent.body_text
    assert "Ben Castillo" in sent.subject
    assert ben.email not in sent.body_text + sent.body_html + str(sent.headers)
    assert "tea" not in str(list(Contact.objects.values()))


def answered_by_mail(member: Member, to: str, text: str = "Gladly, on Tuesday.") -> incoming.Done:
    message = EmailMessage()
    message["From"], message["To"] = member.email, to
    message["Message-ID"] = "<answer@example.net>"
    message.set_content(text)
    return incoming.receive(bytes(message))


def test_an_answer_to_the_mail_reaches_the_welcomer_and_counts(held, ben, amina, settings):
    settings.REPLY_DOMAIN = "reply.example.org"
    welcomes.write_to(held, channel="mail", text="Hello Amina.", by=again(ben))
    sent = OutboxMail.objects.get(to=amina.email)
    assert str(make_header(decode_header(sent.sender))).startswith("Ben Castillo · ")
    assert "Answer this mail, and Ben Castillo reads it." in sent.body_text
    said = answered_by_mail(amina, sent.headers["Reply-To"])
    assert said.outcome == "posted", said.why
    assert said.made.text == "Gladly, on Tuesday."
    assert Message.objects.visible_to(again(ben)).filter(pk=said.made.pk).exists()
    assert Welcome.objects.get(pk=held.pk).is_waiting
    clock.look_after_newcomers()
    found = Welcome.objects.get(pk=held.pk)
    assert (found.state, found.reached_at is not None) == (State.REACHED, True)
    assert clock.look_after_newcomers() == 0


def test_where_an_answer_cannot_arrive_the_mail_says_where_to_answer(held, ben, amina, settings):
    welcomes.write_to(held, channel="mail", text="Hello Amina.", by=again(ben))
    settings.REPLY_DOMAIN = "reply.example.org"
    Member.objects.filter(pk=ben.pk).update(profile_seen_by=Member.SeenBy.CONTACTS)
    Membership.objects.filter(member=amina).exclude(space__kind="community").delete()
    held.member = again(amina)
    root = Space.objects.root()
    Welcome.objects.filter(pk=held.pk).update(space=root)
    welcomes.write_to(held, channel="mail", text="Hello again.", by=again(ben))
    for sent in OutboxMail.objects.filter(to=amina.email, subject__contains="says hello"):
        assert "Reply-To" not in sent.headers
        assert "An answer to this mail does not reach Ben Castillo." in sent.body_text
        assert "An answer to this mail does not reach Ben Castillo." in sent.body_html


def said_in_chat(room: Room, by: Member, text: str = "Hello.") -> Message:
    return chat.post_message(room, text=text, client_id=uuid4(), by=again(by))


def test_a_conversation_in_which_both_wrote_is_being_in_touch(held, ben, amina, as_):
    page = as_(ben).get(held.get_absolute_url()).content.decode()
    assert f'action="/chat/with/{amina.pk}/"' in page
    assert f'action="/chat/with/{ben.pk}/"' in as_(amina).get("/welcoming/mine/").content.decode()
    room = chat.open_direct([amina], by=again(ben))
    said_in_chat(room, ben)
    clock.look_after_newcomers()
    assert Welcome.objects.get(pk=held.pk).is_waiting, "one alone is not in touch"
    said_in_chat(room, amina)
    clock.look_after_newcomers()
    assert Welcome.objects.get(pk=held.pk).state == State.REACHED
    assert Contact.objects.get(answered=True).channel == "message"


def test_what_was_written_before_or_to_others_does_not_count(held, ben, amina, cleo, north):
    factories.belong(cleo, north)
    other = chat.open_direct([again(amina)], by=again(cleo))
    said_in_chat(other, cleo)
    said_in_chat(other, amina)
    room = chat.open_direct([again(amina)], by=again(ben))
    said_in_chat(room, ben)
    said_in_chat(room, amina)
    Message.objects.filter(room=room).update(created_at=held.created_at - timedelta(days=1))
    clock.look_after_newcomers()
    assert Welcome.objects.get(pk=held.pk).is_waiting


# The first step


@pytest.fixture
def promised(held, ben) -> Commitment:
    return steps.agree_step(held, what="Come to the tea", due_on=in_days(2), by=again(ben))


def today_of(as_, member: Member) -> str:
    return as_(again(member)).get("/").content.decode()


def test_a_promised_step_stands_on_today_until_its_day_is_over(promised, amina, ben, as_):
    assert "Come to the tea" in today_of(as_, amina)
    assert "How did it go?" not in today_of(as_, ben)
    Commitment.objects.update(due_on=timezone.localdate())
    assert "Come to the tea" in today_of(as_, amina)
    assert "How did it go? Amina Diallo: Come to the tea" in today_of(as_, ben)
    Commitment.objects.update(due_on=in_days(-1))
    assert "Come to the tea" not in today_of(as_, amina)
    assert "How did it go?" in today_of(as_, ben)


def test_the_welcomer_says_what_became_of_it_with_a_second_talk(promised, amina, ben, as_):
    Commitment.objects.update(due_on=in_days(-1))
    page = f"/welcoming/{promised.welcome_id}/step/{promised.pk}/"
    client = as_(again(ben))
    assert page in client.get(promised.welcome.get_absolute_url()).content.decode()
    said = {
        "became": "kept",
        "channel": "phone",
        "consent": "asked_yes",
        "note": "Wants to bring a friend.",
    }
    assert client.post(page, {**said, "became": ""}).status_code == 422
    assert client.post(page, {**said, "channel": ""}).status_code == 422
    assert client.post(page, said).status_code == 302
    promised.refresh_from_db()
    assert (promised.state, promised.kept_at is not None) == ("kept", True)
    assert Conversation.objects.get().note == "Wants to bring a friend."
    assert "How did it go?" not in today_of(as_, ben)
    mine = as_(again(amina)).get("/welcoming/mine/").content.decode()
    assert "Kept" in mine
    assert client.post(page, said).status_code == 422, "it is written down once"


def test_a_step_is_not_missed_before_its_day_and_only_the_welcomer_says_so(
    promised, ben, ada, cleo, amina
):
    with pytest.raises(Refused):
        steps.settle_step(promised, became="missed", by=again(ben))
    Commitment.objects.update(due_on=in_days(0))
    promised.refresh_from_db()
    for by in (ada, cleo, amina):
        with pytest.raises(Refused):
            steps.settle_step(promised, became="missed", by=again(by))
    assert steps.settle_step(promised, became="missed", by=again(ben)).kept_at is None
    another = steps.agree_step(
        promised.welcome, what="Hold the door", due_on=in_days(3), by=again(ben)
    )
    assert another.state == "made"


def test_the_welcomer_is_asked_to_be_in_touch_again_after_some_days(held, ben, as_):
    welcomes.heard_from(held, channel="phone", by=again(ben))
    words = "Ask Amina Diallo how it goes"
    assert words not in today_of(as_, ben)

    def reached(days: int) -> None:
        at = timezone.now() - timedelta(days=days)
        Welcome.objects.update(reached_at=at)
        Contact.objects.update(at=at)

    reached(4)
    assert words in today_of(as_, ben)
    reached(9)
    assert words not in today_of(as_, ben)
    reached(4)
    welcomes.write_to(held, channel="phone", by=again(ben))
    assert words not in today_of(as_, ben)


# When the time runs out


def test_stewards_are_told_once_whom_nobody_reached_in_time(held, ada, ben, amina, committed, as_):
    late(held, hours=47)
    clock.look_after_newcomers()
    assert not Activity.objects.filter(verb__startswith="welcomes.late").exists()
    late(held, hours=49)
    for _ in range(2):
        with committed():
            clock.look_after_newcomers()
    told = Notice.objects.get(activity__verb="welcomes.late")
    assert told.member == ada
    page = as_(again(ada)).get("/notices/").content.decode()
    assert (
        "Amina Diallo is new and was not reached within two days, though somebody has them" in page
    )
    assert "you are a steward" in page


def test_who_is_with_nobody_is_told_so_and_who_was_reached_is_not_told(
    north, ben, ada, amina, held, committed
):
    alone = newcomer("Tom Reed", groups=[north])
    welcomers.change_welcoming(north, by=again(ben), languages=["en"], at_once=1)
    late(welcomes.begin(alone))
    welcomes.heard_from(late(held), channel="met", by=again(ben))
    with committed():
        clock.look_after_newcomers()
    told = Notice.objects.get(activity__verb__startswith="welcomes.", member=ada)
    assert told.activity.verb == "welcomes.nobody_yet"
    assert told.activity.data["name"] == "Tom Reed"


def test_a_steward_who_is_kept_away_is_not_told(held, ada, amina, committed):
    people.block(ada, by=amina)
    late(held)
    with committed():
        clock.look_after_newcomers()
    assert not Notice.objects.filter(activity__verb="welcomes.late", member=ada).exists()


def test_who_goes_on_holiday_hands_on_whom_they_have_not_reached(north, ben, cleo, held, amina):
    known = newcomer("Tom Reed", groups=[north])
    welcomes.heard_from(welcomes.begin(known), channel="met", by=again(ben))
    factories.belong(cleo, north)
    welcomer(cleo, north)
    welcomers.rest(north, by=again(ben), until=in_days(7))
    assert Welcome.objects.get(pk=held.pk).welcomer == cleo
    assert Welcome.objects.get(member=known).welcomer == ben
    welcomers.rest(north, by=again(ben), until=None)
    assert Welcome.objects.get(pk=held.pk).welcomer == cleo


def test_two_mails_a_day_are_enough(held, ben, amina):
    for _ in range(2):
        welcomes.write_to(held, channel="mail", text="Hello.", by=again(ben))
    with pytest.raises(Refused):
        welcomes.write_to(held, channel="mail", text="Hello?", by=again(ben))
    assert OutboxMail.objects.filter(to=amina.email).count() == 2
    welcomes.write_to(held, channel="phone", by=again(ben))


def test_whose_welcomer_is_erased_is_given_to_the_next(north, held, ben, cleo):
    factories.belong(cleo, north)
    welcomer(cleo, north)
    Welcome.objects.filter(pk=held.pk).update(welcomer=None)
    clock.look_after_newcomers()
    found = Welcome.objects.get(pk=held.pk)
    assert found.welcomer in (ben, cleo)
    assert found.state == State.ASSIGNED


def test_nobody_is_named_any_more_to_who_welcomed_them_or_the_other_way(
    north, held, ben, cleo, amina
):
    factories.belong(cleo, north)
    welcomes.hand_over(held, to=cleo, by=again(ben), reason="On holiday.")
    said = [str(activity.data) for activity in Activity.objects.filter(verb__startswith="welcomes")]
    assert amina.name in "".join(said)
    assert ben.name in "".join(said)
    for gone in (amina, ben):
        erasing.forget_activity(again(gone))
        left = Activity.objects.filter(verb__startswith="welcomes").values_list("data", flat=True)
        assert gone.name not in str(list(left))


def test_who_keeps_the_other_away_later_is_parted(north, held, amina, ben):
    Block.objects.create(member=amina, blocked=ben)
    clock.look_after_newcomers()
    found = Welcome.objects.get(pk=held.pk)
    assert (found.welcomer, found.state) == (None, State.UNASSIGNED)


def test_words_are_sent_by_mail_only(held, ben):
    with pytest.raises(Refused):
        welcomes.write_to(held, channel="phone", text="Hello", by=again(ben))
    assert not Contact.objects.exists()


def test_the_newcomers_answer_is_being_reached(held, ben, amina):
    welcomes.say_how(held, reach_by="Tuesdays at the hall", by=amina)
    assert Welcome.objects.get(pk=held.pk).state == State.ASSIGNED, "nobody had written yet"
    welcomes.write_to(held, channel="mail", by=again(ben))
    welcomes.say_how(held, reach_by="07700 900123", by=amina)
    assert Welcome.objects.get(pk=held.pk).state == State.REACHED


@pytest.mark.parametrize("consent", ["asked_no", "not_asked"])
def test_without_a_yes_nothing_is_noted(held, ben, consent):
    ben = again(ben)
    if consent == "not_asked":
        with pytest.raises(Refused):
            welcomes.talked(held, channel="met", consent=consent, note="The damp.", by=ben)
        welcomes.talked(held, channel="met", consent=consent, note="", by=ben)
    else:
        welcomes.talked(held, channel="met", consent=consent, note="The damp.", by=ben)
    assert Conversation.objects.get().note == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.create(welcome=held, channel="met", consent=consent, note="x")


def test_giving_up_takes_three_tries_in_two_ways(held, ben):
    ben = again(ben)
    for channel in ("mail", "mail", "mail"):
        with pytest.raises(Refused):
            welcomes.give_up(held, by=ben)
        welcomes.write_to(held, channel=channel, by=ben)
    with pytest.raises(Refused):
        welcomes.give_up(held, by=ben)
    welcomes.write_to(held, channel="phone", by=ben)
    assert welcomes.give_up(held, by=ben).state == State.UNREACHABLE


def test_not_now_is_respected_until_its_day(held, ben, amina, as_):
    welcomes.not_now(held, until=in_days(5), by=again(ben))
    clock.look_after_newcomers()
    assert Welcome.objects.get(pk=held.pk).state == State.NOT_NOW
    assert "Say hello to" not in as_(again(ben)).get("/").content.decode()
    Welcome.objects.filter(pk=held.pk).update(not_now_until=timezone.localdate())
    clock.look_after_newcomers()
    assert Welcome.objects.get(pk=held.pk).state == State.REACHED


@pytest.mark.parametrize(
    "act",
    [
        lambda w, by: welcomes.write_to(w, channel="mail", by=by),
        lambda w, by: welcomes.heard_from(w, channel="mail", by=by),
        lambda w, by: welcomes.talked(w, channel="met", consent="asked_no", note="", by=by),
        lambda w, by: steps.agree_step(w, what="Tea", due_on=in_days(1), by=by),
        lambda w, by: welcomes.not_now(w, until=in_days(1), by=by),
        lambda w, by: welcomes.give_up(w, by=by),
    ],
)
def test_only_the_one_who_welcomes_writes_it_down(held, amina, ada, cleo, act):
    for by in (amina, ada, cleo):
        with pytest.raises(Refused):
            act(held, again(by))


# Handing over


def test_handing_over_asks_the_other_person_first(north, held, ben, cleo):
    factories.belong(cleo, north)
    welcomes.hand_over(held, to=cleo, reason="I am away.", by=again(ben))
    assert Welcome.objects.get(pk=held.pk).welcomer == ben
    welcomes.answer_hand_over(held, yes=False, by=again(cleo))
    assert Welcome.objects.get(pk=held.pk).welcomer == ben
    welcomes.hand_over(held, to=cleo, reason="I am away.", by=again(ben))
    welcomes.answer_hand_over(held, yes=True, by=again(cleo))
    assert Welcome.objects.get(pk=held.pk).welcomer == cleo
    with pytest.raises(Refused):
        welcomes.answer_hand_over(held, yes=True, by=again(cleo))


def test_handing_over_needs_a_reason_and_somebody_of_the_group(held, ben, cleo):
    with pytest.raises(Refused):
        welcomes.hand_over(held, to=cleo, reason="x", by=again(ben))
    with pytest.raises(Refused):
        welcomes.hand_over(
            held, to=again(held.space.membership_set.first().member), reason=" ", by=again(ben)
        )


def test_a_steward_takes_over_with_one_click_who_was_not_reached(held, ada):
    with pytest.raises(Refused):
        welcomes.take(held, by=again(ada))
    late(held)
    assert welcomes.take(held, by=again(ada)).welcomer == ada


def test_the_newcomer_may_ask_for_somebody_else_and_never_gets_the_same_again(
    north, held, amina, ben, cleo, as_
):
    factories.belong(cleo, north)
    welcomer(cleo, north)
    assert welcomes.ask_for_another(held, by=amina).welcomer == cleo
    assert welcomes.ask_for_another(held, by=amina).welcomer is None
    clock.look_after_newcomers()
    assert Welcome.objects.get(pk=held.pk).welcomer is None
    for by in (ben, cleo):
        with pytest.raises(Refused):
            welcomes.take(held, by=again(by))


# Welcomers


def test_asking_to_welcome_begins_with_their_yes(north, ada, ben, as_):
    welcomers.ask_to_welcome(north, person=ben, by=again(ada))
    assert not policies.welcomes_somewhere(again(ben))
    assert "Would you welcome people who are new?" in as_(again(ben)).get("/").content.decode()
    welcomers.answer_ask(north, by=again(ben), yes=True)
    assert policies.welcomes_somewhere(again(ben))
    assert 'href="/welcoming/"' in as_(again(ben)).get("/").content.decode()


def test_a_no_leaves_nothing_behind(north, ada, ben):
    welcomers.ask_to_welcome(north, person=ben, by=again(ada))
    welcomers.answer_ask(north, by=again(ben), yes=False)
    assert not Welcomer.objects.exists()


def test_who_follows_does_not_welcome(north, fay, ada, cleo):
    for member in (fay, cleo):
        with pytest.raises(Refused):
            welcomer(member, north)
    with pytest.raises(Refused):
        welcomers.ask_to_welcome(north, person=fay, by=again(ada))


# What is seen


def test_the_queue_shows_who_since_when_and_what_they_would_like(as_, held, ben):
    Member.objects.filter(pk=held.member_id).update(wants=["Meet my neighbours"])
    late(held, hours=31)
    page = as_(again(ben)).get("/welcoming/").content.decode()
    assert "Amina Diallo" in page
    assert "31 of 48 hours" in page
    assert "English" in page
    assert "Meet my neighbours" in page


def test_an_overdue_newcomer_is_seen_by_the_steward(as_, held, ada, ben):
    assert "not reached" not in as_(again(ada)).get("/").content.decode()
    late(held)
    today = as_(again(ada)).get("/").content.decode()
    assert "1 person was not reached in time" in today
    page = as_(again(ada)).get(f"/welcoming/in/{held.space.slug}/").content.decode()
    assert "not reached" in page
    assert "with Ben Castillo" in page


def test_the_newcomer_sees_who_meets_them(as_, held, amina):
    assert "Ben Castillo will welcome you" in as_(amina).get("/").content.decode()
    page = as_(amina).get("/welcoming/mine/").content.decode()
    assert "Ben Castillo" in page
    assert as_(amina).get(f"/welcoming/{held.pk}/").status_code == 404


def test_the_newcomer_reads_what_was_noted(as_, held, amina, ben):
    welcomes.talked(held, channel="met", consent="asked_yes", note="The damp.", by=again(ben))
    assert "The damp." in as_(amina).get("/welcoming/mine/").content.decode()


def test_the_newcomer_takes_their_yes_back_also_when_the_welcome_is_over(
    as_, held, amina, ben, cleo
):
    welcomes.talked(held, channel="met", consent="asked_yes", note="The damp.", by=again(ben))
    talk = Conversation.objects.get()
    back = f"/welcoming/mine/notes/{talk.pk}/take-back/"
    with pytest.raises(Refused):
        welcomes.take_yes_back(talk, by=again(ben))
    assert as_(again(cleo)).post(back).status_code == 404
    Welcome.objects.filter(pk=held.pk).update(closed_at=timezone.now())
    assert back in as_(amina).get("/welcoming/mine/").content.decode()
    assert as_(amina).post(back).status_code == 302
    talk.refresh_from_db()
    assert talk.note == ""
    assert talk.taken_back_at is not None
    assert "You took your yes back" in as_(amina).get("/welcoming/mine/").content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=talk.pk).update(note="The damp.")


def test_nobody_else_learns_of_it(as_, held, ben, cleo, fay, mo, ruth, guest):
    welcomes.talked(held, channel="met", consent="asked_yes", note="The damp.", by=again(ben))
    other = newcomer("Olga Person", groups=[held.space])
    for reader in (cleo, fay, mo, ruth, other):
        assert as_(again(reader)).get(f"/welcoming/{held.pk}/").status_code == 404
        assert not Welcome.objects.visible_to(again(reader)).exists()
    assert as_(guest).get(f"/welcoming/{held.pk}/").status_code == 302


def test_whoever_leaves_the_group_sees_it_no_more(held, ben, north):
    membership.leave(north, by=again(ben))
    assert not Welcome.objects.visible_to(again(ben)).exists()


def test_who_was_asked_reads_the_reason_and_no_notes_before_their_yes(
    as_, north, held, ben, cleo, amina
):
    factories.belong(cleo, north)
    welcomes.say_how(held, reach_by="07700 900123", by=amina)
    welcomes.talked(held, channel="met", consent="asked_yes", note="The damp.", by=again(ben))
    welcomes.hand_over(held, to=cleo, reason="I am away.", by=again(ben))
    page = as_(again(cleo)).get(f"/welcoming/{held.pk}/").content.decode()
    assert "I am away." in page
    assert "The damp." not in page
    assert "07700" not in page
    welcomes.answer_hand_over(held, yes=True, by=again(cleo))
    page = as_(again(cleo)).get(f"/welcoming/{held.pk}/").content.decode()
    assert "The damp." in page
    assert "07700" in page


def test_a_closed_profile_stays_closed_to_the_one_who_welcomes(as_, held, ben):
    Member.objects.filter(pk=held.member_id).update(
        profile_seen_by=Member.SeenBy.CONTACTS, about="A secret of mine"
    )
    page = as_(again(ben)).get(f"/welcoming/{held.pk}/").content.decode()
    assert "A secret of mine" not in page
    assert "Their page" not in page


# Pages


def test_the_whole_way_by_clicks(as_, held, ben, amina, north):
    client, at = as_(again(ben)), f"/welcoming/{held.pk}/"
    assert client.post(f"{at}wrote/", {"channel": "mail", "text": "Hello."}).status_code == 302
    assert client.post(f"{at}answered/", {"channel": "phone"}).status_code == 302
    said = {"channel": "met", "consent": "asked_yes", "note": "The damp."}
    assert client.post(f"{at}talked/", said).status_code == 302
    assert client.post(f"{at}step/", {"what": "Tea", "due_on": str(in_days(2))}).status_code == 302
    assert Welcome.objects.get(pk=held.pk).state == State.PLUGGED_IN
    assert client.get(at).status_code == 200
    assert "Tea" in as_(amina).get("/welcoming/mine/").content.decode()
    numbers = as_(again(Member.objects.get(name="Ada Mensah")))
    assert numbers.get(f"/welcoming/in/{north.slug}/").status_code == 200


def test_what_is_missing_is_said_and_nothing_is_lost(as_, held, ben):
    answer = as_(again(ben)).post(
        f"/welcoming/{held.pk}/talked/", {"channel": "met", "consent": "not_asked", "note": "Damp"}
    )
    assert answer.status_code == 422
    assert "Damp" in answer.content.decode()
    assert not Conversation.objects.exists()


def test_the_queue_asks_no_more_when_it_is_longer(as_, north, ben, queries):
    welcomer(ben, north, at_once=20)
    asked = []
    for number in (2, 10):
        for index in range(number):
            welcomes.begin(newcomer(f"New {number} {index}", groups=[north]))
        client = as_(again(ben))
        client.get("/welcoming/")
        with queries() as found:
            client.get("/welcoming/")
        asked.append(len(found))
    assert asked[0] == asked[1]
    assert asked[1] <= 15


def test_hand_overs_end_with_the_welcome(held, ben, cleo, north):
    factories.belong(cleo, north)
    welcomes.hand_over(held, to=cleo, reason="Away", by=again(ben))
    steps.agree_step(held, what="Tea", due_on=in_days(1), by=again(ben))
    assert not HandOver.objects.filter(answered_at=None).exists()
    assert not Welcome.objects.visible_to(again(cleo)).exists()
