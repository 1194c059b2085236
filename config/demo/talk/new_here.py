"""Talk in New here."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "rent-twice",
        "newhere",
        "amina",
        "question",
        "1d 19:50",
        "Can my landlord raise the rent twice in one year?",
        """
First week here. My sister and I got a letter on Monday, and we already had one in February. I am
not sure whether to answer it.

It says "please confirm your agreement within 14 days", and there is a line for a signature.
""",
        "👀 tariq ivana",
        answer=0,
        says=(
            Say(
                "jo",
                "40m",
                "In short: **no, and you do not need to sign.**\n\n"
                "Between two increases there has to be a full year, and “please confirm” is a "
                "request and not a duty. If you sign, you agree, and that is what the line is "
                "for. So leave it empty and bring both letters on Tuesday. Miriam reads them "
                "with you at half past six, under the good lamp.",
                "🙏 amina tariq ❤️ sunita",
            ),
            Say(
                "miriam",
                "1h",
                "What Jo says, with one addition: keep the envelope of the February letter if "
                "you still have it. The postmark may be worth more than the letter.",
                "👍 jo amina",
            ),
            Reply(
                "amina",
                "20m",
                "My sister keeps everything. For the first time I am glad about it.",
                "🎉 sunita jo zainab",
            ),
            Say(
                "tariq",
                "2h",
                "Thank you for asking this. I was going to sign mine on Monday because of the "
                "14 days.",
                "❤️ amina",
            ),
        ),
    ),
    Topic(
        "start-here",
        "newhere",
        "sunita",
        "talk",
        "52d 10:00",
        "Start here: who we are and how to ask for something",
        """
Hello. I am Sunita. I cook at the primary school, and with Mo, Grace and Piotr I look after this
group.

**If something is urgent** (no heating with small children, somebody at your door, a letter with a
court on it): do not write, ring. Marisol, Jo or me, the numbers are on the card that you were
given.

**If it is not urgent**, ask here. You need not know the right word. "There is a noise in the
wall" is a good question.

**If you would rather ask without everybody reading it**, write to one of us four.

**If you want to do something straight away**: survey days are on Saturdays, you go with somebody
experienced and hold the ruler.

**Where things are**

- your street or house: look under *Groups*
- Spanish: *Hispanohablantes*
- you work nights: *Night shift*

In about a month you will not need this group any more. Then please stay a little longer and answer
somebody.
""",
        "❤️ amina tariq luz ivana raul marisol mo 🙏 samir malik yara",
        pinned=True,
        says=(
            Say("raul", "29d 19:00", "Gracias. Lo he leído con el traductor y se entiende todo."),
            Reply(
                "fatou",
                "1h",
                "Bienvenido, @raul. Vivo en tu misma casa, segundo piso. Hay texto en español "
                "en Hispanohablantes.",
                "❤️ raul sunita",
            ),
            Say(
                "yara",
                "8d 20:00",
                "I have stayed a little longer. Who needs help with maths?",
                "❤️ sunita mo",
            ),
        ),
    ),
    Topic(
        "hello-luz",
        "newhere",
        "luz",
        "talk",
        "6d 18:30",
        "Hola, soy Luz",
        """
Cuido a una señora en el casco viejo y vivo en su casa. No tengo contrato de alquiler. ¿Puedo estar
aquí igual?
""",
        "❤️ marisol sunita mo amina piotr",
        language="es",
        says=(
            Say(
                "marisol",
                "15m",
                "Sí. Donde vives es tu casa, con papel o sin él. Bienvenida, Luz.",
                "❤️ luz fatou grace",
            ),
            Say(
                "sunita",
                "1h",
                "Welcome, Luz. Fatou translates this for me: I am very glad that you asked first.",
                "❤️ luz",
            ),
            Say(
                "piotr",
                "9h",
                "Bread on Saturday at the bridge, 11:00, when we walk. No Spanish needed for "
                "bread.",
                "🎉 luz marisol",
            ),
        ),
    ),
    Topic(
        "deposit-silly",
        "newhere",
        "malik",
        "question",
        "33d 13:00",
        "Silly question: do I have to paint when I move out?",
        """
