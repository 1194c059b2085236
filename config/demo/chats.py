"""What is said in the rooms of the demo community, in English and in Spanish.

`ago` counts back from now, `after` on from the line before, as in `config/demo/shapes.py`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    by: str
    after: str
    text: str
    reactions: str = ""
    to: int | None = None
    """The line it answers, counted from 0."""
    pinned: bool = False
    topic: str = ""


@dataclass(frozen=True)
class Chat:
    group: str
    """Empty: a conversation of ``people``."""
    ago: str
    lines: tuple[Line, ...]
    name: str = ""
    """Empty: the first room of the group."""
    purpose: str = ""
    ring: str = "participant"
    announces: bool = False
    people: str = ""
    days: int = 90
    shows_seen: bool = False


CHATS = (
    Chat(
        "north",
        "3d 17:40",
        (
            Line(
                "leila",
                "0m",
                "Does anyone have the number of the housing officer who came on Tuesday?",
            ),
            Line(
                "jo",
                "2m",
                "Yes. She is called Ms Brandt, the number is on the sheet in the "
                "grey box beside the hall door.",
                "🙏 leila",
            ),
            Line(
                "jo",
                "1m",
                "And please write down what she promises, with the date.",
                "👍 leila tom kasia amina marisol 🙏 wei sunita",
                pinned=True,
            ),
            Line(
                "wei",
                "25m",
                "Lift in Willow House is working again. It smells of pineapple. Do not ask.",
                "👀 hawa oleh 🎉 lan",
            ),
            Line("oleh", "4m", "I am asking.", to=3),
            Line(
                "wei",
                "2m",
                "Somebody moved a fruit stand. On the eighth floor.",
                "❤️ oleh hawa",
                to=4,
            ),
            Line(
                "hawa",
                "1d 08:12",
                "Heating on the fourth floor of Alder House is cold since six. Anybody else?",
            ),
            Line("amina", "3m", "Third floor too."),
            Line(
                "lan", "6m", "Fifth is warm. So it is the valve again, not the boiler.", "💪 hawa"
            ),
            Line(
                "kasia",
                "11m",
                "Called the emergency line, reference 4471. They said before noon.",
                "🙏 hawa amina lan",
                to=6,
            ),
            Line(
                "hawa", "3h", "Warm. 11:40. Writing the date into the log.", "🎉 kasia amina", to=9
            ),
            Line(
                "sunita",
                "1d 19:02",
                "Who brings cups on Tuesday? We were eleven cups short last time.",
            ),
            Line(
                "fatou",
                "5m",
                "I have twenty from the christening. They have little angels on them.",
                "❤️ sunita amina hawa leila",
            ),
            Line("piotr", "3m", "I will drink from an angel."),
            Line(
                "tom",
                "20h",
                "We are two short for Saturday, Mill Street, 10 to 12. @marisol "
                "could you ask in the Spanish group?",
                "👀 marisol",
            ),
            Line("amina", "2m", "I can come! First time, is that all right?", "❤️ tom leila", to=14),
            Line(
                "tom",
                "1m",
                "More than all right. You will be with Rosa, she has done thirty of these.",
                "🙏 amina",
                to=15,
            ),
            Line("marisol", "40m", "Asked. Luis says yes if somebody lends him boots, size 43."),
            Line("dev", "9m", "I have 44 and thick socks."),
        ),
    ),
    Chat(
        "north",
        "2d 12:00",
        (
            Line(
                "tom",
                "0m",
                "Meeting point is the kiosk, not the hall. Quarter to ten.",
                "👍 amina leila dev",
                pinned=True,
            ),
            Line(
                "leila",
                "12m",
                "I bring four moisture meters and the long list.",
                topic="Things to bring",
            ),
            Line(
                "dev",
                "7m",
                "Clipboards: five. One of them writes on the back too.",
                topic="Things to bring",
            ),
            Line("amina", "1d 18:30", "Do I need to know anything before?", topic="First time"),
            Line(
                "tom",
                "4m",
                "Only that we never go in without being asked, and never alone.",
                "💪 amina",
                to=3,
                topic="First time",
            ),
            Line(
                "kasia",
                "2h",
                "Rain from eleven. Plastic bags for the lists.",
                "🙏 tom",
                topic="Things to bring",
            ),
        ),
        name="saturday-survey",
        purpose="Who comes, with what, and where we meet.",
        days=30,
    ),
    Chat(
        "north",
        "6d 20:45",
        (
            Line(
                "marisol",
                "0m",
                "From tonight’s meeting: the letter to the company is agreed. "
                "Twenty-three yes, two with a reservation that stands in the minutes. It goes "
                "out on Monday.",
                "🎉 jo tom leila hanna 👍 hector beto",
            ),
            Line(
                "jo",
                "4d 10:00",
                "Survey day is this Saturday, 10 to 12, Mill Street. Four places are still free.",
                "💪 tom kasia",
            ),
        ),
        name="announcements",
        purpose="The few things that everybody should know.",
        ring="follower",
        announces=True,
        days=365,
    ),
    Chat(
        "north",
        "1d 21:10",
        (
            Line(
                "marisol",
                "0m",
                "Piotr cannot lead on Tuesday, his mother is in hospital. Who could?",
            ),
            Line(
                "leila",
                "6m",
                "I would, with somebody beside me for the money part.",
                "❤️ marisol jo kasia",
            ),
            Line("kasia", "3m", "Beside you then."),
            Line("jo", "15m", "And who calls Piotr tomorrow, not about the meeting?", to=0),
            Line("sunita", "4m", "I do.", "🙏 marisol jo", to=3),
        ),
        name="core team",
        purpose="For those who prepare.",
        ring="core",
        shows_seen=True,
    ),
    Chat(
        "repairs",
        "2d 09:05",
        (
            Line("rosa", "0m", "Eleven letters back, nine with a date. Two say “soon”."),
            Line("kwame", "8m", "“Soon” is not a date. I ring both today.", "💪 rosa jo viktor"),
            Line(
                "andrei",
                "3h",
                "Leaflet, second try. The drop now looks like a drop.",
                "👍 rosa kwame noor",
            ),
            Line("noor", "20m", "Could the numbers be bigger? My aunt reads them at arm’s length."),
            Line("andrei", "2h", "Bigger.", "❤️ noor", to=3),
            Line(
                "viktor",
                "1d 07:55",
                "For the record: the deadline for Wharf Court is Friday, not Monday.",
                "👀 jo rosa",
            ),
        ),
    ),
    Chat(
        "hispano",
        "2d 11:20",
        (
            Line(
                "carmen",
                "0m",
                "El domingo nos vemos a las doce en el patio de Willow House. ¿Quién trae café?",
            ),
            Line("ana", "4m", "Yo. Y leche sin lactosa para Nacho.", "❤️ nacho carmen"),
            Line("nacho", "2m", "Esto es amor."),
            Line("luis", "40m", "A mí me han pedido botas del 43 para el sábado. ¿Alguien?"),
            Line("mateo", "6m", "Tengo unas. Están feas pero secas.", "🙏 luis", to=3),
            Line(
                "marisol",
                "3h",
                "Tom pregunta si alguien más puede venir el sábado a Mill "
                "Street, de diez a doce. Luis ya ha dicho que sí.",
            ),
            Line(
                "valentina",
                "9m",
                "Voy yo. Llevo a mi hermana, que quiere mirar antes de apuntarse.",
                "🎉 marisol carmen",
                to=5,
            ),
            Line(
                "teresa",
                "1d 10:15",
                "Ha llegado la carta de la empresa. En inglés, claro. ¿Alguien la traduce conmigo?",
            ),
            Line("ines", "12m", "Esta tarde, a las seis, en la biblioteca.", "💪 teresa", to=7),
        ),
    ),
    Chat(
        "stewards",
        "4d 18:20",
        (
            Line(
                "grace",
                "0m",
                "I want an ear, not ideas: two people left the room angry "
                "yesterday, and I think I was late to say “norm”.",
            ),
            Line("rosa", "10m", "Tonight at nine? I cook, you talk.", "❤️ grace marisol"),
            Line("grace", "2m", "Yes.", to=1),
            Line(
                "marisol", "2d 09:30", "Who has a good agenda for a first meeting of a stairwell?"
            ),
            Line("bern", "16m", "Ours fits on a postcard. I send it tonight.", "🙏 marisol", to=3),
        ),
    ),
    Chat(
        "newhere",
        "1d 16:00",
        (
            Line(
                "sunita",
                "0m",
                "Hello to everybody who came in this week. Say in one line where "
                "you live and what you would like to be different there.",
                pinned=True,
            ),
            Line(
                "hawa",
                "20m",
                "Alder House, fourth floor. A heating that knows what November is.",
                "❤️ sunita",
            ),
        ),
    ),
    Chat(
        "",
        "1d 20:05",
        (
            Line("jo", "0m", "Did you sleep?"),
            Line("marisol", "8m", "Six hours. A record."),
            Line(
                "jo",
                "1m",
                "Good. Then I can ask: would you let Leila lead on Tuesday and only watch?",
            ),
            Line("marisol", "4m", "I thought the same and did not dare to say it.", "❤️ jo"),
            Line("jo", "14h", "She said yes before I had finished the sentence."),
        ),
        people="jo marisol",
    ),
    Chat(
        "",
        "22h",
        (
            Line("rosa", "0m", "I am with Amina on Saturday. Anything I should know?"),
            Line(
                "marisol",
                "30m",
                "She listens well and thinks she does not. Let her ask the first question.",
            ),
        ),
        people="rosa marisol",
    ),
    Chat(
        "",
        "9h",
        (
            Line("tom", "0m", "Cars for Saturday: I have four seats from the bridge."),
            Line("rosa", "15m", "Three from Wharf Court, and the ladder."),
            Line("dev", "4m", "I come by bicycle with the clipboards.", "💪 tom"),
        ),
        name="Cars on Saturday",
        people="tom rosa dev leila marisol",
    ),
)
