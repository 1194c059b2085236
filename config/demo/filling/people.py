"""The community itself and its people."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from community.models import Community, Member, Membership, Openness, Ring, Space, StaffRole
from community.operations.membership import admit
from config.demo import community as data
from config.demo import pending
from config.demo.filling.stage import Stage, scatter
from config.demo.people import LANGUAGES, PEOPLE
from config.demo.words import unwrapped


def move_in(stage: Stage) -> None:
    root = make_community(data.NAME).space
    password = make_password(pending.PASSWORD)
    made = Member.objects.bulk_create([_member(person, password, stage.now) for person in PEOPLE])
    stage.people = {person.key: member for person, member in zip(PEOPLE, made, strict=True)}
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in made]
    )
    StaffRole.objects.bulk_create(
        [StaffRole(member=stage.people[key], role=role) for key, role in pending.STAFF.items()]
    )
    root = Space.objects.lock(root)
    for key, member in stage.people.items():
        steers = key in pending.COMMUNITY_STEWARDS
        held = admit(
            member,
            root,
            ring=Ring.STEWARD if steers else Ring.PARTICIPANT,
            via=Membership.Via.JOINED,
            by=member,
        )
        stage.date(held, joined_at=member.joined_at, seen_at=seen_at(stage, key))


def make_community(name: str) -> Community:
    """The root space and what the organisation set for it: anybody may walk in and look around."""
    space = Space.objects.create(
        kind=Space.ROOT,
        name=name,
        slug=slugify(name),
        purpose=data.TAGLINE,
        openness=Openness.PUBLIC,
        join_policy=data.JOIN_POLICY,
        questions=data.QUESTIONS if data.JOIN_POLICY == Space.JoinPolicy.ASK else [],
    )
    Space.objects.filter(pk=space.pk).update(listed_at=space.created_at)
    return Community.objects.create(
        space=space,
        tagline=data.TAGLINE,
        intro=unwrapped(data.INTRO),
        welcome=unwrapped(data.WELCOME),
        brand=data.BRAND,
        default_language=data.LANGUAGE,
        timezone=data.TIMEZONE,
        areas=data.AREAS,
        wishes=list(data.WISHES.values()),
    )


def _member(person, password: str, now: datetime) -> Member:
    joined = now - timedelta(days=person.joined + 1, minutes=scatter(person.key, most=500))
    return Member(
        email=f"{person.key}@riverside.example",
        password=password,
        name=person.name,
        handle=person.key,
        pronouns=person.pronouns,
        language=person.language,
        area=person.area,
        about=person.about,
        skills=person.skills,
        spoken_languages=", ".join(LANGUAGES[code] for code in person.speaks.split()),
        ask_me_about=person.ask,
        profile_seen_by=person.seen_by,
        in_directory=person.in_directory,
        wants=[data.WISHES[wish] for wish in person.wants.split()],
        joined_at=joined,
        onboarded_at=joined + timedelta(minutes=4),
        settled_at=joined + timedelta(days=3) if person.joined > 3 else None,
        last_seen_on=(now - timedelta(days=person.last_seen)).date(),
    )


def seen_at(stage: Stage, key: str) -> datetime:
    """When somebody last looked around."""
    last_seen = next(person.last_seen for person in PEOPLE if person.key == key)
    hours = pending.LAST_LOOK.get(key, 2 + scatter(key, "look", most=40))
    return stage.now - timedelta(days=last_seen, hours=hours)
