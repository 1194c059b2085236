"""The demo community: the tenants' union of a town that does not exist, as plain data."""


def sign_ins() -> list[str]:
    """Lines that say how to sign in, for whoever started the demo; none in another community."""
    from community.models import Member
    from config.demo.pending import PASSWORD, SIGN_INS

    known = set(
        Member.objects.filter(email__endswith="@riverside.example").values_list("email", flat=True)
    )
    lines = [
        f"  {email:<28} {who}"
        for key, who in SIGN_INS
        if (email := f"{key}@riverside.example") in known
    ]
    return [f"Sign in with the password {PASSWORD} as", *lines] if lines else []
