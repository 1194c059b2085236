"""Talk in Riverside North: what is pinned, and the last fortnight."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "how-we-decide",
        "north",
        "jo",
        "talk",
        "46d 20:50",
        "How we make decisions here, and how to start one",
        """
Written after the third meeting in which somebody asked, quite rightly, how this works.

## Small things: just do them

If it costs under twenty and can be undone, do it and tell us afterwards. Buying tea, printing
thirty leaflets, opening the hall early: nobody needs to be asked.

## Things that touch others: ask for advice first

Speak to those whom it touches, and to one person who knows about it. Then you decide. **You need
their advice, not their permission.** Write two lines here about whom you asked.

## Things that bind all of us: consent

1. You put the proposal in writing, two days before the Tuesday meeting.
2. We read it aloud in both languages. First only questions, then one round in which everybody
   says what they think.
3. The facilitator asks: *does anybody have an objection?* An objection is not "I would do it
   differently". It is "this would harm what we are here for, and here is how".
4. An objection makes the proposal better or it stops it. Either way we thank the person.

## What the meeting cannot decide

Money above two hundred, and anything in the name of all of Riverside. That goes to the assembly.

If you have an idea and do not know which of these it is, write to Marisol or me. We answer by the
next evening.
""",
        "👍 marisol tom leila sunita wei fatou ❤️ amina dev 🙏 tariq ivana",
        pinned=True,
        says=(
            Say(
                "wei",
                "1h",
                "What if I am the only one with an objection and everybody looks at me? I "
                "would say nothing, to be honest.",
                "❤️ lan hawa",
            ),
            Reply(
                "jo",
                "25m",
                "You may give it to the facilitator on paper before the meeting, or to me. It "
                "is read without a name. We have done that twice and both times it was right.",
                "🙏 wei 👍 sunita",
            ),
            Say(
                "fatou",
                "1d 08:20",
                "Please keep “two days before”. I need one evening to put it into French and "
                "Spanish, and I do have a job.",
                "👍 jo mateo marisol",
            ),
            Say("leila", "3h", "And if nobody wants to facilitate?"),
            Reply(
                "jo",
                "40m",
                "Then we draw a name out of the tea tin, and the one who did it last week sits "
                "beside them. It is how I learned it.",
                "👀 leila 👍 kasia",
            ),
            Say(
                "marisol",
                "9d 19:10",
                "Updated by Jo today: the amount for small things went from ten to twenty, as "
                "we agreed on Tuesday. Everything else as before.",
                "👍 tom",
            ),
        ),
    ),
    Topic(
        "courtyard-lunch",
        "north",
        "piotr",
        "talk",
        "13d 18:30",
        "Photos from the courtyard lunch",
        """
Sixty-one people, I counted the plates. Pablo came over from the harbour and cooked for a hundred,
and nothing was left.

Everybody in these pictures said yes to this group seeing them. If you changed your mind, write to
me and it is gone within the hour, no reason needed.

The bread was rye and the other one was an accident.
""",
        "❤️ marisol tom leila sunita lan hawa jo kasia wei 🎉 mateo lucia luis aisha 👀 dev",
        pictures=(
            Picture(
                "courtyard_lunch",
                "Two long tables under bunting in the courtyard of Willow House, about thirty "
                "people eating",
            ),
            Picture("kitchen", "Three large pots on a trestle, steam, and a hand with a ladle"),
            Picture("garden", "The raised beds along the wall, late tomatoes, a child watering"),
            Picture("table", "A table after the meal: plates, half a loaf, a pack of cards"),
        ),
        says=(
            Say(
                "luis",
                "40m",
                "La segunda es mi mano. Diez kilos de arroz, doy fe.",
                "🎉 lucia mateo",
            ),
            Say(
                "lan",
                "1h",
                "My neighbour from the third floor came down for the first time since spring. "
                "She is in the first photo, on the left, in lilac. She asked me to say that "
                "she wants to have it.",
                "❤️ piotr marisol sunita jo fatou",
            ),
            Reply(
                "piotr",
                "1d 05:40",
                "I print it for her today. Large, so that it can stand on the cupboard.",
                "❤️ lan",
            ),
            Say(
                "hawa",
                "3h",
                "I knew nobody. Then a woman gave me a knife and forty onions, and after that "
                "I knew everybody.",
                "❤️ sunita kasia marisol 🎉 teresa leila",
            ),
            Say(
                "kasia",
                "2h",
                "It was me. You cut them too thick and we became friends anyway.",
                "❤️ hawa",
            ),
            Say("tom", "5h", "Who took the big blue pot? It belongs to the school.", "👀 sunita"),
            Reply(
                "sunita",
                "20m",
                "It stands in the school kitchen, washed. I never let that pot out of my sight.",
                "👍 tom",
            ),
            Say(
                "wei",
                "1d 17:00",
                "The boy in the third picture asked afterwards whether it is always like that "
                "“at the union”. I said yes, every week, and we eat the tomatoes as well.",
                "🎉 piotr ❤️ amina",
            ),
            Say(
                "marisol",
                "2h",
                "Sixty-one people and five of them I had only ever met through a closed door. "
                "Gracias, Pablo. Thank you, everybody who carried tables. The next one is in "
                "the spring, and it needs somebody who is not me to hold it. Who feels like "
                "learning that?",
                "❤️ hawa lucia 💪 teresa",
            ),
            Reply("hawa", "30m", "With Kasia, yes.", "🎉 kasia marisol"),
        ),
    ),
    Topic(
        "rent-letters-north",
        "north",
        "marisol",
        "talk",
        "9d 18:00",
        "Rent rise letters came this week. Please bring yours on Tuesday",
        """
