"""The branches of the demo community."""

from config.demo.shapes import Charter, Group

GROUPS = [
    Group(
        "north",
        "Riverside North",
        "riverside-north",
        "local",
        "Every tenant between the bridge and the mill, looking after each other’s homes.",
        "North bank",
        "en es",
        "closed",
        "ask",
        hue=8,
        founded=1180,
        cover="riverside",
        welcomer="sunita",
        safety="dev",
        stewards="marisol jo",
        core="tom leila sunita piotr dev kasia",
        participants="amina oleh bern mateo wei lucia viktor luis andrei fatou lan hawa teresa "
        "aisha noor ivana mo tariq",
        followers="hanna beto hector malik derek",
        questions=(
            "Which building or street between the bridge and the mill do you live in?",
            "Is there something in your home that should have been repaired by now?",
        ),
        charter=Charter(
            purpose="That every home between the bridge and the mill is warm, dry and "
            "affordable, and that nobody here faces a landlord alone.",
            who_we_are="Tenants and subtenants of Alder House, Willow House, Mill Street and "
            "Bridge Street, and of the small houses in between. You are in from the "
            "day you say so.",
            norms="- We start at seven and end at half past eight. Whatever is left, waits.\n"
            "- Whoever speaks first today speaks last next time.\n"
            "- A promise has a name and a date, or it is a wish.\n"
            "- We interpret as we go. If you did not follow, say so: it is our job, not "
            "yours.\n"
            "- Children may be loud.",
            how_we_correct="Anybody may say “norm”. Then we stop, the person who said it names "
            "which one, and we go on. Nobody has to defend themselves on the "
            "spot.",
            decision_default="consent",
            rhythm="Tuesdays, 19:00 to 20:30, community hall in Alder House. In the first week "
            "of the month we eat together first.",
            conflict_step="First talk to each other. Then ask Sunita or Dev to sit with you "
            "both. Then Mo Lindqvist, who belongs to no side here.",
            changed=(190, "Children may be loud. Agreed after the meeting with eleven of them."),
        ),
    ),
    Group(
        "mill",
        "Mill Street stairwell",
        "mill-street",
        "branch",
        "Fourteen flats, one boiler, one voice.",
        "Mill Street",
        "en es fr",
        "open",
        "open",
        hue=1,
        founded=540,
        parents="north",
        cover="stairwell",
        welcomer="kasia",
        safety="tom",
        stewards="leila kasia",
        core="tom viktor",
        participants="luis aisha hawa teresa ivana marisol andrei",
        followers="beto",
        charter=Charter(
            purpose="Hot water, a dry cellar, and a stairwell where people know each other’s "
            "names.",
            who_we_are="Everyone who lives in Mill Street 10 to 18, and two friends who used to.",
            norms="- We write in whatever language we have. Somebody will put it into English.\n"
            "- Repairs are reported together, on the first Monday of the month.\n"
            "- Nothing about a neighbour that you would not say with the door open.",
            how_we_correct="Kasia puts the kettle on.",
            decision_default="consent",
            rhythm="First Monday of the month, 19:30, on the stairs between second and third. "
            "Bring a cushion.",
            conflict_step="Kasia or Leila; if it is about one of them, the other one; if it is "
            "about both, Marisol.",
        ),
    ),
    Group(
        "bridge",
        "Bridge Street 9",
        "bridge-street-9",
        "branch",
        "One house, six languages and a roof that we are going to get mended.",
        "Bridge Street",
        "en vi fr uk es",
        "open",
        "open",
        hue=2,
        founded=700,
        parents="north",
        cover="bridge",
        welcomer="lan",
        safety="bern",
        stewards="bern oleh",
        core="lan",
        participants="fatou andrei hector raul marisol piotr",
        followers="tom",
        charter=Charter(
            purpose="To stay in this house, all of us, and to have a roof over it that holds.",
            who_we_are="The nineteen households of Bridge Street 9.",
            norms="- One person speaks, the others translate in whispers, and then we change.\n"
            "- We do not sign anything from the company before two of us have read it.\n"
            "- Tea first.",
            how_we_correct="We say it the next day, in person, and only once.",
            decision_default="consensus",
            rhythm="Every second Sunday at four, at Bernadette’s.",
            conflict_step="Bernadette and Oleh together. After that, Jo from Riverside North.",
        ),
    ),
    Group(
        "south",
        "Riverside South",
        "riverside-south",
        "local",
        "Wharf Court, Tannery House and the streets behind. Lifts, rents, and the benches by "
        "the water.",
        "South bank",
        "en es",
        "public",
        "open",
        hue=11,
        founded=980,
        cover="harbour",
        welcomer="ana",
        safety="grace",
        stewards="rosa grace",
        core="kwame ruth ana",
        participants="zainab kofi nadia nacho shirley emeka pablo omar jamal carmen maeve jo "
        "marisol",
        followers="stefan june yusuf",
        charter=Charter(
            purpose="Working lifts, honest rents and a say in what is built on our side of the "
            "river.",
            who_we_are="Tenants of Wharf Court, Tannery House and the south bank streets, and "
            "the choir.",
            norms="- No meeting in a place that Ruth cannot get into.\n"
            "- Three minutes each, as at the council, so that we stay in practice.\n"
            "- We sing at the end. You do not have to.",
            how_we_correct="Whoever chairs names it; whoever is named may take a minute outside.",
            decision_default="majority",
            rhythm="Thursdays, 18:30 to 20:00, laundry café at Tannery House.",
            conflict_step="Grace listens to both. If that is not enough, Mo and somebody from "
            "the other bank.",
        ),
    ),
    Group(
        "harbour",
        "Harbour neighbours",
        "harbour",
        "local",
        "From the quay to the kiosk steps: small houses, one landlord each.",
        "Harbour",
        "en",
        "open",
        "open",
        hue=9,
        founded=350,
        state="dormant",
        state_reason="Since the summer only one of us has had the time. Yusuf keeps the key "
        "and the list. If two people on the quay would like to begin again, he "
        "opens the kiosk for you and puts the kettle on.",
        cover="woven",
        stewards="yusuf",
        participants="elif omar jamal",
        followers="mo maeve stefan",
    ),
]
