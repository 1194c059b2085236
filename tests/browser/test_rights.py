"""A person sees what is held about them, takes all of it along, and leaves."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from community.models import Leaving, Member, OutboxMail, StaffRole
from community.operations import leaving
from groups.models import Topic
from tests import factories
from tests.browser.conftest import look

PAGES = {
    "record": "/me/record/",
    "record-ask": "/me/record/ask/",
    "record-download": "/me/record/download/",
    "leave": "/me/leave/",
    "left": "/left/",
    "what-we-hold": "/what-we-hold/",
}
DESK = {"rights": "/desk/rights/", "holds": "/desk/rights/holds/"}


@pytest.fixture(autouse=True)
def shelves(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASED_LIST = tmp_path / "erased.list"


@pytest.fixture
def rosa(community, north) -> Member:
    rosa = factories.make_member("Rosa Imani", area="Riverside North", handle="rosa")
    factories.belong(rosa, north)
    factories.make_topic(north, by=rosa, title="The bench", text="It is broken.")
    return rosa


def prove(page, member: Member) -> None:
    """Type the code that came by mail."""
    page.wait_for_url("**/reauthenticate/code/**")
    page.get_by_role("button", name="E-mail a code").click()
    page.wait_for_selector("input[name=code]")
    letter = OutboxMail.objects.filter(to=member.email).latest("pk")
    code = re.search(r"\b[B-Z]{4}-[B-Z]{4}\b", letter.body_text)[0]
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize(("phone", "dark"), [(True, False), (True, True), (False, False)])
def test_every_page_is_sound(visit, rosa, ben, phone, dark):
    lead = factories.make_member("Dana Lead", staff=StaffRole.Role.DATA_PROTECTION)
    asked = factories.make_question(ben, what="erase", text="Please, all of it.")
    factories.make_hold(ben)
    where = f"{'phone' if phone else 'desk'}{'-dark' if dark else ''}"
    factories.make_question(rosa)
    page = visit(rosa, phone=phone, dark=dark)
    for name, path in PAGES.items():
        page.goto(path)
        assert page.locator("h1").count() == 1, name
        look(page, f"rights-{name}-{where}")
    page = visit(lead, phone=phone, dark=dark)
    for name, path in {**DESK, "request": f"/desk/rights/{asked.pk}/"}.items():
        page.goto(path)
        assert page.locator("h1").count() == 1, name
        look(page, f"rights-{name}-{where}")


@pytest.mark.parametrize("phone", [True, False])
def test_a_person_takes_everything_along_and_leaves(visit, rosa, ada, north, phone):
    topic = Topic.objects.get(title="The bench")
    factories.make_comment(topic, by=ada, text="I have a hammer.")
    where = "phone" if phone else "desk"
    page = visit(rosa, phone=phone, accept_downloads=True)
    page.goto("/me/")
    page.get_by_role("link", name="My record").click()
    page.wait_for_url("**/me/record/")
    page.get_by_text("What you wrote", exact=True).click()
    assert page.get_by_text("A community is what its people tell each other.").is_visible()
    look(page, f"rights-journey-record-{where}")

    page.get_by_role("link", name="Take a copy of everything").click()
    page.get_by_role("link", name="It is me").click()
    prove(page, rosa)
    page.get_by_role("button", name="Make my copy").click()
    page.get_by_text("Your copy is ready").wait_for()
    look(page, f"rights-journey-copy-{where}")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the file").click()
    packed = zipfile.ZipFile(io.BytesIO(Path(saved.value.path()).read_bytes()))
    words = packed.read("said/community.Item.author.json").decode()
    assert "It is broken." in words
    assert "I have a hammer." not in words

    page.goto("/me/leave/")
    page.get_by_text("What I wrote goes with me").click()
    page.get_by_label("I want to leave").check()
    look(page, f"rights-journey-leave-{where}")
    page.get_by_role("button", name="Leave").click()
    page.wait_for_url("**/left/")
    assert page.get_by_role("heading", name="You have left").is_visible()
    look(page, f"rights-journey-left-{where}")
    page.goto("/me/")
    assert "/accounts/login/" in page.url

    leaving.clear_left()
    assert Leaving.objects.get(member=rosa).cleared_at is not None
    page = visit(ada, phone=phone)
    page.goto(topic.get_absolute_url())
    assert page.get_by_text("Former member").first.is_visible()
    assert page.get_by_text("I have a hammer.").is_visible()
    assert not page.get_by_text("It is broken.").is_visible()
    page.goto("/people/?q=rosa")
    assert page.get_by_text("Rosa Imani").count() == 0
