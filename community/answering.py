"""Knows the form that an answer is written in: all that it shows, so that it is drawn once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from community.forms.writing import WritingForm
from community.models import Media


@dataclass(frozen=True)
class Tile:
    """What hangs on a draft, as `community/_tile.html` shows it."""

    token: str
    name: str
    alt: str
    url: str
    is_image: bool


def tile(medium: Media) -> Tile:
    return Tile(medium.token, medium.name, medium.alt, medium.url(), medium.is_image)


@dataclass(frozen=True)
class Cancel:
    """The way out of the form: an address, and what is put where without leaving the page."""

    url: str
    get: str
    target: str


@dataclass(frozen=True)
class Answering:
    """The form with its editor: empty, with a draft, or with what could not be sent and why."""

    template: ClassVar[str] = "community/_comment_form.html"
    kept: ClassVar[int] = 200

    item: int
    url: str
    """Where it is sent to."""
    place: str
    """Under which name its draft is kept."""
    label: str
    placeholder: str
    help_text: str
    is_on_the_web: bool
    text: str
    problem: str
    media: tuple[Tile, ...]
    draft_time: datetime | None
    upload_url: str
    draft_url: str
    mentions_url: str
    links_url: str
    preview_url: str
    root: int = 0
    """The answer whose thread it joins; 0 for one of its own."""
    parent: int = 0
    cancel: Cancel | None = None
    takes_focus: bool = False
    by_page: bool = False
    """Sent as a whole page: it does not stand beside the thread it goes to."""
    oob: bool = False
    """Takes the place of the one that was sent."""

    @property
    def form_id(self) -> str:
        return f"reply-form-{self.root}" if self.root else "reply-form"

    @cached_property
    def form(self) -> WritingForm:
        said = {"text": self.text}
        form = WritingForm(
            said if self.problem else None,
            place=self.place,
            initial=said,
            placeholder=self.placeholder,
        )
        field = form.fields["text"]
        field.label, field.help_text = self.label, self.help_text
        if self.takes_focus:
            field.widget.attrs["data-focus"] = True
        if self.problem and "text" not in form.errors:
            form.add_error("text", self.problem)
        return form
