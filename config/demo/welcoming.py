"""Who welcomes whom in the demo community, how far they are, and where people stand as members."""

WELCOMERS = [
    # group (or "" for the whole community), person, languages, how many at once
    ("newhere", "sunita", "en", 4),
    ("newhere", "piotr", "en", 2),
    ("north", "jo", "en", 2),
    ("hispano", "valentina", "es en", 3),
    ("", "aisha", "en", 2),
]
AWAY = [("newhere", "piotr", 6)]
"""Group, person, for how many more days."""

ASKED = [("north", "leila", "marisol")]
"""Group, person, who asks them."""

WELCOMES = [
    {
        "who": "amina",
        "group": "north",
        "by": "jo",
        "came": "31h",
        "reach_by": "Evenings after seven, in English ou en français",
    },
    {
        "who": "samir",
        "group": "newhere",
        "by": "sunita",
        "came": "3d 09:00",
        "tried": [("mail", "2d 18:00"), ("phone", "1d 12:00")],
        "hand_over": ("mo", "I am at my sister’s until Sunday, and he should not wait.", "6h"),
    },
    {
        "who": "luz",
        "group": "hispano",
        "by": "valentina",
        "came": "6d 12:00",
        "tried": [("message", "5d 19:00")],
        "answered": ("phone", "5d 10:00"),
    },
    {
        "who": "tariq",
        "group": "newhere",
        "by": "sunita",
        "came": "9d 10:00",
        "tried": [("mail", "9d 08:00")],
        "answered": ("mail", "8d 20:00"),
        "talked": (
            "met",
            "7d 17:00",
            (
                "His boiler is out since October and he has kept every letter. He translates for "
                "half the stairwell and would rather not do that alone."
            ),
        ),
    },
    {
        "who": "ivana",
        "group": "newhere",
        "by": "piotr",
        "came": "12d 11:00",
        "tried": [("phone", "11d 18:00")],
        "answered": ("phone", "11d 18:10"),
        "talked": ("met", "9d 16:00", ""),
        "step": ("Walk the first survey round with Dev", 4, "9d 15:30"),
    },
    {
        "who": "raul",
        "group": "hispano",
        "by": "valentina",
        "came": "24d 09:00",
        "answered": ("message", "23d 20:00"),
        "talked": ("phone", "22d 19:00", "Trabaja de noche. Prefiere mensajes antes de las dos."),
        "step": ("Arreglar la luz de la escalera con Oleh", 2, "20d 12:00"),
    },
]

APPLICANTS = ("amina", "samir", "luz")
GRACE = {"yusuf": "Dues of the last two months are missing; he pays when the season begins."}
LAPSED = {"maeve": "No dues for a year, and no answer to two letters."}
RESIGNED = {"hanna": "She moved in with her mother and follows us from there."}
