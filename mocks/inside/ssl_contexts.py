"""SSL contexts: how many a program makes, how many it fills with certificates, and the price."""

import ssl
from collections.abc import Callable
from typing import Any

from mocks.inside.replacing import Replacements

# Methods that read certificates, which is what costs: some 20 ms for the usual bundle.
_LOADERS = (
    "load_verify_locations",
    "load_default_certs",
    "set_default_verify_paths",
    "load_cert_chain",
)


class SSLContexts:
    """Counts SSL contexts. See `install`.

    Attributes:
        created: contexts that were made.
        loaded: contexts into which certificates were loaded, each once.
    """

    def __init__(self) -> None:
        self.created = 0
        self.loaded = 0

    def install(self, put: Replacements, pay: Callable[[], object]) -> None:
        """Count from now on, until `put` is undone. `pay` is called before one is loaded.

        Counted are `ssl.SSLContext` and what is made of it, as httpx, aiohttp and urllib use it;
        not the contexts of other TLS libraries.
        """
        make = ssl.SSLContext.__new__
        seen: set[int] = set()

        def new(cls: type[ssl.SSLContext], *args: Any, **kwargs: Any) -> ssl.SSLContext:
            context = make(cls, *args, **kwargs)
            self.created += 1
            seen.discard(id(context))
            return context

        def loading(load: Callable[..., Any]) -> Callable[..., Any]:
            def counted(context: ssl.SSLContext, *args: Any, **kwargs: Any) -> Any:
                if id(context) not in seen:
                    seen.add(id(context))
                    self.loaded += 1
                    pay()
                return load(context, *args, **kwargs)

            return counted

        put.attribute(ssl.SSLContext, "__new__", staticmethod(new))
        for name in _LOADERS:
            put.attribute(ssl.SSLContext, name, loading(getattr(ssl.SSLContext, name)))
