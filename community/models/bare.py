"""How names are compared: without accents and case."""

from django.db.models import Func, TextField


class Bare(Func):
    """PostgreSQL's ``tequio_bare``, which an index may hold."""

    function = "tequio_bare"
    arity = 1
    output_field = TextField()