Since {last:mon} at least nineteen homes between the bridge and the mill have had a letter from
Hartwell & Lane: **plus 9.4 per cent from the first of the quarter.**

Please, before you do anything:

1. **Do not sign and do not answer yet.** There is time. Nothing happens to you if you wait until
   Tuesday.
2. Take a photo of both sides, and of the envelope. The date on it matters.
3. Bring it on Tuesday. Miriam sits in the corner with the good lamp from half past six and reads
   every one of them with you.
4. Ask your neighbour to the left and to the right whether they got one. Only that.

*En español:* si te ha llegado la carta, no firmes ni contestes todavía. Tráela el martes, o súbela
sin tu nombre en Hispanohablantes.

If you are frightened, ring me. I mean it. I was, when mine came.
""",
        "❤️ amina hawa teresa wei 🙏 lan luis tariq 💪 tom leila jo kasia",
        ring="follower",
        pinned=True,
        says=(
            Say(
                "tariq",
                "50m",
                "We moved in three weeks ago and got one as well. Can they raise a rent that "
                "we have not even paid once?",
                "👀 wei",
            ),
            Reply(
                "jo",
                "30m",
                "Very probably not. Bring the lease and the letter. Miriam will enjoy this one.",
                "🙏 tariq",
            ),
            Say(
                "bern",
                "2h",
                "Bridge Street 9: fourteen letters for nineteen households. The five without "
                "one are those who moved in this year, if that tells Miriam something.",
                "👀 jo marisol",
            ),
            Say(
                "tom",
                "1d 07:10",
                "I deliver them. I may not tell you who gets one, and I will not. But I may "
                "tell you that my bag was heavy this week, so ask your neighbours.",
                "❤️ marisol kasia 💪 viktor",
            ),
            Say(
                "teresa",
                "4h",
                "Yo no puedo el martes a las siete, con los niños. ¿Puede mirarla alguien antes?",
            ),
            Reply(
                "marisol",
                "20m",
                "@teresa, paso yo el lunes a las cinco y la leemos en tu cocina.",
                "❤️ teresa",
            ),
            Say("lan", "1d 12:00", "Three of us come together. We will need the lamp for a while."),
        ),
    ),
    Topic(
        "welcome-tariq-ivana",
        "north",
        "sunita",
        "talk",
        "8d 16:00",
        "Welcome Ivana (Mill Street) and Tariq (Alder House)",
        """
Two people joined us this week.

**Ivana** plays the viola and lives above the archway in Mill Street 14. **Tariq** moved into Alder
House with his parents and mends telephones at the arcade.

Who lives near them and shows them where the bins really are? I have spoken with both, so you need
not be formal.
""",
        "❤️ marisol jo kasia tom 🎉 piotr leila lan",
        says=(
            Say(
                "kasia", "1h", "Ivana, number 18, first door. There is cake on Sundays.", "❤️ ivana"
            ),
            Say(
                "ivana",
                "4h",
                "Thank you. I was a bit worried about practising. Please tell me if it is too "
                "loud, I really prefer to hear it.",
            ),
            Reply(
                "hawa",
                "1h",
                "I live above you. On Wednesday you stopped in the middle and I wanted to know "
                "how it ends.",
                "❤️ ivana sunita marisol piotr",
            ),
            Say(
                "tariq",
                "1d 19:20",
                "Hello. If your phone screen is broken, bring it on Tuesday, I do it for the "
                "price of the part.",
                "🎉 aisha lucia 👍 mateo",
            ),
        ),
    ),
]
