"""The site's own template tags, built in: icons, faces, covers, time, prose, and asking policies.

They read what they are given and what is in the context; none of them asks the database, except
`may`, which asks the policy that the operation will ask too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from html import escape
from typing import Any

from django import template
from django.core.signals import setting_changed
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from community.drawn import draw

register = template.Library()

HUES = 18
THEMES = {"light", "dark", "contrast"}
SIZES = {"s": " avatar--s", "m": "", "l": " avatar--l", "xl": " avatar--xl"}
RENDITIONS = {"s": "small", "m": "small", "l": "small", "xl": "medium"}


# Pictures without pictures


@cache
def _file(path: str) -> str:
    return static(path)


# They point along the line of reading, and the other way where one reads from the right.
MIRRORED = {
    "chevron-left",
    "chevron-right",
    "arrow-left",
    "arrow-right",
    "log-out",
    "send",
    "reply",
}


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """A Lucide icon from our sprite. Decoration beside a text, unless it is given a label."""
    return _icon(str(name), classes, str(label))


@lru_cache(maxsize=1000)
def _icon(name: str, classes: str, label: str) -> SafeString:
    if name in MIRRORED:
        classes = f"{classes} flip".strip()
    told = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="i{}{}" {}><use href="{}#{}"></use></svg>',
        " " if classes else "",
        classes,
        mark_safe(told),
        _file("img/icons.svg"),
        name,
    )


def _forget_names(**_changed: Any) -> None:
    """Where statics lie, or what they are called, has changed."""
    _file.cache_clear()
    _icon.cache_clear()


setting_changed.connect(_forget_names)


@register.simple_tag
def logo() -> SafeString:
    """Our mark, in the brand's colours."""
    return format_html(
        '<svg class="brand__mark" viewBox="0 0 32 32" aria-hidden="true">'
        '<use href="{}#mark"></use></svg>',
        _file("img/weave.svg"),
    )


@register.simple_tag(takes_context=True)
def app_icon(context: Any, shape: str) -> str:
    """Address of the organisation's picture for home screens, in one of its shapes."""
    from community import icons

    return icons.url(context.get("community") or None, shape)


@register.simple_tag
def weave(hue: Any = "brand") -> SafeString:
    """The woven cover of a place without a picture, in its hue (0 to 17) or in the brand's."""
    number = int(hue) % HUES if str(hue).isdecimal() else None
    return format_html(
        '<svg class="weave {}" viewBox="0 0 680 168" preserveAspectRatio="xMidYMid slice" '
        'aria-hidden="true"><use href="{}#w{}"></use></svg>',
        "h-brand" if number is None else f"h{number}",
        _file("img/weave.svg"),
        (number or 0) % 3,
    )


@register.simple_tag(takes_context=True)
def avatar(context: Any, member: Any, size: str = "m") -> SafeString:
    """The face of a person whose name stands beside it, so it says nothing aloud.

    Visitors see initials, and so do others of those who keep their profile to the people they
    talk to. Whom else a picture is closed to, a script shows the initials.
    """
    return face_of(member, _member(context), size)


def face_of(member: Any, viewer: Any, size: str = "m") -> SafeString:
    """What `{% avatar %}` draws, for parts that are put together in Python."""
    shown = getattr(member, "avatar", None) if getattr(member, "avatar_id", None) else None
    if shown is not None and not _may_show_face(viewer, member):
        shown = None
    url = shown.url(RENDITIONS.get(size, "small")) if shown is not None else ""
    return _face(_hue(member), _initials(member), url, size)


def common_face(member: Any, size: str = "m") -> SafeString:
    """The face as everybody in the community sees it, for what is drawn once for many."""
    shown = getattr(member, "avatar", None) if getattr(member, "avatar_id", None) else None
    if shown is not None and getattr(member, "profile_seen_by", "") == "contacts":
        shown = None
    url = shown.url(RENDITIONS.get(size, "small")) if shown is not None else ""
    return _face(_hue(member), _initials(member), url, size)


@lru_cache(maxsize=2000)
def _face(hue: int, initials: str, url: str, size: str) -> SafeString:
    if url:
        return format_html(
            '<img class="avatar{} h{}" src="{}" alt="" width="40" height="40" loading="lazy"'
            ' decoding="async" data-initials="{}">',
            SIZES.get(size, ""),
            hue,
            url,
            initials,
        )
    return format_html(
        '<span class="avatar{} h{}" aria-hidden="true">{}</span>',
        SIZES.get(size, ""),
        hue,
        initials,
    )


def _may_show_face(viewer: Any, person: Any) -> bool:
    if viewer is None:
        return False
    if getattr(person, "profile_seen_by", "") != "contacts" or person.pk == viewer.pk:
        return True
    return person.pk in getattr(viewer, "contact_ids", ())


@register.simple_tag
def mark(space: Any, size: str = "s") -> SafeString:
    """A space's square mark: "s" for navigation, "m" for lists, "l" for the head of its page."""
    kind = {"s": "dot", "m": "dot dot--m", "l": "dot group-mark"}.get(size, "dot")
    return format_html(
        '<span class="{} h{}" aria-hidden="true">{}</span>', kind, _hue(space), _initials(space)
    )


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


def _hue(thing: Any) -> int:
    hue = _get(thing, "hue")
    return int(hue) % HUES if hue is not None else 10


def _initials(thing: Any) -> str:
    if thing is None:
        return "–"
    return _get(thing, "initials") or str(_get(thing, "name") or "?")[:1].upper()


