"""Talk in the Repairs campaign about the damp survey."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "damp-survey-start",
        "repairs",
        "andrei",
        "talk",
        "19d 19:00",
        "Damp survey: 300 homes in four weeks. How a visit goes",
        """
One visit is twenty minutes. You go in pairs, you have a script, and nobody has to know the law.

1. Ring, say both names, say *tenants’ union*, and ask whether it is a good moment. **If not, you
   say thank you and go.** We do not persuade.
2. Ask: "Where is it worst?" Let them show you. People know their walls.
3. Measure at three heights: ankle, hip, over your head. Write the number, not your opinion.
4. One photo, with the ruler in it, only of the wall.
5. Ask: "Who in the home is coughing?" You do not write names.
6. Leave the card. Say what happens next and when: *a letter for your whole building, in four
   weeks.*

Moisture meters: eight. They are worth more than they look, please bring them back to Kasia.

| what you see | what we write |
|---|---|
| under 15 | dry |
| 15 to 20 | watch it |
| over 20 | damp: photo and date |

Bare wires: stop and ring me. A smell of gas, or a child with blue lips: stop and ring the emergency
number, and me afterwards.
""",
        "👍 jo tom rosa leila viktor 💪 kwame emeka aisha lan nacho ❤️ priya sunita",
        ring="follower",
        pinned=True,
        pictures=(
            Picture(
                "damp_wall", "A brown stain in the corner of a ceiling, its edge marked in pencil"
            ),
        ),
        files=("survey-script-en.pdf", "survey-script-es.pdf"),
        says=(
            Say(
                "priya",
                "2h",
                "Point 5, from the surgery: ask about the *night*. “Does anybody wake up "
                "coughing?” You get a truer answer.",
                "👍 andrei jo 🙏 dev",
            ),
            Reply("andrei", "1h", "Changed in the script. Thank you."),
            Say(
                "zainab",
                "4h",
                "What do we answer if they ask whether the landlord can find out that we were "
                "there?",
            ),
            Reply(
                "jo",
                "40m",
                "The truth: the building is in the letter, the flat is not. The list of flats "
                "is on paper with Kasia, and it is shredded after the letter has been answered.",
                "👍 zainab miriam mo",
            ),
            Say(
                "amina",
                "15d 10:00",
                "I would like to come along once and only watch. Is that allowed?",
            ),
            Reply(
                "tom",
                "20m",
                "It is how all of us began. You go with Leila, and you hold the ruler.",
                "❤️ amina leila",
            ),
        ),
    ),
    Topic(
        "survey-saturday",
        "repairs",
        "tom",
        "talk",
        "2d 18:10",
        "Survey day on {next:sat}, ten o’clock, Mill Street: two people short",
        """
Eight of ten. We meet at the archway and are done by noon. Soup at Kasia’s.

Two people who can climb stairs or two who can talk, ideally one of each. Spanish would help on the
third floor.
""",
        "👀 mateo aisha",
        ring="follower",
        says=(
            Say("mateo", "1h", "Voy yo, y hablo español hasta cuesta arriba.", "🎉 tom luis"),
            Say("amina", "2h", "I can come. First time, is that all right?"),
            Reply(
                "tom",
                "10m",
                "More than all right. You will be with @rosa, she has done thirty of these.",
                "❤️ amina rosa",
            ),
            Say(
                "rosa",
                "30m",
                "Thirty-four. And at each one I learned where the good biscuits are.",
                "🎉 amina kasia",
            ),
            Say(
                "kasia",
                "1d 09:00",
                "Then we are ten. Soup is barley. Viktor has been told that there is no meat "
                "in it.",
                "👍 tom",
            ),
        ),
    ),
    Topic(
        "survey-58",
        "repairs",
        "andrei",
        "talk",
        "4d 20:00",
        "58 of 300 homes visited. What we see so far, with care",
        """
Fifty-eight visits in eleven days, by twenty-three people. I write it down plainly; it is not yet a
result.

* **31 of 58** over 20 on at least one wall.
* In 19 of these 31 it is the *outside* wall to the river, at ankle height. That is not "wrong
  airing". That comes from below.
* **22 of 58** homes: somebody wakes up coughing.
* Not let in: 14. That is all right.

We will not publish anything below 150 homes. Please do not quote it anywhere, also not the nice
number.
""",
        "👀 rosa kwame jo 👍 bea leila priya 💪 tom oleh lan",
        says=(
            Say(
                "bea",
                "1h",
                "Thank you for the denominators. One request: split it by building only when "
                "there are at least five homes in it, otherwise everybody knows who it is.",
                "👍 andrei jo mo",
            ),
            Say(
                "leila",
                "2h",
                "Ankle height on the river side. I said so in 2022, and they sent us a leaflet "
                "about opening windows.",
                "💪 viktor",
            ),
            Reply(
                "viktor",
                "1h",
                "The drain behind the wall was closed in 1998, when they built the car park. I "
                "was there. I carried the stones.",
                "👀 andrei tom rosa",
            ),
            Reply(
                "andrei",
                "30m",
                "@viktor. This is the most important thing anybody has said in four weeks. Can "
                "you draw where?",
                "👍 jo leila",
            ),
            Reply("viktor", "2h", "I can show where."),
            Say(
                "rosa",
                "1d 09:20",
                "Car park 1998 means planning application, which means an archive. @sofia?",
            ),
            Reply(
                "sofia",
                "50m",
                "Reading room, shelf 14, open to everybody. I put a bookmark into it.",
                "🎉 rosa andrei",
            ),
        ),
    ),
]