They want 400 off the deposit for "walls". The walls were that colour when I came.
""",
        "👀 aisha",
        answer=1,
        says=(
            Say("aisha", "30m", "Do you have photos from the day when you moved in?"),
            Say(
                "zainab",
                "2h",
                "Not silly. You owe them the walls *as you got them, minus ordinary wear*. "
                "Ordinary wear is not painted away at your expense. If there is no inventory "
                "with photos from **their** side, they can hardly prove anything. I have a "
                "letter for this.",
                "👍 miriam 🙏 malik",
            ),
            Reply(
                "malik",
                "20m",
                "They have no photos. I have a video of my housewarming in which you can see "
                "every wall and my uncle dancing.",
                "🎉 aisha zainab piotr tom",
            ),
            Reply("miriam", "3h", "The uncle is dated, I hope."),
            Say(
                "malik",
                "12d 17:30",
                "All of it came back. 1,150. Haircuts for the legal department are free until "
                "spring.",
                "🎉 zainab miriam aisha sunita jo tom marisol ❤️ grace",
            ),
        ),
    ),
    Topic(
        "walk-saturday",
        "newhere",
        "grace",
        "talk",
        "8d 14:30",
        "From the walk along the river",
        """
Nine new people, four who are no longer new, and a dog of uncertain membership. We went from the
bridge to the mill and back again, and each person showed one window and said something about it.

I have lived here for thirty-one years, and I learned about six windows.

The next walk is on {next:sat}, at eleven, from the bridge. It is flat all the way; Ruth has
tested it.
""",
        "❤️ sunita piotr ivana mo 🎉 malik raul",
        pictures=(
            Picture(
                "river_walk", "People walking in twos and threes along the river, the mill behind"
            ),
        ),
        says=(
            Say(
                "ivana",
                "2h",
                "I showed a window that is not mine yet. Now it is.",
                "❤️ grace sunita",
            ),
            Say(
                "piotr",
                "1h",
                "Picture is from behind, so that nobody had to be asked. The dog was asked.",
            ),
        ),
    ),
    Topic(
        "hello-ivana",
        "newhere",
        "ivana",
        "talk",
        "12d 20:00",
        "New in Mill Street 14, with a viola",
        """
Good evening. I came from Rijeka by way of Graz, I teach at the music school, and I know exactly one
word of union language, which is "quorum".

What can somebody do who is free in the mornings?
""",
        "❤️ sunita marisol 🎉 piotr mo",
        says=(
            Say(
                "mo",
                "40m",
                "Mornings are rare here. Ringing people who work in the evening, for a start. "
                "And the gas inspector, who never comes at any other time.",
            ),
            Say(
                "dev",
                "10h",
                "Breakfast at the harbour kiosk, last Friday of the month. Six people who have "
                "just finished work. You would be the only one awake.",
                "🎉 ivana",
            ),
            Reply(
                "ivana", "1h", "I will be there. Awake, and with a quorum of rolls.", "❤️ dev sunita"
            ),
        ),
    ),
    Topic(
        "who-sees-me",
        "newhere",
        "tariq",
        "question",
        "8d 22:00",
        "Can my landlord see that I am in here?",
        """
Sorry if this has been asked. My father is worried about it.
""",
        "👀 amina",
        answer=0,
        says=(
            Say(
                "mo",
                "25m",
                "Your father is right to ask.\n\n"
                "- From outside nobody sees who is a member. Not the landlord, not a search "
                "engine.\n"
                "- In here people see your name where you write, and your profile only as far "
                "as you allow it. Look under *Me*, then *Who sees what*.\n"
                "- You do not have to use the name in your passport.\n"
                "- We ask for a street and never for a flat.\n\n"
                "What we cannot promise: that nobody in here ever talks. That is why there is "
                "a code of conduct, and why I exist.",
                "🙏 tariq amina ivana 👍 sunita",
            ),
            Reply(
                "tariq",
                "1h",
                "I read it aloud to him. He nodded and asked whether you would like some mangoes.",
                "🎉 mo sunita ❤️ grace",
            ),
        ),
    ),
    Topic(
        "samir-neighbour",
        "newhere",
        "samir",
        "talk",
        "5d 16:10",
        "My neighbour told me about the boiler letter",
        """
Hello. Mill Street 14. I sleep in the daytime, so I missed the round and did not sign, and now it is
warm anyway. I feel a bit like somebody who got on without a ticket.

I have asked to join Riverside North. What can I do that is not at seven on Tuesdays?
""",
        "❤️ sunita tom dev",
        says=(
            Say(
                "tom",
                "1h",
                "You are not without a ticket, you live there. And the gauge at the cellar "
                "door needs somebody who comes home at six in the morning.",
                "❤️ samir",
            ),
            Reply(
                "samir",
                "12h",
                "I can do that. Gauge, green line, write it down. It was 1.6.",
                "🎉 tom",
            ),
            Say("dev", "10m", "Night shift group. Half past six. You are one of us."),
        ),
    ),
]
