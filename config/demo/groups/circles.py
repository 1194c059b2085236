"""The rooms of the demo community: for leaders, a language, newcomers, parents, the night."""

from config.demo.shapes import Charter, Group

GROUPS = [
    Group(
        "stewards",
        "Stewards’ room",
        "stewards-room",
        "leaders",
        "Where those who hold a group ask each other for help.",
        "",
        "en es",
        "secret",
        "invite",
        hue=15,
        founded=900,
        cover="table",
        welcomer="sunita",
        safety="mo",
        stewards="marisol rosa",
        core="jo grace",
        participants="leila kasia bern oleh carmen ana felix bea sunita mo dev omar",
        charter=Charter(
            purpose="So that nobody carries a group alone.",
            who_we_are="Everyone who is a steward of a group now, and nobody longer than that.",
            norms="- We speak of situations, and name people only where it is needed.\n"
            "- Whoever asks says what they want: ideas, an ear, or a decision.\n"
            "- No decision about a group is made here that the group could make.",
            how_we_correct="Rosa or Marisol, by telephone, the same day.",
            decision_default="consent",
            rhythm="Last Friday of the month, 18:00, and soup afterwards.",
            conflict_step="Mo Lindqvist, or a person from outside on whom we agree.",
        ),
    ),
    Group(
        "hispano",
        "Hispanohablantes",
        "hispanohablantes",
        "affinity",
        "Nos vemos, nos ayudamos, decidimos juntas.",
        "",
        "es",
        "public",
        "open",
        hue=3,
        founded=760,
        cover="courtyard",
        welcomer="valentina",
        safety="carmen",
        stewards="marisol carmen",
        core="ana luis valentina",
        participants="mateo pablo teresa hector nacho lucia ines fatou raul luz gloria beto",
        charter=Charter(
            purpose="Que nadie se quede fuera de una decisión por el idioma, y que lo que "
            "pensamos aquí llegue a toda la organización.",
            who_we_are="Vecinas y vecinos que pensamos en español: de Cuzco, de Sevilla, de "
            "Medellín, de aquí.",
            norms="- Se traduce lo que se decide, no todo lo que se dice.\n"
            "- Quien llega primero pone las sillas; quien llega último las recoge.\n"
            "- Nadie corrige el español de nadie.",
            how_we_correct="Hablando, y si hace falta caminando un rato junto al río.",
            decision_default="consent",
            rhythm="El segundo domingo de cada mes, a las doce, en el patio de Willow House. "
            "Si llueve, en la biblioteca.",
            conflict_step="Primero Carmen o Marisol. Después, Mo.",
        ),
    ),
    Group(
        "newhere",
        "New here",
        "new-here",
        "circle",
        "Your first weeks: ask anything, meet somebody, find your street.",
        "",
        "en es fr",
        "public",
        "open",
        hue=12,
        founded=590,
        cover="welcome",
        welcomer="piotr",
        safety="mo",
        stewards="sunita mo",
        core="grace piotr",
        participants="amina tariq ivana raul luz yara samir malik marisol jo fatou zainab "
        "miriam tom dev aisha",
        followers="maeve",
        charter=Charter(
            purpose="That everybody who joins is met by a person within two days.",
            who_we_are="Whoever is new, for about a month, and eight of us who remember how "
            "that was.",
            norms="- Questions are answered the same day or passed on the same day.\n"
            "- We write in short sentences.\n"
            "- Nobody is asked for money in here.",
            how_we_correct="By writing to the person, not under their first post.",
            decision_default="consent",
            rhythm="A walk along the river on the first Saturday of the month, 11:00, from the "
            "bridge.",
            conflict_step="Sunita, then Mo.",
        ),
    ),
    Group(
        "childcare",
        "Childcare circle",
        "childcare-circle",
        "circle",
        "So that parents can come to meetings, and children have a better evening than we do.",
        "",
        "es en",
        "public",
        "open",
        hue=16,
        founded=16,
        state="forming",
        cover="garden",
        stewards="teresa",
        core="valentina",
        participants="marisol kofi wei amina",
        charter=None,
    ),
    Group(
        "nights",
        "Night shift",
        "night-shift",
        "circle",
        "For everyone who cannot come on Tuesdays at seven.",
        "",
        "en",
        "open",
        "open",
        hue=13,
        founded=300,
        state="needs_support",
        state_reason="We read, but we do not decide, and Dev and Omar are tired in the "
        "ordinary way. What would help: one more person who opens the questions "
        "in the morning.",
        parents="north south",
        cover="night",
        welcomer="sunita",
        safety="dev",
        stewards="dev omar",
        participants="samir beto piotr elif stefan sunita",
        charter=Charter(
            purpose="That working nights is no reason to have no say.",
            who_we_are="Nurses, drivers, porters, bakers.",
            norms="- A question stays open for two nights before it counts as answered.\n"
            "- Short messages.\n"
            "- No telephone before noon.",
            how_we_correct="In writing, kindly, after sleep.",
            decision_default="consent",
            rhythm="In writing, weekdays at 06:30. Breakfast at the harbour kiosk on the last "
            "Friday.",
            conflict_step="Dev, then Sunita.",
        ),
    ),
]
