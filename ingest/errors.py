"""What the accept side answers when it cannot take a request."""


class IngestError(Exception):
    """A refusal: the answer's status, a sentence for people, and what led to it.

    rate_limits is the value of the header X-Sentry-Rate-Limits, category the kind of data that is
    at fault; "" for none.
    Neither the sentence nor the causes ever hold a key or a part of a body.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        causes: tuple[str, ...] = (),
        *,
        retry_after_s: int = 0,
        rate_limits: str = "",
        category: str = "",
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.causes = causes
        self.retry_after_s = retry_after_s
        self.rate_limits = rate_limits
        self.category = category
