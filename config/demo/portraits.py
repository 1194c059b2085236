"""Who shows a picture of themselves: the drawing's seed, its look, and the hue of the wall."""

PORTRAITS = {
    "leila": ("leila4", "curls", 30),
    "rosa": ("rosa5", "bun", 280),
    "piotr": ("piotr5", "cap", 210),
    "sunita": ("sunita5", "long", 350),
    "kasia": ("kasia1", "bun", 140),
    "oleh": ("oleh3", "short", 240),
    "carmen": ("carmen3", "bun", 10),
    "zainab": ("zainab1", "scarf", 190),
    "fatou": ("fatou3", "scarf", 60),
    "kofi": ("kofi4", "short", 110),
    "lan": ("lan2", "long", 160),
    "emeka": ("emeka5", "short", 25),
    "viktor": ("viktor4", "cap", 100),
    "grace": ("grace1", "curls", 45),
    "dev": ("dev3", "short", 260),
    "ruth": ("ruth", "long", 230),
    "ana": ("ana2", "bun", 90),
    "mateo": ("mateo3", "cap", 70),
}
