"""How people sign up, sign in and prove that they are still themselves, over django-allauth."""
