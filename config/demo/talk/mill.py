"""Talk in the Mill Street stairwell."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "boiler-pressure",
        "mill",
        "leila",
        "talk",
        "7h",
        "Boiler: pressure is at 1.6, as it should be. Please read it once a day",
        """
It has run for eight days without a stop. I would like it to stay that way, so: the gauge hangs at
the cellar door, at eye level, with a green line on it. **Whoever passes reads it and writes it on
the list.** Green is good. Below the line you call me, not the company, and I call the company.

This week: Luis, Kasia, Ivana, Viktor. Next week: who?
""",
        "👍 kasia luis ivana 💪 tom",
        pinned=True,
        pictures=(
            Picture("boiler", "The boiler in the cellar, its gauge in the green, a list beside it"),
        ),
        says=(
            Say("aisha", "30m", "Next week me, and Teresa when I have lectures.", "👍 leila"),
            Say("ivana", "1h", "1.6 at noon. I sang to it a bit.", "❤️ hawa kasia"),
            Say(
                "viktor",
                "2h",
                "1.55. Normal when it is cold. Do not touch the red tap.",
                "👍 leila",
            ),
            Reply(
                "leila", "20m", "Nobody touches the red tap. I will put a sock over it.", "🎉 aisha"
            ),
        ),
    ),
    Topic(
        "cellar-light",
        "mill",
        "kasia",
        "question",
        "3d 19:40",
        "Cellar light: on all night again. Who was last?",
        """
No accusation. I only want to know whether it is one of us or the sensor. It was on at midnight on
{day:-1} and at six this morning.
""",
        says=(
            Say("luis", "1h", "Bajé a las diez por la bici y la apagué. O eso creo."),
            Say(
                "viktor",
                "2h",
                "It is the sensor. There is a spider in it. Every autumn it is the same "
                "spider, or her daughter.",
                "🎉 kasia aisha hawa ❤️ ivana",
            ),
            Say(
                "teresa",
                "1d 08:10",
                "No la mates, por favor. Mi hija le puso nombre.",
                "❤️ viktor kasia luis",
            ),
            Reply(
                "viktor", "40m", "I carry her to the bicycle side. She will be back.", "❤️ teresa"
            ),
        ),
    ),
    Topic(
        "stairs-meeting",
        "mill",
        "kasia",
        "talk",
        "6d 12:00",
        "Stairs meeting on {next:mon}: what belongs on the list?",
        """
Half past seven, between second and third, bring a cushion. So far:

- boiler: what we do in the next frost
- rent letters: who has not got one and is afraid to say so
- bicycles in front of number 12
- Ivana, who is new, and whom everybody has heard and few have seen

What else?
""",
        "👍 tom aisha ivana",
        says=(
            Say("hawa", "3h", "The roof window above the fifth floor. It does not shut any more."),
            Say(
                "tom",
                "2h",
                "The thank-you card to the fitter. He has it on his dashboard, he told me.",
                "❤️ leila hawa",
            ),
            Say(
                "teresa",
                "1d 13:00",
                "Los niños quieren decir algo sobre las bicis. Dos minutos, lo tienen preparado.",
                "❤️ kasia viktor marisol",
            ),
            Reply("kasia", "30m", "Then they come first, and the frost afterwards.", "❤️ teresa"),
        ),
    ),
    Topic(
        "thank-you-card",
        "mill",
        "tom",
        "talk",
        "10d 20:00",
        "The heating is on. Card for the fitter: please sign by tomorrow noon",
        """
Number 10 to number 18, all fourteen flats: warm, as of 15:40 today. I went up and put my hand on
one radiator per floor.

There is a card on the letterboxes for the man who worked until nine in the evening two days
running. He did not make the boiler late and he did make it run. Sign with your first name.
""",
        "🎉 leila kasia viktor luis aisha hawa teresa ❤️ marisol andrei",
        says=(
            Say(
                "hawa",
                "20m",
                "My son asked why the wall is warm.",
                "❤️ tom leila kasia teresa viktor marisol",
            ),
            Say(
                "luis",
                "1h",
                "Firmado. Y mi suegra también, que no vive aquí pero se ha duchado.",
                "🎉 teresa kasia",
            ),
            Say(
                "viktor",
                "3h",
                "Good. Now we bleed the radiators from the bottom up. Saturday, nine.",
            ),
            Reply(
                "leila",
                "30m",
                "From the bottom up, he says. Forty years and he is right.",
                "🎉 kasia tom",
            ),
        ),
    ),
    Topic(
        "fourteen-doors",
        "mill",
        "tom",
        "debrief",
        "20d 21:30",
        "Eleven of fourteen: how the round went tonight",
        """
One letter, one evening, fourteen doors. Leila, Kasia, Luis and I.

* **Signed: 11.** Three of them had not spoken with anybody in the house this year.
* **Not at home: 2.** I post tomorrow at 6, I will see the light.
* **No: 1.** She works for the company’s cleaning firm and fears for her hours. We thanked her. Her
  name is in no list, and I ask everybody to leave it like that.

We read the letter aloud at each door. At the fourth door Luis read it in Spanish, at the seventh
Kasia in Polish, and at the ninth somebody corrected a comma.

Tomorrow at ten we hand it in, as many as can come.
""",
        "💪 leila kasia viktor hawa ❤️ marisol luis teresa aisha",
        says=(
            Say(
                "aisha",
                "20m",
                "I have a lecture at ten. I will have a cough at ten.",
                "🎉 hawa luis",
            ),
            Say(
                "leila",
                "2h",
                "Ask for a receipt. With a time on it, not only a date.",
                "👍 tom kasia",
            ),
            Say(
                "tom",
                "1d 11:20",
                "Handed in, eight of us. Receipt 10:12, stamped. The lady at the desk asked "
                "whether we had an appointment, and Kasia said: *we have an appointment with "
                "the winter.*",
                "🎉 leila viktor hawa luis aisha ❤️ marisol teresa",
            ),
        ),
    ),
    Topic(
        "viola-hours",
        "mill",
        "ivana",
        "question",
        "9d 17:20",
        "When is practising all right in this house?",
        """
I usually play between five and seven. I can put a mute on. Is there a child who sleeps then, or
somebody after a night shift?
""",
        "❤️ hawa kasia",
        answer=1,
        says=(
            Say("hawa", "1h", "Five to seven is good with us. Friday also later."),
            Say(
                "kasia",
                "2h",
                "One of us works nights and sleeps until four. From five on there is nobody "
                "you could wake. Thank you for asking, the trumpet did not.",
                "👍 ivana luis",
            ),
            Reply(
                "ivana", "20m", "Then five to seven, and Fridays until eight. Who was the trumpet?"
            ),
            Reply("viktor", "1h", "We do not speak of the trumpet.", "🎉 leila tom kasia hawa"),
        ),
    ),
]
