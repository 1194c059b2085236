"""What becomes of a message: forwarded, pinned, found, reported, forgotten, let go of."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from community import chat, chat_erasing, chat_lists, moderation
from community.models import (
    Case,
    Draft,
    Measure,
    Media,
    Member,
    Message,
    MessageReaction,
    Notice,
    Report,
    Ring,
    Room,
    Rule,
)
from community.operations import chat as operations
from community.operations import measure_appeals, reports
from community.operations import media as media_operations
from community.operations import moderation as decisions
from community.policies import Refused
from community.registry import registry
from community.tasks import forget_messages
from tests import factories
from tests.community.test_chat import say


def upload(by: Member, name: str = "plan.txt") -> Media:
    file = SimpleUploadedFile(name, b"A plan\n", content_type="text/plain")
    return media_operations.store_upload(file, purpose=Media.Purpose.ATTACHMENT, by=by)


def forward(message: Message, to: Room, by: Member) -> Message:
    return operations.forward_message(message, to=to, client_id=uuid.uuid4(), by=by)


def test_a_file_is_read_by_who_reads_the_message(general, ada, ben, fay, own_shelves):
    file = upload(ben)
    assert list(Media.objects.visible_to(ben)) == [file]
    said = say(general, ben, text="", media=[file.token])
    seen = [who for who in (ada, ben, fay) if Media.objects.visible_to(who).exists()]
    assert seen == [ada, ben]
    assert not Media.objects.unused().exists()
    operations.delete_message(said, by=ben)
    assert not Media.objects.visible_to(ada).exists()
    assert not Media.objects.visible_to(ben).exists()
    assert Media.objects.unused().get() == file


def test_the_file_of_somebody_else_cannot_be_sent(general, ada, ben, own_shelves):
    file = upload(ada)
    said = say(general, ben, text="Mine now", media=[file.token])
    assert not said.media.exists()


def test_words_of_others_stay_where_all_may_read_them(general, ada, ben, north):
    core = operations.make_room(north, name="core", min_ring=Ring.CORE, by=ada)
    wide = operations.make_room(north, name="wide", min_ring=Ring.FOLLOWER, by=ada)
    root = Room.objects.get(space__kind="community")
    theirs = say(general, ben, text="I cannot pay in May")
    carried = forward(theirs, core, ada)
    assert carried.is_forwarded
    assert carried.text == theirs.text
    for room in (wide, root):
        with pytest.raises(Refused, match="not said to them"):
            forward(theirs, room, ada)
    mine = say(general, ada, text="We meet at six")
    forward(mine, root, ada)
    pair = operations.open_direct([ada], by=ben)
    with pytest.raises(Refused, match="stays between you"):
        forward(say(pair, ben), general, ada)


def test_stewards_pin_and_what_is_taken_away_is_pinned_no_more(general, ada, ben):
    said = say(general, ben)
    with pytest.raises(Refused, match="Stewards choose"):
        operations.pin_message(said, by=ben)
    operations.pin_message(said, by=ada)
    operations.pin_message(said, by=ada)
    assert [one.pk for one in chat_lists.pins(general, ben)] == [said.pk]
    operations.delete_message(said, by=ben)
    assert chat_lists.pins(general, ben) == []


def test_search_finds_what_one_may_read(general, ada, ben, fay, cleo, north):
    core = operations.make_room(north, name="core", min_ring=Ring.CORE, by=ada)
    said = say(general, ada, text="Las ventanas están rotas")
    deep = say(core, ada, text="Las ventanas de la oficina")
    assert [m.pk for m in chat_lists.search(ben, "ventana")] == [said.pk]
    assert {m.pk for m in chat_lists.search(ada, "ventana")} == {said.pk, deep.pk}
    assert [m.pk for m in chat_lists.search(ada, "ventana", room=core)] == [deep.pk]
    for who in (fay, cleo):
        assert chat_lists.search(who, "ventana") == []
    operations.edit_message(said, text="Las puertas", by=ada)
    assert chat_lists.search(ben, "ventana") == []


def test_topics_are_optional_and_narrow_a_room(general, ada, ben):
    say(general, ada, text="Hello")
    say(general, ada, text="Ladder", topic="Things to bring")
    answer = say(general, ben, text="I have one", reply_to=Message.objects.get(seq=2))
    assert answer.topic == "Things to bring"
    page = chat.page(general, ben, topic="Things to bring")
    assert [row.seq for row in page.rows] == [2, 3]
    assert chat_lists.topics(general, ben) == ["Things to bring"]


def test_what_is_old_goes_by_the_days_of_its_room(general, ada, ben, north, own_shelves):
    short = operations.make_room(north, name="short", retention_days=7, by=ada)
    file = upload(ben)
    old = say(short, ben, media=[file.token])
    kept = say(general, ben)
    answer = say(short, ada, text="Yes", reply_to=old)
    operations.pin_message(old, by=ada)
    Message.objects.exclude(pk=answer.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert forget_messages() == 1
    assert forget_messages() == 0
    assert set(Message.objects.all()) == {kept, answer}
    answer.refresh_from_db()
    assert answer.reply_to is None
    assert not short.pins.exists()
    assert list(Media.objects.unused()) == [file]
    say(short, ben)
    assert short.messages.order_by("-seq").first().seq == 3  # numbers go on, they never begin anew


def test_many_old_messages_go_in_batches(general, ben, monkeypatch):
    monkeypatch.setattr("community.operations.chat.retention.BATCH", 3)
    for number in range(8):
        say(general, ben, text=f"Line {number}")
    Message.objects.filter(seq__lte=7).update(created_at=timezone.now() - timedelta(days=91))
    assert forget_messages() == 7
    assert Message.objects.get().seq == 8


# Brought to Talk


def waiting_in_chat(member) -> list[str]:
    """Where the cards on the person's Today lead."""
    sources = (registry.waiting["chat.asked"], registry.waiting["chat.answered"])
    return [card.url for source in sources for card in source.cards(member)]


