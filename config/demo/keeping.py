"""Rules, what was reported, what was decided, and one concern: how the demo community keeps safe.

Times are hours or days ago, as in ``pending``.
"""

RULES = [
    (
        "Somebody else’s story is theirs to tell",
        "No names, flat numbers, debts or photos of a neighbour without a clear yes.",
    ),
    (
        "Disagree with the idea, not with the person",
        "No insults, no threats, no shouting in capital letters.",
    ),
    (
        "Nobody has to explain where they are from",
        (
            "Nothing against people for where they come from, what they believe, whom they love or "
            "how they live."
        ),
    ),
    ("What is said in a closed group stays in it", "No screenshots, no retelling with names."),
    ("No selling, no canvassing", "No adverts, no chain letters, no party leaflets."),
    ("Say what you know, and from where", "Letters with a date, not rumours about the landlord."),
]

REPORTS = [
    {
        "topic": "laundry-key",
        "by": "viktor",
        "text": "And ask the fourth floor, last door on the left. Mrs Novak has not paid for four "
        "months, and she has had a key to everything since her husband was caretaker.",
        "ago": "3h",
        "reports": (
            ("amina", 0, "hide", "She told Jo in confidence. Half the house reads this.", "2h"),
            ("tom", 0, "talk", "I think he means well. It is still not his to tell.", "1h"),
        ),
    },
    {
        "topic": "contrato-alta",
        "by": "luis",
        "text": "¿PERO QUÉ HACÉIS AHÍ SENTADOS? El que le pide tres meses es un ladrón y el "
        "que le aconseja pagar, un cobarde.",
        "ago": "40h",
        "reports": (
            ("luz", 1, "talk", "Lo de cobarde iba por mí. Que hable alguien con él.", "38h"),
        ),
        "hidden": {
            "by": "mo",
            "rule": 1,
            "ago": "30h",
            "reason": "«Cobarde» iba por Luz, que pedía ayuda. Di lo mismo sin el insulto y vuelve "
            "a publicarlo: en lo de los tres meses tienes razón.",
        },
        "appeal": {
            "ago": "11h",
            "text": "Tienes razón con la palabra. Pero no iba por Luz, iba por el de la agencia. "
            "Quítame esa línea y deja el resto, por favor.",
        },
    },
    {
        "topic": "council-evening",
        "reports": (
            ("viktor", 5, "hide", "You cannot put words in the mouth of a councillor.", "5d 10:00"),
        ),
        "kept": {
            "by": "mo",
            "ago": "4d 18:00",
            "reason": "It quotes what was said in an open meeting, with the date, and the minutes "
            "say the same. That is what the rule asks for.",
        },
    },
]

CONCERN = {
    "by": "hanna",
    "category": "welfare",
    "about_words": "An old man in Alder House",
    "words": "He used to come down for the post every morning. For a week now nobody has seen him, "
    "and he did not open when we knocked on Saturday. I do not want to make a fuss.",
    "ago": "20h",
}

LOCKED_OUT = {"who": "viktor", "ago": "5h"}
"""Dropped his phone into the river, and never wrote the codes down."""
