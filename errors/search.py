"""What the text search of issues compares. Pure."""


def search_text_of(title: str, value: str, culprit: str) -> str:
    """All that a word is looked for in, as one text without capitals."""
    return f"{title} {value} {culprit}".lower()