def test_words_go_to_talk_with_the_yes_of_those_whose_they_are(
    general, ada, ben, north, as_, committed
):
    nell = factories.make_member("Nell")
    factories.belong(nell, north)
    first = say(general, ben, text="The valve is the problem")
    say(general, nell, text="I cannot pay for it", reply_to=first)
    last = say(general, ada, text="We write to them", reply_to=first)
    with committed():
        made = operations.ask_to_bring(last, by=ada)
    asked = Notice.objects.filter(activity__verb="chat.asked_to_bring")
    assert {notice.member for notice in asked} == {ben, nell}
    operations.mark_read(general, by=ben)  # reading on is no answer
    assert asked.filter(read_at=None).count() == 2
    assert "asks whether they may go to Talk" in as_(ben).get("/").content.decode()
    assert waiting_in_chat(ada) == []
    with pytest.raises(Refused, match="None of this"):
        operations.answer_to_bring(made, answer="named", by=ada)
    page = as_(ben).get(made.get_absolute_url()).content.decode()
    assert "The valve is the problem" in page
    assert "I cannot pay for it" not in page
    operations.answer_to_bring(made, answer="unnamed", by=ben)
    operations.answer_to_bring(made, answer="no", by=nell)
    assert waiting_in_chat(ben) == waiting_in_chat(nell) == []
    assert waiting_in_chat(ada) == [made.get_absolute_url()]
    with pytest.raises(Refused, match="Only whoever began it"):
        operations.bring_to_talk(made, by=ben)
    answer = as_(ada).post(f"/chat/bringing/{made.pk}/talk/")
    assert answer["Location"] == f"/groups/{north.slug}/new/"
    text = Draft.objects.get(member=ada).data["text"]
    assert "> **Somebody:**\n> The valve is the problem" in text
    assert f"> **{ada.name}:**\n> We write to them" in text
    assert "pay" not in text
    assert waiting_in_chat(ada) == []
    assert ben.name not in text
    assert "The valve is the problem" in as_(ada).get(answer["Location"]).content.decode()
    with pytest.raises(Refused, match="already"):
        operations.answer_to_bring(made, answer="no", by=ben)


def test_silence_is_a_no_and_conversations_stay_where_they_are(general, ada, ben):
    made = operations.ask_to_bring(say(general, ben), by=ada)
    with pytest.raises(Refused, match="Nobody has said yes"):
        operations.bring_to_talk(made, by=ada)
    pair = operations.open_direct([ada], by=ben)
    with pytest.raises(Refused, match="in a group"):
        operations.ask_to_bring(say(pair, ben), by=ada)


# Reported


@pytest.fixture
def rule(community) -> Rule:
    return Rule.objects.create(title="Be kind")


def test_moderators_read_of_a_conversation_what_was_reported_alone(ada, ben, mo, rule, as_):
    pair = operations.open_direct([ben], by=ada)
    say(pair, ada, text="Nobody reads this")
    bad = say(pair, ada, text="Go away, you fool")
    report = reports.report_message(bad, by=ben, rule=rule)
    case = Case.objects.get()
    assert (case.message, case.person, case.space, case.what) == (bad, ada, None, "message")
    assert report.snapshot["text"] == "Go away, you fool"
    page = as_(mo).get(f"/moderation/{case.pk}/").content.decode()
    assert "Go away, you fool" in page
    assert "Nobody reads this" not in page
    assert as_(mo).get(f"/chat/{pair.pk}/").status_code == 404
    assert as_(mo).get(f"/chat/{pair.pk}/{bad.seq}/").status_code == 404


