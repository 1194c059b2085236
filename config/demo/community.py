"""What the demo community says of itself, and what it asks of the people who join."""

NAME = "Riverside Tenants’ Union"
TAGLINE = "Warm homes. Fair rents. Together."
BRAND = "#00694f"
LANGUAGES = ["en", "es"]
LANGUAGE = "en"
TIMEZONE = "Europe/London"
AREAS = ["North bank", "South bank", "Mill Street", "Bridge Street", "Old Town", "Harbour", "Hill"]

WISHES = {
    "meet": "Meet my neighbours",
    "act": "Help where hands are needed",
    "learn": "Learn how this is done",
    "decide": "Have a say in what we decide",
    "care": "Welcome people and look after them",
    "lead": "Hold a group with others",
    "follow": "Just hear when it matters",
}

INTRO = """
We are tenants in eleven buildings on both banks of the river. We decide together, we act
together, and nobody writes to the landlord alone.

We began in 2019 with one cold stairwell and a list on a kitchen table. Since then heating has
been mended, deposits have come back, and a rent rise was halved. None of it was done by a hero.
It was done by people who knocked on the next door.

Whoever rents here belongs here, whatever your papers say and whichever language you speak at
home. Membership is three a month if you have it, and nothing if you have not.
"""

JOIN_POLICY = "open"
"""Whoever tries the site can walk in; "ask" puts the questions to them first."""

QUESTIONS = [
    "Which street or building do you live in? The street is enough, no house number.",
    "What made you look us up? One sentence is plenty.",
    "Do you let out homes, or manage them for somebody who does?",
]

CONDUCT = """
## How we are with each other

1. **Speak from your own home.** Your damp, your letter, your landlord. Somebody else’s story is
   theirs to tell: no names, flat numbers or photos of a neighbour without a clear yes.
2. **Disagree with the idea, and stay in the room.** You will meet this person in the lift
   tomorrow.
3. **Nobody has to explain where they are from**, what they earn or how they live, in order to be
   helped.
4. **We do not shout in writing.** If it takes more than three messages, pick up the phone or ask
   Mo or Grace to sit with you both.
5. **What is said in a closed group stays in it.** No screenshots.
6. **Landlords, agents and employers are spoken of by what they did**, with a date. We do not
   insult people and we do not guess.

## When it goes wrong

Tell Mo Lindqvist or Grace Okafor. You are heard within two days. We begin with a conversation; we
may hide a message, and in the end we may ask somebody to leave a group. Whoever is asked to leave
is told why in words, and can appeal to two people who were not part of it.
"""

WELCOME = """
Good that you are here.

Three things for the first week, in any order: say hello in **New here**, look whether your street
has a group, and ask one question, however small it seems. Sunita or somebody else from the
welcome team will write to you in the next two days. It is a person and not a machine, so you can
write back.

En español: entra en **Hispanohablantes**. Allí te esperamos.
"""
