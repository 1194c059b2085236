"""Ten thousand people in five hundred groups, and as many items as one asks for; all by sets.

Rows are numbered by us, so that one row finds another by arithmetic:

* person p holds place k in group g if p = 1 + (131 g + 17 k) mod PEOPLE;
* the places 0 and 1 are stewards, those up to 7 the core, then every fourth a follower;
* items come in blocks of a hundred, in which ten topics are each followed by their answers.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from community import prose, stems
from community.models import (
    Activity,
    Comment,
    Follow,
    Item,
    Member,
    Membership,
    Notice,
    Reaction,
    ReadMark,
    Space,
)
from community.operations import comments
from config.demo.community import AREAS
from config.demo.filling.people import make_community
from config.demo.many.passages import passage, sentence
from config.demo.many.sets import continue_numbering, insert_select, run, temporary
from config.demo.pending import PASSWORD
from config.demo.people import PEOPLE as NAMED
from groups.models import Group, Topic

PEOPLE, GROUPS, ITEMS = 10_000, 500, 200_000
PATTERN = (40, 21, 12, 8, 6, 5, 3, 2, 2, 1)
"""Items of each topic in a block of a hundred, the topic itself included."""
DAYS = 400
TEXTS = 400


def fill(items: int, say: Callable[[str], None]) -> None:
    items -= items % 100
    with transaction.atomic():
        root = make_community("Riverside, large").space
        _tables_to_choose_from()
        _people()
        say(f"{PEOPLE} people")
        _groups(root)
        _belong(root)
        continue_numbering(Member, Space)
        say(f"{GROUPS} groups")
        _items(items, root)
        _kinds()
        continue_numbering(Item)
        say(f"{items} items")
        _around(items)
    for table in (Member, Membership, Space, Group, Item, Topic, Comment, Follow, Notice):
        run(f"VACUUM ANALYZE {table._meta.db_table}")
    say("Sign in as person1@riverside.example, who is in group-1 with everybody else.")


def _tables_to_choose_from() -> None:
    random = Random(7)
    texts = [passage(random) for _ in range(TEXTS)]
    temporary(
        "words",
        {"n": "int", "title": "text", "text": "text", "html": "text", "plain": "text"},
        [
            (n, sentence(random)[:90].rstrip(". "), text, prose.render(text), stems.plain(text))
            for n, text in enumerate(texts)
        ],
    )
    # Each text is stemmed once, not once for every item that says it.
    run("ALTER TABLE words ADD COLUMN stems tsvector")
    run("UPDATE words SET stems = tequio_words('', plain)")
    starts = [0, *accumulate(PATTERN)]
    temporary(
        "pattern",
        {"place": "int", "start": "int", "size": "int"},
        [
            (place, start, size)
            for start, size in zip(starts, PATTERN, strict=False)
            for place in range(start, start + size)
        ],
    )
    # Group 1 has everybody, group 2 half of them, the others 20 to 219.
    few = {1: PEOPLE, 2: PEOPLE // 2}
    temporary(
        "sizes",
        {"g": "int", "size": "int"},
        [(g, few.get(g, 20 + g * 37 % 200)) for g in range(1, GROUPS + 1)],
    )
    temporary(
        "names",
        {"n": "int", "first": "text", "last": "text", "area": "text", "about": "text"},
        [
            (n, one.name.split()[0], one.name.split()[-1], AREAS[n % len(AREAS)], one.about)
            for n, one in enumerate(NAMED)
        ],
    )


def _people() -> None:
    insert_select(
        Member,
        {
            "id": "p",
            "email": "'person' || p || '@riverside.example'",
            "password": "%(password)s",
            "name": "a.first || ' ' || b.last",
            "handle": "'person' || p",
            "area": "a.area",
            "about": "b.about",
            "profile_seen_by": "CASE mod(p, 3) WHEN 0 THEN 'groups' ELSE 'members' END",
            "in_directory": "mod(p, 4) > 0",
            "joined_at": "now() - %(days)s * interval '1 day' * (1 - p / %(people)s::float)",
            "onboarded_at": "now()",
            "last_seen_on": "current_date - mod(p, 60)",
        },
        "generate_series(1, %(people)s) p JOIN names a ON a.n = mod(p, %(names)s) JOIN names b "
        "ON b.n = mod(p / 7, %(names)s)",
        password=make_password(PASSWORD),
        people=PEOPLE,
        names=len(NAMED),
        days=DAYS,
    )
    member, address = Member._meta.db_table, EmailAddress._meta.get_field("user").name
    insert_select(
        EmailAddress,
        {address: "id", "email": "email", "verified": "true", "primary": "true"},
        member,
    )


def _groups(root: Space) -> None:
    """The space of group g comes g places after the root's."""
    insert_select(
        Space,
        {
            "id": "%(root)s + g",
            "kind": "'group'",
            "name": "'Group ' || g || ', ' || names.area",
            "slug": "'group-' || g",
            "purpose": "names.about",
            "openness": "CASE WHEN g <= 2 THEN 'open' WHEN mod(g, 10) = 3 THEN 'secret' "
            "WHEN mod(g, 10) = 4 THEN 'closed' WHEN mod(g, 10) = 5 THEN 'public' ELSE 'open' END",
            "join_policy": "CASE WHEN g > 2 AND mod(g, 10) = 3 THEN 'invite' "
            "WHEN g > 2 AND mod(g, 10) = 4 THEN 'ask' ELSE 'open' END",
            "hue": "mod(g, 18)",
            "member_count": "size",
            "listed_at": "now() - interval '1 year'",
        },
        "sizes JOIN names ON n = mod(g, %(names)s)",
        names=len(NAMED),
        root=root.pk,
    )
    insert_select(
        Group,
        {
            "space": "%(root)s + g",
            "kind": "CASE mod(g, 4) WHEN 0 THEN 'working' ELSE 'local' END",
            "area": "names.area",
            "state": "'active'",
            "languages": "'[\"en\"]'::jsonb",
            "started_by": "1 + mod(131 * g, %(people)s)",
        },
        "sizes JOIN names ON n = mod(g, %(names)s)",
        names=len(NAMED),
        people=PEOPLE,
        root=root.pk,
    )


