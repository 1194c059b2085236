"""What the demo community announced, in the languages its people read."""

GONE = [
    ("old.flat@example.net", "hard", "550 5.1.1 no such mailbox"),
    ("away.for.good@example.org", "hard", "550 5.1.1 user unknown"),
]

ANNOUNCED = [
    {
        "by": "marisol",
        "group": "",
        "ago": 12,
        "words": {
            "en": (
                "What came of the heating petition",
                """
                412 of you signed. Housing services answered on Friday: **the boilers in the three
                worst houses are replaced before winter**, and there is a date for each.

                What happens next: we look after each date together. If yours passes and nothing
                happens, say so in your group. Thank you to everybody who went from door to door.
                """,
            ),
            "es": (
                "En qué quedó la petición por la calefacción",
                """
                Firmaron 412 personas. La oficina de vivienda respondió el viernes: **cambian las
                calderas de las tres casas peores antes del invierno**, y cada una tiene fecha.

                Lo que sigue: cuidamos juntas cada fecha. Si la tuya pasa y no sucede nada, dilo en
                tu grupo. Gracias a quienes fueron de puerta en puerta.
                """,
            ),
        },
    },
    {
        "by": "marisol",
        "group": "",
        "ago": 3,
        "words": {
            "en": (
                "Assembly: shall we join the regional federation?",
                """
                We meet in the **community hall, doors open at half past six**. There are children's
                corner, soup and translation into Spanish.

                We decide about one thing: whether we join the federation of tenants' unions, and
                what it costs each of us. The paper for it stands in the group of your street.

                Can you not come? Tell somebody who can what you think.
                """,
            ),
            "es": (
                "Asamblea: ¿entramos en la federación regional?",
                """
                Nos vemos en el **salón comunitario, abrimos a las seis y media**. Hay rincón para
                la infancia, sopa y traducción al español.

                Decidimos una sola cosa: si entramos en la federación de sindicatos de vivienda, y
                cuánto nos cuesta. El documento está en el grupo de tu calle.

                ¿No puedes venir? Dile lo que piensas a alguien que pueda.
                """,
            ),
        },
    },
    {
        "by": "marisol",
        "group": "",
        "ago": 0,
        "words": {
            "en": (
                "We need twelve people for the survey on Saturday",
                """
                On **Saturday from ten to one** we ask in Mill Lane what is broken. For that we need
                twelve people, two for each house.

                You need no experience: somebody who has done it before walks with you. Can you
                come? Answer here, and say when.
                """,
            ),
        },
    },
    {
        "by": "marisol",
        "group": "",
        "ago": -2,
        "words": {
            "en": (
                "Office hours move to Thursdays",
                """
                **Before:** Tuesdays, four to six. **From next week:** Thursdays, five to seven, in
                the same room. Bring your letters; nobody needs an appointment.
                """,
            ),
            "es": (
                "La oficina abre los jueves",
                """
                **Antes:** martes de cuatro a seis. **Desde la semana que viene:** jueves de cinco a
                siete, en la misma sala. Trae tus cartas; no hace falta cita.
                """,
            ),
        },
    },
]
