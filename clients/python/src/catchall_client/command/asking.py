"""Questions to a person, or to the standard input of a script."""

import getpass
import sys


def ask(question: str) -> str:
    """A line. Raises ValueError where none comes."""
    print(question, end="", file=sys.stderr, flush=True)
    return _line()


def ask_password(question: str) -> str:
    """A line that is not shown. Raises ValueError where none comes."""
    if not sys.stdin.isatty():
        return _line()
    return _given(getpass.getpass(question))


def ask_new_password(question: str) -> str:
    """A password typed twice at a terminal. Raises ValueError where the two differ."""
    password = ask_password(question)
    if sys.stdin.isatty() and getpass.getpass("Again: ") != password:
        raise ValueError("The two passwords differ.")
    return password


def _line() -> str:
    return _given(sys.stdin.readline().rstrip("\r\n"))


def _given(answer: str) -> str:
    if not answer:
        raise ValueError("An answer is needed.")
    return answer
