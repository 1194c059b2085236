"""Who is in the demo community."""

from config.demo.people import north_bank, south_bank, streets, town

PEOPLE = [*north_bank.PEOPLE, *streets.PEOPLE, *south_bank.PEOPLE, *town.PEOPLE]

LANGUAGES = {
    "ak": "Akan",
    "ar": "العربية",
    "bg": "български",
    "bn": "বাংলা",
    "ca": "català",
    "de": "Deutsch",
    "en": "English",
    "es": "español",
    "fa": "فارسی",
    "fr": "français",
    "ga": "Gaeilge",
    "ha": "Hausa",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "hrvatski",
    "ig": "Igbo",
    "it": "italiano",
    "ko": "한국어",
    "ml": "മലയാളം",
    "ne": "नेपाली",
    "pa": "پنجابی",
    "pl": "polski",
    "pt": "português",
    "qu": "runasimi",
    "ro": "română",
    "ru": "русский",
    "so": "Soomaali",
    "sr": "српски",
    "sv": "svenska",
    "sw": "Kiswahili",
    "ta": "தமிழ்",
    "tr": "Türkçe",
    "uk": "українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "wo": "Wolof",
    "zh": "中文",
}
"""What a language is called by those who speak it."""
