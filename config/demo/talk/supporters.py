"""What everybody may read: the stories for supporters and visitors."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "story-boiler",
        "supporters",
        "maeve",
        "experience",
        "1d 12:00",
        "Fourteen flats, one letter, nine days",
        """
For six winters the boiler in Mill Street had gone out whenever it froze. For six winters fourteen
households wrote to the company, each for themselves, and each received an answer that began with
*we understand your frustration*.

This autumn a postman and a plumber went from door to door with one sheet of paper. It named one
person and one date. Eleven households signed it. Eight people carried it to the office on a weekday
morning and asked for a receipt.

Nine days later the radiators were warm on every floor. The fitter who had worked until nine in the
evening, two days running, found a card on his windscreen.

"My son asked why the wall is warm," says a mother from the top floor.

**If it is cold in your stairwell**, you do not have to begin with a union. Begin with the person
next door, and one sheet of paper. We have the rest, and we lend it.
""",
        "❤️ gloria june hanna sofia marisol rosa 👍 stefan daniel 💪 yusuf kwame",
        ring="web",
        pictures=(Picture("stairwell", "A stairwell at dusk, light in the windows of all floors"),),
        says=(
            Say(
                "gloria",
                "3h",
                "Se lo he leído a mis antiguas alumnas. Dos viven en Harbour y han preguntado "
                "por la hoja.",
                "❤️ maeve marisol",
            ),
            Say(
                "june",
                "2h",
                "I have printed it and left it at the hairdresser’s. My hairdresser has kept it.",
            ),
        ),
    ),
    Topic(
        "story-lunch",
        "supporters",
        "piotr",
        "talk",
        "11d 17:00",
        "Sixty-one plates",
        """
Twice a year we put all the tables that we have into the courtyard of Willow House and eat together.
It costs about one pound twenty for each person, and it is the most important meeting that we have,
and it has no agenda.

This time there were sixty-one of us. A neighbour who had not come down since spring came down. A
boy watered the tomatoes. A cook from the harbour cooked for a hundred and was embarrassed when we
clapped.

If you live here and smell onions in the courtyard, that is us. Bring a spoon.
""",
        "❤️ gloria hanna sofia pablo lan maeve 🎉 june jamal",
        ring="web",
        pictures=(
            Picture(
                "courtyard_lunch",
                "Two long tables under bunting in the courtyard of Willow House, about thirty "
                "people eating",
            ),
        ),
        says=(
            Say(
                "shirley",
                "4h",
                "Dear all, I brought a spoon and was given a second one. Shirley",
                "❤️ piotr maeve 🎉 june",
            ),
        ),
    ),
    Topic(
        "historia-puertas",
        "supporters",
        "marisol",
        "experience",
        "17d 10:00",
        "Nueve segundos de silencio",
        """
Un vecino joven fue por primera vez a tocar puertas y volvió contando los segundos. «¿Qué tal está
la calefacción?», preguntó su compañero, y después se calló. Nueve segundos. Luego la vecina
empezó a hablar, y aquella tarde supimos de tres calderas, una gotera y una fianza.

Nos preguntan a menudo qué hace un sindicato de inquilinas. Sobre todo, eso: preguntar, callarse y
volver el jueves, como se dijo.

Si quieres aprenderlo, salimos los lunes a las seis y media desde el puente. Vas con alguien que ya
sabe, y llevas el bolígrafo.
""",
        "❤️ gloria ana luis pablo carmen hanna 💪 nacho valentina",
        ring="web",
        pictures=(
            Picture("door_knocking", "Una escalera con tres puertas abiertas y gente hablando"),
        ),
        language="es",
        says=(
            Say(
                "gloria",
                "1d 11:00",
                "Treinta y ocho años de maestra y nadie me explicó lo de los nueve segundos.",
                "❤️ marisol",
            ),
        ),
    ),
    Topic(
        "call-committee",
        "supporters",
        "maeve",
        "talk",
        "3d 15:00",
        "One thing, once: sixty people in the gallery on {date:+32}",
        """
We said that we call when it matters. It does.

The housing committee decides whether there will be **one address for repairs and a public list of
what is open**. Sixty seats are free to the public. Last time thirty-one of us sat there, and the
chair looked up twice.

- {date:+32}, half past five, on the bridge. We walk over together.
- You need not say anything. You need not have been there before.
- Tell a person: Aisha rings each of you twice, once now and once on the day before.

What became of the last call: you were asked for cakes in October. It came to 212 and turned into
eight moisture meters. They have been in fifty-eight homes.
""",
        "💪 rosa jo tom june gloria 👍 stefan daniel hanna beto",
        ring="follower",
        pinned=True,
        says=(
            Say("june", "1h", "Two of us, and I am bringing my son. He thinks I make all this up."),
            Say("daniel", "2h", "Yes."),
            Say("gloria", "1d 10:00", "Sí, con bastón y con ganas.", "❤️ maeve marisol"),
            Say(
                "jamal",
                "5h",
                "Yes, and the van for those who would rather not walk over a bridge in the dark.",
                "🙏 shirley gloria",
            ),
            Reply("shirley", "1h", "That is me. And six altos. S.", "🎉 jamal maeve rosa"),
        ),
    ),
    Topic(
        "letter-october",
        "supporters",
        "maeve",
        "talk",
        "37d 09:00",
        "Our letter, early autumn: what we began, what we did not manage",
        """
**Begun.** The Repairs campaign. Each repair shall have a name, a date and an answer.

**Managed.** The yard gate at Wharf Court is open until nine, on a proposal by people of whom the
oldest is sixteen. Three deposits came back, together 2,430.

**Not managed.** Our action in front of the agent’s office: nine people, rain, and the office was
closed. That was our mistake and nobody else’s. We have written down why.

**Asked for.** Cakes, on Saturday, on the hill. You will hear what they turned into.
""",
        "❤️ june hanna gloria sofia 👍 daniel rosa stefan",
        ring="follower",
        says=(
            Say(
                "daniel",
                "2h",
                "I give to nine organisations. This is the only one that has ever sent me a "
                "paragraph called “not managed”.",
                "❤️ maeve marisol jo june",
            ),
        ),
    ),
]
