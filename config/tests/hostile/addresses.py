"""Every address of the site, with places for ids, as the resolver has them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize


@dataclass(frozen=True, slots=True)
class Address:
    """`template` has `%(name)s` for each of `parameters`; `name` has its namespace."""

    name: str
    template: str
    parameters: tuple[str, ...]

    @property
    def is_admin(self) -> bool:
        return self.template.startswith("/admin/")

    def path(self, value_of: Callable[[str, "Address"], object]) -> str:
        """The address with a value for each parameter."""
        values = {name: value_of(name, self) for name in self.parameters}
        return self.template % values


def every_address() -> list[Address]:
    """All that is routed; one per way to write it, apart from a last slash."""
    return list(_walk(get_resolver(), "/", ""))


def _walk(parent: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for each in parent.url_patterns:
        route = prefix + str(each.pattern.regex.pattern).removeprefix("^")
        if isinstance(each, URLResolver):
            inner = f"{each.namespace}:" if each.namespace else namespace
            yield from _walk(each, route, inner)
            continue
        name = namespace + (each.name or each.lookup_str)
        for template, parameters in normalize(route):
            yield Address(name, template, tuple(parameters))
