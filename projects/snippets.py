"""How an application is connected, for each platform: what to install, add and crash.

Pure data. `DSN` stands for the project's own; the code is that of the stock Sentry SDKs as of
November 2026 (sentry-sdk 2.75, @sentry 11, sentry-go 0.48, sentry/sentry 4, sentry-ruby 6).
"""

from dataclasses import dataclass

_DSN = "__DSN__"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `file` says where the code goes; empty for a terminal."""

    title: str
    code: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The steps for one platform (a value of `projects.models.PLATFORMS`)."""

    platform: str
    name: str
    steps: tuple[Step, ...]

    def with_dsn(self, dsn: str) -> "Snippet":
        """The same steps with the project's DSN in them."""
        steps = tuple(
            Step(step.title, step.code.replace(_DSN, dsn), step.file) for step in self.steps
        )
        return Snippet(self.platform, self.name, steps)


def snippet_for(platform: str) -> Snippet:
    """The steps for a platform; plain Python for one that has none of its own."""
    return next((each for each in SNIPPETS if each.platform == platform), _PYTHON)


_INSTALL = "Install the SDK"
_CONNECT = "Connect it"
_CRASH = "Crash it once"

_FASTAPI = Snippet(
    "python-fastapi",
    "FastAPI",
    (
        Step(_INSTALL, 'pip install "sentry-sdk[fastapi]"'),
        Step(
            _CONNECT,
            f"""\
import sentry_sdk
from fastapi import FastAPI

sentry_sdk.init(dsn="{_DSN}")

app = FastAPI()""",
            "main.py",
        ),
        Step(
            _CRASH,
            """\
@app.get("/crash")
async def crash():
    return 1 / 0  # then open /crash""",
            "main.py",
        ),
    ),
)

_DJANGO = Snippet(
    "python-django",
    "Django",
    (
        Step(_INSTALL, 'pip install "sentry-sdk[django]"'),
        Step(
            _CONNECT,
            f"""\
import sentry_sdk

sentry_sdk.init(dsn="{_DSN}")""",
            "settings.py",
        ),
        Step(
            _CRASH,
            """\
from django.urls import path

def crash(request):
    return 1 / 0  # then open /crash

urlpatterns += [path("crash", crash)]""",
            "urls.py",
        ),
    ),
)

_FLASK = Snippet(
    "python-flask",
    "Flask",
    (
        Step(_INSTALL, 'pip install "sentry-sdk[flask]"'),
        Step(
            _CONNECT,
            f"""\
import sentry_sdk
from flask import Flask

sentry_sdk.init(dsn="{_DSN}")

app = Flask(__name__)""",
            "app.py",
        ),
        Step(
            _CRASH,
            """\
@app.route("/crash")
def crash():
    return 1 / 0  # then open /crash""",
            "app.py",
        ),
    ),
)

_PYTHON = Snippet(
    "python",
    "Python",
    (
        Step(_INSTALL, "pip install sentry-sdk"),
        Step(
            _CONNECT,
            f"""\
import sentry_sdk

sentry_sdk.init(dsn="{_DSN}")""",
            "main.py",
        ),
        Step(_CRASH, "1 / 0", "main.py"),
    ),
)

_NODE = Snippet(
    "node",
    "Node.js",
    (
        Step(_INSTALL, "npm install @sentry/node"),
        Step(
            _CONNECT,
            f"""\
import * as Sentry from "@sentry/node";

Sentry.init({{ dsn: "{_DSN}" }});""",
            "instrument.mjs",
        ),
        Step("Load it first", "node --import ./instrument.mjs app.mjs"),
        Step(
            _CRASH,
            """\
setTimeout(() => {
  throw new Error("Hello from Node.js");
}, 100);""",
            "app.mjs",
        ),
    ),
)

_BROWSER = Snippet(
    "javascript",
    "Browser",
    (
        Step(_INSTALL, "npm install @sentry/browser"),
        Step(
            _CONNECT,
            f"""\
import * as Sentry from "@sentry/browser";

Sentry.init({{ dsn: "{_DSN}" }});""",
            "main.js",
        ),
        Step(
            _CRASH,
            """\
setTimeout(() => {
  throw new Error("Hello from the browser");
}, 100);""",
            "main.js",
        ),
    ),
)

_GO = Snippet(
    "go",
    "Go",
    (
        Step(_INSTALL, "go get github.com/getsentry/sentry-go"),
        Step(
            f"{_CONNECT} and crash it once",
            f"""\
package main

import (
	"errors"
	"log"
	"time"

	"github.com/getsentry/sentry-go"
)

func main() {{
	err := sentry.Init(sentry.ClientOptions{{
		Dsn: "{_DSN}",
	}})
	if err != nil {{
		log.Fatalf("sentry.Init: %s", err)
	}}
	// Events are sent in the background: wait for them at the end.
	defer sentry.Flush(2 * time.Second)

	sentry.CaptureException(errors.New("hello from Go"))
}}""",
            "main.go",
        ),
    ),
)

_PHP = Snippet(
    "php",
    "PHP",
    (
        Step(_INSTALL, "composer require sentry/sentry"),
        Step(
            _CONNECT,
            f"""\
<?php
require __DIR__ . '/vendor/autoload.php';

\\Sentry\\init(['dsn' => '{_DSN}']);""",
            "index.php",
        ),
        Step(_CRASH, "throw new Exception('Hello from PHP');", "index.php"),
    ),
)

_RUBY = Snippet(
    "ruby",
    "Ruby",
    (
        Step(_INSTALL, "bundle add sentry-ruby"),
        Step(
            _CONNECT,
            f"""\
require "sentry-ruby"

Sentry.init do |config|
  config.dsn = "{_DSN}"
end""",
            "app.rb",
        ),
        Step(
            _CRASH,
            """\
begin
  1 / 0
rescue ZeroDivisionError => error
  Sentry.capture_exception(error)
end""",
            "app.rb",
        ),
    ),
)

SNIPPETS = (_FASTAPI, _DJANGO, _FLASK, _PYTHON, _NODE, _BROWSER, _GO, _PHP, _RUBY)