@register.simple_tag
def qr(text: str) -> SafeString:
    """The text as a QR code, drawn as SVG in the page; black on white in every theme."""
    import segno

    code = segno.make(text, error="m", micro=False)
    return mark_safe(
        code.svg_inline(scale=4, border=1, svgclass=None, lineclass=None, omitsize=True)
    )


# Time


@register.filter
def ago(when: datetime | None) -> SafeString | str:
    """“3 h ago” up to a week, then a date; the exact time on hover and for assistive technology."""
    if when is None:
        return ""
    local = timezone.localtime(when) if timezone.is_aware(when) else when
    return _told(local, local.utcoffset(), since(when), get_language())


@lru_cache(maxsize=4000)
def _told(local: datetime, _offset: timedelta | None, told: str, _language: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        local.isoformat(timespec="minutes"),
        date_format(local, "DATETIME_FORMAT"),
        told,
    )


def since(when: datetime) -> str:
    """“3 h ago”, by the reader's clock and in their language."""
    zone = timezone.get_current_timezone() if timezone.is_aware(when) else None
    now = datetime.now(zone)
    local = when.astimezone(zone) if zone else when
    seconds = int((now - local).total_seconds())
    language = get_language()
    if -60 < seconds < 60:
        return _gone("now", 0, language)
    if seconds < 0:
        return date_format(local, "DATETIME_FORMAT")
    if seconds < 3600:
        return _gone("minutes", seconds // 60, language)
    days = (now.date() - local.date()).days
    if days == 0:
        return _gone("hours", seconds // 3600, language)
    if days == 1 or seconds < 7 * 86_400:
        return _gone("days", days, language)
    return _dated(local.date(), local.year == now.year, language)


@lru_cache(maxsize=2000)
def _gone(unit: str, n: int, _language: str | None) -> str:
    if unit == "now":
        return _("just now")
    if unit == "minutes":
        return _("%(n)s min ago") % {"n": n}
    if unit == "hours":
        return _("%(n)s h ago") % {"n": n}
    if n == 1:
        return _("yesterday")
    return ngettext("%(n)s day ago", "%(n)s days ago", n) % {"n": n}


@lru_cache(maxsize=2000)
def _dated(day: date, is_this_year: bool, _language: str | None) -> str:
    return date_format(day, "MONTH_DAY_FORMAT" if is_this_year else "DATE_FORMAT")


# Words


@register.filter
def prose(html: str) -> SafeString:
    """Rendered words, as `community.prose` left them: the only HTML by people that is let through.

    Stands inside a container with `hx-disable`.
    """
    return mark_safe(html or "")


@register.filter
def excerpt(html: str, most: int = 260) -> str:
    """The first words of rendered prose, without its markup."""
    from community.prose import plain

    words = _HEADING.sub(" ", html or "")
    return plain(words if words.strip() else html or "", most)


@register.filter
def marked(pieces: Iterable[Any]) -> SafeString:
    """Words that were found, with what was looked for marked (`community.search`)."""
    said = ((escape(one.words), one.is_found) for one in pieces)
    return mark_safe("".join(f"<mark>{words}</mark>" if found else words for words, found in said))


_HEADING = re.compile(r"<h([3-6])[^>]*>.*?</h\1>", re.DOTALL)


@register.filter
def first_paragraph(text: str) -> str:
    return (_paragraphs(text) or [""])[0]


@register.filter
def later_paragraphs(text: str) -> list[str]:
    return _paragraphs(text)[1:]


def _paragraphs(text: str) -> list[str]:
    """Plain words, cut at empty lines; a single line break is not meant."""
    return [" ".join(part.split()) for part in (text or "").split("\n\n") if part.strip()]


@register.simple_tag(takes_context=True)
def drawn(context: Any, parts: Any) -> SafeString:
    """A part that holds all it shows, or several, drawn once: see `community.drawn`."""
    return draw(parts, context.get("csrf_token", ""))


@register.simple_tag(takes_context=True)
def may(context: Any, verb: str, thing: Any = None) -> Any:
    """`{% may "comment" topic as verdict %}`: the policy's verdict for whoever looks."""
    from community import policies

    return policies.may(_member(context), verb, thing)


def _member(context: Any) -> Any:
    if "member" in context:
        return context["member"]
    user = getattr(context.get("request"), "user", None)
    return user if user is not None and user.is_authenticated else None


# The frame


@register.simple_tag(takes_context=True)
def scheme(context: Any) -> SafeString:
    """` data-theme="dark"` if the reader or the browser settled on one; else the system decides."""
    theme = getattr(_member(context), "theme", None)
    request = context.get("request")
    if not theme and request is not None:
        theme = request.COOKIES.get("theme")
    return format_html(' data-theme="{}"', theme) if theme in THEMES else mark_safe("")


@register.filter
def for_tabs(places: Iterable[Any] | None) -> list[Any]:
    """The four places of the phone's bar: those that ask for it by `tab`, else the first ones."""
    places = list(places or [])
    return ([place for place in places if _get(place, "tab")] or places)[:4]


@register.filter
def place_named(places: Iterable[Any] | None, name: str) -> Any:
    """The place of this name, if the site has it."""
    return next((place for place in places or [] if _get(place, "name") == name), None)


@register.filter
def undo_url(message: Any) -> str:
    """Where a message's *Undo* posts to, from `extra_tags="undo:/topics/3/restore/"`."""
    for tag in (getattr(message, "extra_tags", "") or "").split():
        if tag.startswith("undo:/"):
            return tag.removeprefix("undo:")
    return ""
