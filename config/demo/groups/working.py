"""The campaign of the demo community, what works beside it, and its supporters."""

from config.demo.shapes import Charter, Group

GROUPS = [
    Group(
        "repairs",
        "Repairs campaign",
        "repairs",
        "campaign",
        "Heating and damp in every home before winter.",
        "",
        "en es",
        "public",
        "open",
        hue=18,
        founded=410,
        cover="repairs",
        welcomer="aisha",
        safety="sunita",
        stewards="jo rosa",
        core="tom leila andrei kwame marisol noor",
        participants="kasia viktor ruth ana luis piotr zainab bern oleh lan priya aisha teresa "
        "mateo fatou emeka nadia carmen ines amina miriam grace hawa bea sunita "
        "dev elif yusuf omar mo lucia nacho june sofia shirley derek",
        followers="hanna maeve gloria stefan beto hector jamal daniel malik",
        charter=Charter(
            purpose="By the end of winter every reported repair in our eleven buildings has a "
            "name, a date and an answer.",
            who_we_are="People from both banks who write letters, carry moisture meters, draw "
            "leaflets and drive other people home.",
            norms="- Facts first: which flat, which date, which promise.\n"
            "- We never enter a home without having been asked in.\n"
            "- Nobody goes alone.\n"
            "- After each action, a debrief within three days, also when it went well.\n"
            "- The day before an action somebody rings the place, and we count only people who "
            "have told a person yes, twice.",
            how_we_correct="In the debrief, with “I saw” and not with “you always”.",
            decision_default="consent",
            rhythm="Mondays, 20:00, thirty minutes by telephone. Survey days on Saturdays.",
            conflict_step="Jo and Rosa hear both sides within a week.",
            changed=(24, "From the debrief of the empty office: ring first, count twice."),
        ),
    ),
    Group(
        "register",
        "Rent register working group",
        "rent-register",
        "working",
        "What do we really pay? Counted house by house, with permission.",
        "",
        "en",
        "closed",
        "ask",
        hue=10,
        founded=240,
        parents="repairs",
        cover="ledger",
        welcomer="zainab",
        safety="miriam",
        stewards="bea felix",
        core="miriam zainab",
        participants="daniel elif lan ana nadia jo kofi",
        followers="june",
        questions=(
            "How many hours could you give in a month? Two is a good answer.",
            "Do you work for a landlord, an agent or the council’s housing services?",
            "You will see what neighbours pay. Have you read what we keep and what we never keep?",
        ),
        charter=Charter(
            purpose="A table of rents in our buildings that a neighbour can trust and a "
            "landlord cannot use.",
            who_we_are="People who count for a living, people who know the law, and people who "
            "know the doors.",
            norms="- We ask, we do not find out.\n"
            "- Fewer than five homes are never shown as a group.\n"
            "- Two people check each figure that leaves this room.",
            how_we_correct="A wrong figure is corrected where it was published, on the same day.",
            decision_default="consent",
            rhythm="Every second Wednesday, 19:00, reading room of the library.",
            conflict_step="Miriam, then the stewards of the Repairs campaign.",
        ),
    ),
    Group(
        "supporters",
        "Supporters of Riverside",
        "supporters",
        "circle",
        "For everybody who wants to hear what we did, and to be called when it matters.",
        "",
        "en es",
        "public",
        "open",
        hue=6,
        founded=460,
        cover="banner",
        welcomer="june",
        safety="maeve",
        stewards="maeve marisol",
        core="piotr noor",
        participants="rosa tom jo daniel june gloria shirley jamal",
        followers="hanna stefan beto sofia priya yusuf elif hector malik lan wei kofi emeka "
        "nadia valentina pablo teresa lucia aisha hawa omar nacho bern oleh andrei "
        "viktor zainab ines carmen ana luis kwame ruth grace dev yara raul kasia "
        "leila",
        charter=Charter(
            purpose="To have two hundred people at the council when there are two hundred seats.",
            who_we_are="Tenants, former tenants, owners, aunts, and one parish priest.",
            norms="- Two letters a month. If we have nothing to say, one.\n"
            "- We ask for one thing at a time and say what became of the last one.",
            how_we_correct="We publish the correction as large as the mistake.",
            decision_default="consent",
            rhythm="A letter on the first and on the fifteenth.",
            conflict_step="Maeve, then Marisol.",
        ),
    ),
    Group(
        "strike",
        "Rent strike preparation",
        "rent-strike-preparation",
        "working",
        "To find out, carefully, whether we could, and what would have to be true first.",
        "",
        "en",
        "secret",
        "voucher",
        hue=17,
        founded=33,
        parents="south",
        cover="woven",
        welcomer="grace",
        safety="bern",
        stewards="rosa jo",
        core="miriam bern marisol daniel hector",
        participants="ana kwame ruth grace zainab emeka",
        charter=Charter(
            purpose="To answer one question before the rent rise is due: are we strong enough, "
            "house by house, to withhold the increase together?",
            who_we_are="Two or three people from each house that got a letter, and those who "
            "have done it before.",
            norms="- We count what people did, not what they said.\n"
            "- Nobody is pushed. A “no” is noted once and never asked again.\n"
            "- Below the threshold we do not start. The threshold is fixed before we "
            "count.",
            how_we_correct="By stopping. Anybody may stop the meeting.",
            decision_default="consensus",
            rhythm="Sundays, 18:00, a different kitchen each time.",
            conflict_step="Miriam and Bernadette.",
        ),
    ),
]