def _belong(root: Space) -> None:
    insert_select(
        Membership,
        {
            "space": "%(root)s + g",
            "member": "1 + mod(131 * g + 17 * k, %(people)s)",
            "ring": "CASE WHEN k < 2 THEN 4 WHEN k < 8 THEN 3 WHEN mod(k, 4) = 3 THEN 1 ELSE 2 END",
            "seen_at": "now() - interval '1 hour' * mod(k, 100)",
        },
        "sizes, generate_series(0, size - 1) k",
        people=PEOPLE,
        root=root.pk,
    )
    insert_select(
        Membership,
        {"space": "%(root)s", "member": "id", "ring": "CASE id WHEN 1 THEN 4 ELSE 2 END"},
        Member._meta.db_table,
        root=root.pk,
    )
    Space.objects.filter(pk=root.pk).update(member_count=PEOPLE)


def _items(items: int, root: Space) -> None:
    """The plan of all items, by arithmetic, and their shared rows.

    Topic number t lies in a group of a low number more often than in one of a high number.
    """
    run(
        """
        CREATE TEMPORARY TABLE plan AS
        SELECT i, i - (place - start) AS topic, place - start AS turn, sizes.size AS people,
            pattern.size, g, mod(i * 7 + place, %(texts)s)::int AS word,
            now() - %(days)s * interval '1 day' * (%(items)s - i) / %(items)s AS at
        FROM generate_series(1, %(items)s::bigint) i
        JOIN pattern ON place = mod(i - 1, 100)
        JOIN sizes
            ON g = 1 + floor(%(groups)s * power(mod((i - place + start) * 0.6180339887, 1), 2))
        """,
        items=items,
        days=DAYS,
        texts=TEXTS,
        groups=GROUPS,
    )
    insert_select(
        Item,
        {
            "id": "i",
            "kind": "CASE turn WHEN 0 THEN %(topic)s ELSE %(comment)s END",
            "space": "%(root)s + g",
            "min_ring": "CASE WHEN mod(topic, 20) = 1 THEN 1 WHEN mod(topic, 33) = 1 THEN 3 "
            "ELSE 2 END",
            # A place that takes part: never every fourth, which follows.
            "author": "1 + mod(131 * g + 17 * (4 * (mod(i * 31, people * 3 / 4) / 3) "
            "+ mod(mod(i * 31, people * 3 / 4), 3)), %(people)s)",
            "title": "CASE turn WHEN 0 THEN title || ' ' || i ELSE '' END",
            "created_at": "at",
            "active_at": "CASE turn WHEN 0 THEN at + (size - 1) * %(days)s * interval '1 day' "
            "/ %(items)s ELSE at END",
            "comment_count": "CASE turn WHEN 0 THEN size - 1 ELSE 0 END",
            "search": "CASE turn WHEN 0 THEN tequio_words(title || ' ' || i, plain) ELSE stems END",
            "reaction_counts": "CASE mod(i, 10) WHEN 0 THEN '{\"👍\": 2}'::jsonb "
            "ELSE '{}'::jsonb END",
        },
        "plan JOIN words ON n = word ORDER BY i",
        topic=Topic.KIND,
        comment=comments.KIND,
        people=PEOPLE,
        items=items,
        days=DAYS,
        root=root.pk,
    )


