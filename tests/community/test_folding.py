"""Templates whose fixed pieces are written out once: they say what they said before."""

import pytest
from django.template import Context, Engine, Template
from django.template.loader import get_template
from django.utils import translation

from community.folding import Fixed, Loader, forget

SOURCE = (
    "{% load i18n static %}<p>{% translate 'Close' %}</p>{% if here %}"
    "{% icon 'bell' %} {% url 'today' %}{% static 'css/site.css' %}{% endif %}"
    "{% blocktranslate %}Copied{% endblocktranslate %}{{ here }}"
    "{% translate 'Undo' as undo %}{{ undo }}"
)


def folded(source: str, name: str = "it.html") -> Template:
    engine = Engine.get_default()
    loaders = [("django.template.loaders.locmem.Loader", {name: source})]
    return Loader(engine, loaders).get_template(name)


@pytest.mark.parametrize("language", ["en", "es"])
def test_folding_changes_no_word(language):
    template = folded(SOURCE)
    with translation.override(language):
        for here in ("", "<b>"):
            plain = Template(SOURCE).render(Context({"here": here}))
            assert template.render(Context({"here": here})) == plain


def test_one_piece_speaks_the_language_of_each_reader():
    template = folded("{% load i18n %}{% translate 'Close' %}")
    said = set()
    for language in ("en", "es", "en"):
        with translation.override(language):
            said.add(template.render(Context()))
    assert len(said) == 2


def test_what_depends_on_the_page_is_not_fixed():
    template = folded(
        "{% load i18n %}{% icon name %}{% url 'topic' pk as there %}{{ there }}"
        "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}{% translate name %}"
    )
    assert not template.nodelist.get_nodes_by_type(Fixed)


def test_a_changed_setting_is_heard(settings):
    template = folded("{% load static %}{% static 'css/site.css' %}")
    assert template.render(Context()).startswith("/static/")
    settings.STATIC_URL = "/elsewhere/"
    assert template.render(Context()).startswith("/elsewhere/")
    forget()


def test_our_pages_are_folded():
    root = get_template("_root.html").template
    assert root.nodelist.get_nodes_by_type(Fixed)


def test_how_a_page_is_indented_is_not_sent():
    source = (
        "<ul>\n  {% if here %}\n    <li>{{ here }} <b>and</b>\n more</li>\n  {% endif %}\n</ul>"
    )
    told = folded(source).render(Context({"here": "  a\n  b"}))
    assert told == "<ul>\n\n<li>  a\n  b <b>and</b>\nmore</li>\n\n</ul>"


@pytest.mark.parametrize(
    ("source", "name"), [("<pre>\n  as it is\n</pre>", "it.html"), ("Dear you,\n\n  hi", "it.txt")]
)
def test_where_lines_mean_something_they_stay(source, name):
    assert folded(source, name).render(Context()) == source
