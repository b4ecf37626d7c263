"""What can go wrong between here and the site, as one family."""


class CatchallError(Exception):
    """Anything below; the text is for a person."""


class Unreachable(CatchallError):
    """Nobody answered, the site is failing or busy, or something else than it answered."""


class NotSignedIn(CatchallError):
    """No token, or none that is taken any longer; also a wrong name or password."""


class Refused(CatchallError):
    """The site understood and said no. `status` is HTTP's, 300 to 499."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class NotFound(Refused):
    """The site says 404: there is none, or it is not yours to see."""
