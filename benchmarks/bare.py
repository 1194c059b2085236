"""Knows the least a Django site can do: one query, and one query with a template list of 30 rows.

Every page of ours is measured against these two, on the same server, workers and database, in the
same run, because milliseconds alone say more about the machine than about the site.
"""

import os
from pathlib import Path

import django
from django.conf import settings

from config.environment import Environment

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": Environment(Path(__file__).resolve().parent.parent).database()},
    INSTALLED_APPS=[],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF="benchmarks.bare",
    SECRET_KEY=os.urandom(16).hex(),
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "rows.html": "<!doctype html><title>Rows</title><h1>Rows</h1><ul>"
                            "{% for row in rows %}<li id='row-{{ row.0 }}'>"
                            "<a href='/rows/{{ row.0 }}/'>{{ row.1 }}</a> "
                            "<span>{{ row.2|date:'j F Y, H:i' }}</span> <b>{{ row.3 }}</b> "
                            "<i>{{ row.4 }}</i></li>{% endfor %}</ul>"
                        },
                    )
                ]
            },
        }
    ],
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


def one_query(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM community_space WHERE kind = 'community'")
        return HttpResponse(cursor.fetchone()[0])


def rows(request):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item.id, item.title, item.active_at, item.comment_count, author.name"
            " FROM community_item item JOIN community_member author ON author.id = item.author_id"
            " WHERE item.kind = 'groups.topic' AND item.space_id ="
            " (SELECT space_id FROM community_item WHERE kind = 'groups.topic' LIMIT 1)"
            " ORDER BY item.active_at DESC, item.id DESC LIMIT 30"
        )
        return render(request, "rows.html", {"rows": cursor.fetchall()})


urlpatterns = [path("one/", one_query), path("rows/", rows)]
application = get_wsgi_application()
