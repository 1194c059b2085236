"""The few shapes in which the demo community is written down.

Times are written as a reader would say them. A topic's `ago` counts back from now ("2h",
"9d 19:20": nine days ago at twenty past seven in the evening). What follows counts on from the
message before it ("20m", "1d 08:15": the next day at a quarter past eight).

Texts are Markdown, wrapped for the reader of this source; a single line break is not meant.
`{day:-9}` is the weekday nine days before the text was written, `{date:+6}` the date six days
after it, `{next:sat}` and `{last:tue}` the nearest such day with its date.

Reactions are a line such as "❤️ marisol jo 💪 tom".
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    pronouns: str
    area: str
    speaks: str
    joined: int
    about: str = ""
    skills: str = ""
    ask: str = ""
    language: str = "en"
    seen_by: str = "groups"
    in_directory: bool = True
    last_seen: int = 0
    wants: str = ""


@dataclass(frozen=True)
class Charter:
    purpose: str
    who_we_are: str
    norms: str
    how_we_correct: str
    decision_default: str
    rhythm: str
    conflict_step: str
    changed: tuple[int, str] | None = None
    """Days ago the last of the norms was added, and why; before, the charter went without it."""


@dataclass(frozen=True)
class Group:
    key: str
    name: str
    slug: str
    kind: str
    purpose: str
    area: str
    languages: str
    openness: str
    join: str
    hue: int
    founded: int
    stewards: str
    core: str = ""
    participants: str = ""
    followers: str = ""
    parents: str = ""
    state: str = "active"
    state_reason: str = ""
    cover: str = ""
    welcomer: str = ""
    safety: str = ""
    """Whom to turn to when something is not safe."""
    questions: tuple = ()
    charter: Charter | None = None


@dataclass(frozen=True)
class Say:
    """A comment."""

    by: str
    after: str
    text: str
    reactions: str = ""


@dataclass(frozen=True)
class Reply(Say):
    """An answer to the last `Say` before it."""


@dataclass(frozen=True)
class Picture:
    """`draw` names a drawing of `community.demo.pictures`; `alt` says what is to be seen."""

    draw: str
    alt: str


@dataclass(frozen=True)
class Topic:
    key: str
    group: str
    by: str
    template: str
    ago: str
    title: str
    text: str
    reactions: str = ""
    ring: str = "participant"
    language: str = ""
    pinned: bool = False
    closed: bool = False
    answer: int | None = None
    """The position, from nought, of the `Say` that answers a question."""
    pictures: tuple = ()
    files: tuple = ()
    says: tuple = field(default=())
