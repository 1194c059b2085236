"""Talk in Bridge Street 9."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "bridge-roof",
        "bridge",
        "oleh",
        "talk",
        "6h",
        "The roof: I was up there today. Four photos and one sentence",
        """
The sentence: the felt is torn over eleven metres on the river side, and everything that we have
been told about "condensation" since 2022 is rain.

I did not repair anything. I measured, I took photos with a ruler in them, and I came down again.
Andrei reads the ceiling below with his meter on Sunday. Then we write *one* page.
""",
        "💪 bern lan andrei hector 👀 fatou ❤️ piotr",
        pictures=(
            Picture("roof", "A flat roof with a long tear in the felt, a folding ruler beside it"),
            Picture(
                "damp_wall", "A brown stain in the corner of a ceiling, its edge marked in pencil"
            ),
        ),
        files=("roof-measurements.pdf",),
        says=(
            Say(
                "bern",
                "40m",
                "Condensation. I have had condensation drip on me since the day they cut the "
                "roofer.",
                "💪 lan",
            ),
            Say(
                "andrei",
                "1h",
                "From the photo: the layer under it is wet as well. Do not let anybody walk "
                "there. Also you not, Oleh.",
                "👍 bern",
            ),
            Reply(
                "oleh",
                "15m",
                "I was on the ladder board with a rope. My wife made me promise.",
                "❤️ lan fatou",
            ),
            Say(
                "hector",
                "1h",
                "En el puerto decíamos: la foto con regla vale por dos testigos.",
                "👍 oleh fatou",
            ),
            Say(
                "fatou",
                "30m",
                "He says: at the docks, a photo with a ruler counted as two witnesses. I "
                "translate the page into French when it is there.",
                "🙏 hector oleh",
            ),
        ),
    ),
    Topic(
        "bridge-letters",
        "bridge",
        "bern",
        "talk",
        "8d 15:30",
        "Fourteen letters on my kitchen table",
        """
Fourteen of nineteen. I laid them out beside each other, as one does with patience cards, and they
are all the same letter with another number in it.

In 1983 it was plus twelve, and they said it was for the lift. There was never a lift.

Nobody signs, nobody answers, and nobody is ashamed in front of me that the sum is a lot for them.
It is a lot for me.

I have written the fourteen sums on a sheet without names. Whoever wants to see the sheet comes for
tea.
""",
        "💪 oleh hector lan fatou marisol ❤️ raul andrei piotr",
        ring="follower",
        says=(
            Say(
                "lan",
                "1h",
                "I thought mine was the highest and did not say anything. It is in the middle.",
                "❤️ bern fatou",
            ),
            Reply("bern", "20m", "They count on each of us thinking that, dear.", "💪 lan hector"),
            Say("raul", "4h", "Yo no he recibido. ¿Es bueno o es malo?"),
            Reply(
                "marisol",
                "1h",
                "Ni una cosa ni otra, Raúl: entraste este año y todavía no te pueden subir. "
                "Guarda tu contrato, y ven igual, que tu voz cuenta lo mismo.",
                "🙏 raul",
            ),
            Say(
                "oleh",
                "1d 18:00",
                "Sunday at four at Bernadette’s, all fourteen. Children welcome, there is my "
                "train set.",
                "🎉 bern",
            ),
        ),
    ),
    Topic(
        "bridge-plants",
        "bridge",
        "lan",
        "talk",
        "19d 10:10",
        "Third floor: I have not seen Mrs Petrou’s slippers for four days",
        """
She puts them out every morning. The light is on in the evening. I knocked and she said she is fine
through the door.

I do not want to be a nuisance. What would you do?
""",
        "❤️ bern oleh",
        ring="core",
        says=(
            Say(
                "bern",
                "30m",
                "Be a nuisance. I go up with soup at twelve and ask whether she can spare me "
                "an egg. People who say they are fine like to be asked for something.",
                "❤️ lan oleh",
            ),
            Say(
                "bern",
                "5h",
                "She has the flu and a cold kitchen. She has soup now, I have an egg, and Oleh "
                "looks at her heater at five. She says hello to the person who counts slippers.",
                "❤️ lan oleh",
            ),
            Reply("lan", "20m", "I will water her plants, too."),
        ),
    ),
    Topic(
        "bridge-stairs-light",
        "bridge",
        "raul",
        "question",
        "14d 21:00",
        "¿A quién se avisa si la luz de la escalera falla?",
        """
Vuelvo a las dos y subo a oscuras. No sé si aquí se llama a la empresa o a alguien de la casa.
""",
        answer=0,
        language="es",
        says=(
            Say(
                "oleh",
                "1h",
                "First to me, I look whether it is dangerous. Then we report it to the company "
                "together, with the date. I changed the bulb on the second floor today; the "
                "switch on the third is theirs.\n\n"
                "*Primero a mí (piso 1, puerta blanca). Luego lo comunicamos juntos.* I hope "
                "the Spanish is right.",
                "🙏 raul ❤️ hector fatou",
            ),
            Reply(
                "hector", "30m", "Perfecto el español. El interruptor, no tanto.", "🎉 oleh raul"
            ),
            Reply("raul", "12h", "Hoy he subido con luz. Gracias, vecino.", "❤️ oleh"),
        ),
    ),
    Topic(
        "bridge-1983",
        "bridge",
        "bern",
        "experience",
        "33d 16:00",
        "What we did right in 1983, and what I would not do again",
        """
I am asked about this every week, so here it is once.

## What we did right

- We **opened one account for the rent we held back**, and two people had to sign. The judge asked
  to see it on the first day, and there it was, every penny.
- Every floor had a *floor mother*. Mine was called Dot, and she knew who was weakening before they
  knew it themselves.
- We had a date on which it would end, and we ended on it, and so people believed us the next time.

## What I would not do again

- We let the men speak to the newspapers because they had the time.
- We were hard on the two who paid. One of them never spoke to me again, and she lived across the
  landing until 2006. I think of that more often than of the victory.
- We sang too late. Start singing earlier.
""",
        "❤️ marisol fatou lan oleh piotr 🙏 andrei raul 💪 hector",
        says=(
            Say("fatou", "2h", "The two who paid. Thank you for writing that down."),
            Say(
                "hector",
                "1d 12:00",
                "Lo mismo en el puerto. Se gana una vez y se vive con la gente treinta años.",
                "❤️ bern marisol fatou",
            ),
            Say("piotr", "2d 05:30", "May I photograph the biscuit tin? Only the tin."),
            Reply(
                "bern",
                "4h",
                "You may. Not the receipts, one of them is for gin.",
                "🎉 piotr oleh fatou lan",
            ),
        ),
    ),
]
