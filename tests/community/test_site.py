"""The site's settings: who changes them, what is refused, and where the change is seen."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from community import colour, icons
from community import desk as desks
from community.models import AuditEntry, Community, Media, Member, OutboxMail, Ring, Rule, Space
from community.operations import rules, site
from community.policies import Refused
from community.registry import DeskPlace, Due, registry
from tests import factories

pytestmark = pytest.mark.django_db

PALE = "#ffd500"


@pytest.fixture
def desk(as_, ruth):
    return as_(ruth)


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


# The desk


def test_the_desk_is_for_those_who_have_a_place_on_it(as_, ben, ruth, guest):
    assert as_(ruth).get("/desk/").status_code == 200
    assert as_(ben).get("/desk/").status_code == 404
    assert 'href="/desk/"' not in as_(ben).get("/").content.decode()
    assert as_(guest).get("/desk/").status_code == 302
    assert 'href="/desk/"' in as_(ruth).get("/").content.decode()


def test_what_waits_stands_first_with_number_and_age(desk, community):
    stranger = factories.make_member("Sol Vega", root_ring=0)
    Space.objects.filter(kind=Space.ROOT).update(join_policy="ask")
    factories.make_request(Space.objects.root(), by=stranger)
    page = desk.get("/desk/").content.decode()
    waits = page.split('id="desk-places"')[0]
    assert "1 waiting" in waits
    assert "Requests to come in" in waits
    assert "The site" in page.split('id="desk-places"')[1]


def test_what_is_overdue_comes_first_and_what_has_no_age_last(ruth, monkeypatch):
    now = timezone.now()
    dues = {
        "old": Due(1, now - timedelta(days=9)),
        "late": Due(1, now - timedelta(days=1), late=True),
        "ageless": Due(4),
        "plain": 2,
        "new": Due(1, now),
        "quiet": Due(0),
    }
    shelf = {
        name: DeskPlace(
            name=name,
            label=name,
            icon="list",
            url_name="desk",
            may=lambda member: True,
            count=lambda member, due=due: due,
        )
        for name, due in dues.items()
    }
    monkeypatch.setattr(registry, "desk", shelf)
    found = [one.place.name for one in desks.laid_out(ruth)]
    assert found == ["late", "old", "new", "ageless", "plain", "quiet"]


def test_every_page_behind_the_desk_goes_through_its_gate():
    from community import urls

    for pattern in urls.urlpatterns:
        if str(pattern.pattern).startswith("desk/"):
            assert hasattr(pattern.callback, "desk_place"), pattern.name


# Colour


def test_a_pale_colour_is_refused_and_the_nearest_readable_one_offered(desk, community):
    before = Community.objects.current().brand
    answer = desk.post("/desk/site/look/", {"brand": PALE})
    nearest = colour.nearest_readable(PALE)
    assert answer.status_code == 422
    assert nearest in answer.content.decode()
    assert Community.objects.current().brand == before
    assert colour.is_readable(nearest)
    assert desk.post("/desk/site/look/", {"brand": nearest}).status_code == 302
    assert Community.objects.current().brand == nearest
    assert acts() == ["site.coloured"]


@pytest.mark.parametrize(
    "brand", ["#ffd500", "#ffffff", "#ff6600", "#7fffd4", "#ffc0cb", "#eeeeee"]
)
def test_the_nearest_colour_keeps_its_hue_and_can_be_read(brand):
    nearest = colour.nearest_readable(brand)
    assert colour.on_the_page(nearest) >= 4.5
    assert all(ratio >= 4.5 for ratio in colour.measured(nearest).values())
    _light, chroma, hue = colour.to_oklch(colour.parse(brand))
    _light, found_chroma, found = colour.to_oklch(colour.parse(nearest))
    if chroma > 0.02:
        assert min(abs(found - hue), 360 - abs(found - hue)) < 8
    lighter = colour.to_oklch(colour.parse(nearest))[0] + 0.02
    assert colour.on_the_page(colour.from_oklch(lighter, found_chroma, found)) < 4.6


def test_a_colour_that_can_be_read_is_left_as_it_is():
    assert colour.nearest_readable("#c8102e") == "#c8102e"


def test_a_colour_is_tried_before_it_is_kept(desk, community):
    page = desk.get(f"/desk/site/look/?brand={PALE.replace('#', '%23')}").content.decode()
    assert "/desk/site/look/ffd500.css" in page
    assert "style=" not in page
    sheet = desk.get("/desk/site/look/ffd500.css").content.decode()
    assert sheet.startswith("@layer tokens{.theme-preview{--brand:#ffd500")
    tried = desk.post("/desk/site/look/", {"brand": "#c8102e", "try": "1"})
    assert tried.status_code == 200
    assert Community.objects.current().brand != "#c8102e"


def test_nobody_else_changes_the_colour(community, ada, mo):
    for member in (ada, mo):
        with pytest.raises(Refused):
            site.set_brand(community, brand="#c8102e", by=member)
    assert acts() == []


# Logo and icons


def _png(size=(300, 200)) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", factories.picture(size), content_type="image/png")


def test_a_logo_is_used_in_the_frame_on_phones_and_in_mails(desk, community, client):
    before = icons.url(Community.objects.current(), "192")
    assert desk.post("/desk/site/look/logo/", {"logo": _png()}).status_code == 302
    community = Community.objects.current()
    assert community.logo.purpose == Media.Purpose.LOGO
    assert f'src="{community.logo.url()}"' in client.get("/").content.decode()
    assert client.get(community.logo.url()).status_code == 200
    after = icons.url(community, "192")
    assert after != before
    told = json.loads(client.get("/manifest.webmanifest").content)
    assert after in [icon["src"] for icon in told["icons"]]
    from community import mail

    mail.send("spaces.accepted", to="a@example.org", **_accepted(community))
    assert after in OutboxMail.objects.get(to="a@example.org").body_html
    assert acts() == ["site.logo_changed"]


def _accepted(community) -> dict:
    return {"space": community.space, "member": None, "by": None, "reason": "", "url": "/"}


def test_without_a_logo_the_initials_stand_on_the_brand_colour(client, community):
    for shape, (edge, _part, rounded) in icons.SHAPES.items():
        answer = client.get(icons.url(Community.objects.current(), shape))
        assert answer["Content-Type"] == "image/png"
        assert "immutable" in answer["Cache-Control"]
        drawn = Image.open(BytesIO(answer.content))
        assert drawn.size == (edge, edge)
        middle_edge = drawn.convert("RGB").getpixel((edge // 2, 2))
        assert colour.to_hex(tuple(c / 255 for c in middle_edge)) == community.brand
        if not rounded:
            assert drawn.mode == "RGB", "a phone cuts it itself: no transparent corners"
        assert len(set(drawn.convert("RGB").getdata())) > 2, "something is written on it"


def test_the_logo_keeps_its_shape_and_stays_inside_what_a_phone_shows(desk, community):
    desk.post("/desk/site/look/logo/", {"logo": _png((400, 100))})
    drawn = icons.draw(icons.key_of(Community.objects.current()), "maskable")
    picture = Image.open(BytesIO(drawn)).convert("RGB")
    coloured = [
        (x, y)
        for x in range(0, 512, 4)
        for y in range(0, 512, 4)
        if picture.getpixel((x, y)) != (255, 255, 255)
    ]
    wide = max(x for x, _y in coloured) - min(x for x, _y in coloured)
    high = max(y for _x, y in coloured) - min(y for _x, y in coloured)
    assert wide == pytest.approx(4 * high, rel=0.15)
    assert all((x - 256) ** 2 + (y - 256) ** 2 <= 205**2 for x, y in coloured)


def test_initials_that_the_font_lacks_become_our_mark(community):
    written = icons.draw((community.brand, "ЖК", ""), "192")
    assert written == icons.draw((community.brand, "會議", ""), "192")
    assert written != icons.draw((community.brand, "RT", ""), "192")


def test_the_logo_can_be_taken_back_and_its_file_goes(desk, community):
    desk.post("/desk/site/look/logo/", {"logo": _png()})
    assert desk.post("/desk/site/look/logo/", {"remove": "1"}).status_code == 302
    assert Community.objects.current().logo is None
    assert not Media.objects.filter(purpose=Media.Purpose.LOGO).exists()


def test_what_is_no_picture_is_no_logo(desk, community):
    text = SimpleUploadedFile("logo.png", b"not a picture", content_type="image/png")
    assert desk.post("/desk/site/look/logo/", {"logo": text}).status_code == 422


def test_only_those_who_change_the_site_upload_a_logo(as_, ada, community):
    answer = as_(ada).post("/media/", {"file": _png(), "purpose": "logo"})
    assert answer.status_code in (403, 422)
    assert not Media.objects.exists()


# Words, doors, home, languages

WORDS = {
    "name": "Harbour Union",
    "tagline": "Warm homes",
    "intro": "We are tenants.",
    "welcome": "Good that you are here.",
    "areas": "North bank\nMill Street\n",
    "wishes": "Meet my neighbours",
}


def test_words_are_saved_and_seen(desk, client, community):
    assert desk.post("/desk/site/", WORDS).status_code == 302
    page = client.get("/").content.decode()
    assert "Harbour Union" in page
    assert "Warm homes" in page
    assert Community.objects.current().areas == ["North bank", "Mill Street"]
    entry = AuditEntry.objects.get()
    assert entry.action == "site.described"
    assert "name" in entry.data["changed"]


def test_saving_what_is_the_same_leaves_no_trace(desk, community):
    desk.post("/desk/site/", WORDS)
    desk.post("/desk/site/", WORDS)
    assert acts() == ["site.described"]


def test_a_site_keeps_a_name(desk, community):
    assert desk.post("/desk/site/", WORDS | {"name": "···"}).status_code == 422


def test_the_door_of_the_community(desk, as_, community):
    said = {
        "join_policy": "ask",
        "questions": "Which street?\nWhat brings you?",
        "who_starts_groups": "stewards",
        "invite_ring": "4",
    }
    assert desk.post("/desk/site/doors/", said).status_code == 302
    root = Space.objects.root()
    assert (root.join_policy, root.questions) == ("ask", ["Which street?", "What brings you?"])
    stranger = factories.make_member("Sol Vega", root_ring=0)
    assert "Which street?" in as_(stranger).get("/join/").content.decode()
    assert root.invite_ring == Ring.STEWARD
    assert as_(factories.make_member("Kim")).get("/people/invite/").status_code == 403
    assert desk.post("/desk/site/doors/", said | {"invite_ring": "1"}).status_code == 422
    six = said | {"questions": "\n".join("abcdef")}
    assert desk.post("/desk/site/doors/", six).status_code == 422


def test_what_visitors_see_can_be_switched_off(desk, client, community, ada):
    factories.make_space("Open To All", steward=ada, openness="public")
    assert "Open To All" in client.get("/").content.decode()
    said = {
        "shows": ["stories", "about"],
        "contact_email": "hello@harbour.example",
        "contact_note": "Grace, on Mondays",
        "label_1": "Our paper",
        "url_1": "https://paper.example/",
    }
    assert desk.post("/desk/site/home/", said).status_code == 302
    page = client.get("/").content.decode()
    assert "Open To All" not in page
    assert "hello@harbour.example" in page
    assert "https://paper.example/" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x"])
def test_a_link_at_the_foot_leads_to_a_page(desk, community, url):
    answer = desk.post("/desk/site/home/", {"label_1": "Press me", "url_1": url})
    assert answer.status_code == 422
    with pytest.raises(Refused):
        site.set_home(
            community,
            by=Member.objects.get(name="Ruth Ortega"),
            shows=[],
            contact_email="",
            contact_note="",
            links=[{"label": "x", "url": url}],
        )


def test_a_link_needs_both_its_halves(desk, community):
    assert desk.post("/desk/site/home/", {"label_1": "Our paper"}).status_code == 422


def test_people_choose_among_the_languages_of_the_site(desk, as_, ada, client, community):
    assert 'value="es"' in as_(ada).get("/me/look/").content.decode()
    said = {"languages": ["en"], "default_language": "en", "time_zone": "Europe/Madrid"}
    assert desk.post("/desk/site/languages/", said).status_code == 302
    assert 'value="es"' not in as_(ada).get("/me/look/").content.decode()
    assert 'value="es"' not in client.get("/").content.decode()
    assert Community.objects.current().timezone == "Europe/Madrid"
    wrong = said | {"default_language": "es"}
    assert desk.post("/desk/site/languages/", wrong).status_code == 422


# Rules


def test_the_order_of_the_rules_is_changed_step_by_step(desk, community, ruth):
    first, second, third = [
        rules.add_rule(title=title, text="", by=ruth) for title in ("First", "Second", "Third")
    ]
    desk.post(f"/desk/rules/{third.pk}/move/", {"step": "-1"})
    assert list(Rule.objects.current()) == [first, third, second]
    desk.post(f"/desk/rules/{first.pk}/move/", {"step": "-1"})
    desk.post(f"/desk/rules/{second.pk}/move/", {"step": "1"})
    assert list(Rule.objects.current()) == [first, third, second], "past an end it stays"
    assert acts().count("moderation.moved_rule") == 1