def _kinds() -> None:
    words = {"text": "text", "html": "html", "renderer": "%(renderer)s"}
    insert_select(
        Comment,
        # Every fourth answer is a reply to the one before it.
        {
            "item_ptr": "i",
            "item": "topic",
            "parent": "CASE WHEN mod(turn, 4) = 3 THEN i - 1 END",
            **words,
        },
        "plan JOIN words ON n = word WHERE turn > 0 ORDER BY i",
        renderer=prose.RENDERER,
    )
    insert_select(
        Topic,
        {
            "item_ptr": "i",
            "template": "(ARRAY['talk', 'talk', 'question', 'experience', 'debrief'])"
            "[1 + mod(i, 5)::int]",
            **words,
        },
        "plan JOIN words ON n = word WHERE turn = 0 ORDER BY i",
        renderer=prose.RENDERER,
    )


def _around(items: int) -> None:
    """Reactions, follows, read marks, notices; and when each group was active."""
    item, comment = Item._meta.db_table, Comment._meta.db_table
    insert_select(
        Reaction,
        {"item": "i", "member": "1 + mod(131 * g + 17 * k, %(people)s)", "emoji": "'👍'"},
        "plan, generate_series(0, 1) k WHERE mod(i, 10) = 0",
        people=PEOPLE,
    )
    talk = f"{item} i LEFT JOIN {comment} c ON c.item_ptr_id = i.id"
    insert_select(
        Follow,
        {"item": "at", "member": "author_id", "volume": "'all'"},
        f"(SELECT DISTINCT coalesce(c.item_id, i.id) AS at, author_id FROM {talk}) own",
    )
    newest = items - min(items, 20_000)
    insert_select(
        ReadMark,
        {"item": "at", "member": "author_id", "read_at": "last"},
        f"(SELECT coalesce(c.item_id, i.id) AS at, author_id, max(created_at) AS last FROM {talk} "
        "WHERE i.id > %(newest)s GROUP BY 1, 2) own",
        newest=newest,
    )
    insert_select(
        Activity,
        {
            "verb": "'comments.posted'",
            "actor": "author_id",
            "item": "i.id",
            "space": "space_id",
            "created_at": "created_at",
            "data": "jsonb_build_object('name', 'Person', 'title', 'Topic', 'on', c.item_id)",
        },
        f"{item} i JOIN {comment} c ON c.item_ptr_id = i.id WHERE i.id > %(newest)s ORDER BY i.id",
        newest=newest,
    )
    insert_select(
        Notice,
        {
            "member": "f.member_id",
            "activity": "a.id",
            "created_at": "a.created_at",
            "read_at": "CASE WHEN a.created_at < now() - interval '2 days' THEN a.created_at END",
        },
        f"{Activity._meta.db_table} a JOIN {comment} c ON c.item_ptr_id = a.item_id "
        f"JOIN {Follow._meta.db_table} f ON f.item_id = c.item_id AND f.member_id <> a.actor_id",
    )
    run(
        f"UPDATE {Space._meta.db_table} s SET active_at = last FROM "
        f"(SELECT space_id, max(created_at) AS last FROM {item} GROUP BY 1) own "
        "WHERE own.space_id = s.id"
    )