def test_stewards_look_after_their_rooms_and_not_after_conversations(general, ada, ben, mo, rule):
    said = say(general, ben, text="You fool")
    cora = factories.make_member("Cora")
    factories.belong(cora, general.space)
    reports.report_message(said, by=cora, rule=rule)
    assert Case.objects.for_moderator(ada).count() == 1
    pair = operations.open_direct([ben], by=cora)
    reports.report_message(say(pair, ben, text="You fool"), by=cora, rule=rule)
    assert Case.objects.for_moderator(ada).count() == 1
    assert Case.objects.for_moderator(mo).count() == 2
    assert set(moderation.deciders(Case.objects.get(space=None))) == {mo}


def test_one_does_not_report_oneself_and_twice_is_one_case(general, ada, ben, rule):
    said = say(general, ben)
    with pytest.raises(Refused):
        reports.report_message(said, by=ben, rule=rule)
    reports.report_message(said, by=ada, rule=rule)
    reports.report_message(said, by=ada, rule=rule, words="Again")
    assert Report.objects.count() == Case.objects.count() == 1


def test_hidden_by_a_decision_it_is_gone_for_all_and_comes_back(general, ada, ben, mo, rule):
    said = say(general, ben, text="You fool")
    reports.report_message(said, by=ada, rule=rule)
    measure = decisions.hide_reported(Case.objects.get(), rule=rule, reason="Unkind", by=mo)
    assert (measure.message, measure.member) == (said, ben)
    assert chat.page(general, ada).rows == []
    assert not Message.objects.visible_to(ben).exists()
    said.refresh_from_db()
    with pytest.raises(Refused):
        operations.delete_message(said, by=ben)
    decisions.lift_measure(measure, reason="It was a song", by=mo)
    assert [row.pk for row in chat.page(general, ada).rows] == [said.pk]
    assert Measure.objects.get().snapshot["text"] == "You fool"


def test_another_message_of_theirs_stands_in_the_way_of_no_appeal(general, ada, ben, mo, rule):
    kept, bad, other = (say(general, ben, text=f"You fool {n}") for n in range(3))
    left = reports.report_message(kept, by=ada, rule=rule).case
    decisions.keep_reported(left, reason="A song.", by=mo)
    hidden = reports.report_message(bad, by=ada, rule=rule).case
    measure = decisions.hide_reported(hidden, rule=rule, reason="Unkind", by=mo)
    reports.report_message(other, by=ada, rule=rule)
    measure_appeals.appeal_kept(left, text="Look again.", by=ada)
    measure_appeals.appeal_measure(measure, text="It was a song.", by=ben)
    for case in (left, hidden):
        case.refresh_from_db()
        assert case.state == Case.State.APPEALED


def test_of_the_same_message_reported_anew_nobody_has_to_ask_again(general, ada, ben, mo, rule):
    said = say(general, ben, text="You fool")
    case = reports.report_message(said, by=ada, rule=rule).case
    decisions.keep_reported(case, reason="A song.", by=mo)
    cora = factories.make_member("Cora")
    factories.belong(cora, general.space)
    reports.report_message(said, by=cora, rule=rule)
    with pytest.raises(Refused, match="looked at anew"):
        measure_appeals.appeal_kept(case, text="Look again.", by=ada)


def test_what_is_forgotten_stays_in_its_report(general, ada, ben, rule):
    said = say(general, ben, text="You fool")
    reports.report_message(said, by=ada, rule=rule)
    Message.objects.update(created_at=timezone.now() - timedelta(days=91))
    forget_messages()
    assert Case.objects.get().message is None
    assert Report.objects.get().snapshot["text"] == "You fool"


# Let go of


def test_words_of_who_leaves_stay_without_a_name(general, ada, ben):
    said = say(general, ben, text="Hello")
    naming = say(general, ada, text="Thank you @ben-castillo")
    operations.react_to_message(naming, emoji="👍", by=ben)
    chat_erasing.let_go_of_messages(ben)
    chat_erasing.take_back_signs(ben)
    from community import erasing

    erasing.unname(ben)
    said.refresh_from_db()
    naming.refresh_from_db()
    assert (said.author, said.text) == (None, "Hello")
    assert naming.text == "Thank you @former-member"
    assert "people" not in naming.html
    assert naming.reaction_counts == {}
    assert not MessageReaction.objects.exists()
