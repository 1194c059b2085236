"""Talk in Riverside South, in the weeks before."""

from config.demo.shapes import Reply, Say, Topic

TOPICS = [
    Topic(
        "lift-who-carries",
        "south",
        "emeka",
        "talk",
        "25d 18:20",
        "Rota: who carries what up Tannery House while the lift is out",
        """
I do this for a living, so let me organise it. Mornings 7 to 8, evenings 5 to 7.

Rules of the trade: knees, not back. Two for anything over twenty kilos. **Nobody carries a person
alone, ever.** Ask first, where to hold, and believe the answer.

List hangs at 204. Shopping up, rubbish down, prescriptions at once.
""",
        "💪 kofi nacho kwame ❤️ ruth shirley ana grace",
        says=(
            Say(
                "kofi",
                "1h",
                "Four of my older ones would do evenings. They are called in pairs and get a "
                "certificate from me.",
                "👍 emeka grace",
            ),
            Say("nacho", "3h", "Martes y jueves.", "👍 emeka"),
            Say(
                "omar",
                "1d 09:00",
                "If somebody has to go to hospital, I drive up to the door on the yard side "
                "and wait. No charge.",
            ),
            Say(
                "shirley",
                "6h",
                "Dear Emeka, the two young men carried up my coal-scuttle, which is for "
                "umbrellas, and stayed for a hymn. You may send them again. Shirley",
                "❤️ kofi emeka nadia grace 🎉 rosa",
            ),
        ),
    ),
    Topic(
        "choir-coats",
        "south",
        "shirley",
        "talk",
        "16d 14:00",
        "The choir would like to sing at the council. Would the union like that?",
        """
Dear friends,

we are fourteen, two of us with sticks. We know "We shall not be moved" in four parts and in a key
that a committee can bear. The Bylaws (thank you, Rosa) say nothing against singing in the gallery
before the meeting is opened.

We would need a lift home, and to know whether it helps or harms.

With warm regards,
Shirley
""",
        "❤️ rosa grace kofi ana maeve 🎉 jamal emeka pablo 👍 kwame",
        says=(
            Say(
                "rosa",
                "1h",
                "It helps, if you stop at the moment the chair sits down. Nothing is stronger "
                "than a choir that stops on time.",
            ),
            Reply(
                "shirley",
                "2h",
                "We have been stopping on time since 1971. S.",
                "🎉 rosa grace nadia",
            ),
            Say(
                "jamal",
                "5h",
                "Trombone stays at home, I understand. I drive: my van has eight seats and "
                "smells only slightly.",
                "❤️ shirley",
            ),
            Say("omar", "1h", "And I take four. That makes twelve. Who has two seats?"),
            Reply(
                "emeka", "30m", "Front of the removal van. Best view in town.", "🎉 shirley omar"
            ),
        ),
    ),
    Topic(
        "wharf-football",
        "south",
        "kofi",
        "talk",
        "29d 19:00",
        "The yard gate at Wharf Court: the young people’s proposal",
        """
They wrote it themselves, I only typed.

> We want the gate open until 21:00. We will make a rota of two each evening who look after noise
> and rubbish. If there are more than three complaints in a month, it shuts at 19:00 again and we
> talk. We have asked eleven flats, nine said yes, one said no, one has a dog.

They would like to present it on Thursday. Three minutes, as is our custom.
""",
        "❤️ grace rosa shirley 👍 kwame nadia ana 💪 emeka",
        says=(
            Say(
                "grace",
                "1h",
                "They have asked eleven flats, which is ten more than most adults. First on "
                "the agenda, please.",
            ),
            Say("nadia", "4h", "Was the dog for or against?", "🎉 kofi rosa zainab"),
            Reply("kofi", "2h", "Abstained.", "🎉 nadia emeka grace ruth"),
            Say(
                "kofi",
                "3d 21:15",
                "Agreed by 22 to 1, with thanks to the one, who will be in the rota. They "
                "walked home two centimetres taller.",
                "❤️ grace rosa shirley nadia 🎉 emeka ana",
            ),
        ),
    ),
    Topic(
        "south-translation",
        "south",
        "ana",
        "talk",
        "37d 20:30",
        "¿Y si los jueves hacemos mesas por idioma, como en el norte?",
        """
Lo vi el martes en Riverside North y no se perdió nadie. Aquí somos nueve que pensamos en español y
cuatro que pensamos en dari, y casi siempre nos quedamos con la mitad.

*In short: language tables on Thursdays, as the north does. I would look after the Spanish one, if
Nadia wants to look after the Dari one.*
""",
        "👍 nadia grace carmen nacho pablo ❤️ marisol rosa",
        language="es",
        says=(
            Say("nadia", "1h", "With pleasure. And the café has exactly two round tables."),
            Say(
                "ruth",
                "3h",
                "One of them has a foot in the wrong place for my chair. I come early and move "
                "things.",
                "👍 ana",
            ),
            Say(
                "grace",
                "1d 10:00",
                "We try it three times and then say honestly whether it was better. Ana, would "
                "you tell us how it felt, not only whether it worked?",
                "❤️ ana",
            ),
            Reply("ana", "12h", "Sí. Con mucho gusto. Y en español.", "🎉 grace nadia rosa"),
        ),
    ),
]
