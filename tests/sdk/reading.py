"""Reads the site's pages as a signed-in person does: what they say, not how they are built."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from tests.server import ADMIN_EMAIL, ADMIN_PASSWORD, Site, wait_until

_UNREAD = {"script", "style", "template", "title"}
_CODE = {"code", "pre"}
_WITHIN_A_LINE = {
    "a",
    "abbr",
    "b",
    "code",
    "em",
    "i",
    "mark",
    "q",
    "small",
    "span",
    "strong",
    "time",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `lines` are its blocks in reading order; code keeps a line for each of its own."""

    url: str
    lines: list[str]
    links: list[str]

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    def assert_says(self, *texts: str) -> None:
        """Fail, naming the page and what it does not say."""
        missing = [text for text in texts if text not in self.text]
        assert not missing, f"{self.url} does not say {missing}:\n" + "\n".join(self.lines)

    def values_of(self, name: str) -> set[str]:
        """What stands right after this name, wherever the page has it."""
        following = zip(self.lines, self.lines[1:], strict=False)
        return {value for line, value in following if line == name}


class Visitor:
    """The administrator in a browser without scripts."""

    def __init__(self, site: Site) -> None:
        self.http = httpx.Client(base_url=site.base_url, follow_redirects=True, timeout=30)
        self._sign_in()

    def open(self, path: str) -> Page:
        """Read a page of the site; fails where it answers with an error."""
        answer = self.http.get(path)
        answer.raise_for_status()
        return read_page(str(answer.url), answer.text)

    def open_issue(self, project: str, title: str) -> Page:
        """Wait until the project's list shows this title, then open its issue."""
        page = wait_until(lambda: self._list_with(project, title), f"{title!r} in the list")
        address = re.compile(rf".*/projects/{project}/issues/\d+/")
        return self.open(next(link for link in page.links if address.fullmatch(link)))

    def list_says(self, project: str, text: str) -> bool:
        """Whether the project's list of issues has this text."""
        return self._list_with(project, text) is not None

    def _list_with(self, project: str, title: str) -> Page | None:
        page = self.open(f"/projects/{project}/issues/")
        return page if title in page.text else None

    def _sign_in(self) -> None:
        self.http.get("/accounts/login/")
        answer = self.http.post(
            "/accounts/login/",
            data={
                "login": ADMIN_EMAIL,
                "password": ADMIN_PASSWORD,
                "csrfmiddlewaretoken": self.http.cookies["csrftoken"],
            },
        )
        assert "/accounts/login/" not in str(answer.url), "The administrator cannot sign in."


def read_page(url: str, html: str) -> Page:
    """The page's lines and links, in order."""
    reader = _Reader()
    reader.feed(html)
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return Page(url, [line for line in lines if line], reader.links)


@dataclass
class _Reader(HTMLParser):
    pieces: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    unread_depth: int = 0
    code_depth: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._count(tag, 1)
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._count(tag, -1)

    def handle_data(self, data: str) -> None:
        if not self.unread_depth:
            self.pieces.append(data if self.code_depth else data.replace("\n", " "))

    def _count(self, tag: str, step: int) -> None:
        self.unread_depth += step * (tag in _UNREAD)
        self.code_depth += step * (tag in _CODE)
        if tag not in _WITHIN_A_LINE:
            self.pieces.append("\n")
        elif step < 0 and not self.code_depth:
            # Styles set neighbours apart; within code they are parts of one word.
            self.pieces.append(" ")
