"""shop-web, catalogue in the browser: lists, search, galleries."""

from config.demo.story import Story, after, all_along, between, raised

REJECTION = "auto.browser.global_handlers.onunhandledrejection"

STORIES = (
    Story(
        # Pages that were open when a release went out ask for files of the old one.
        name="module-of-an-old-release",
        waves=(
            *after(118, since_h=98.2, half_life_h=2.5),
            *after(96, since_h=52.2, half_life_h=2.5),
            *after(131, since_h=6.1, half_life_h=2.5),
        ),
        place="/products/$slug",
        trail="product",
        mechanism=REJECTION,
        is_stale=True,
        failures=(
            raised(
                "TypeError",
                "Failed to fetch dynamically imported module: "
                "https://shop.example.com/assets/product/gallery.$hex.js",
                "core/router.js:102:19 async loadPage",
                elsewhere={
                    "Firefox": "error loading dynamically imported module: "
                    "https://shop.example.com/assets/product/gallery.$hex.js",
                    "Safari": "Importing a module script failed.",
                },
            ),
        ),
    ),
    Story(
        name="network-lost",
        waves=all_along(203),
        archived_h=126,
        place="/search",
        trail="search",
        mechanism=REJECTION,
        failures=(
            raised(
                "TypeError",
                "Failed to fetch",
                "search/page.js:51:26 async runSearch",
                "core/api.js:57:28 async request",
                elsewhere={
                    "Firefox": "NetworkError when attempting to fetch resource.",
                    "Safari": "Load failed",
                },
            ),
        ),
    ),
    Story(
        name="html-for-json",
        waves=all_along(58),
        place="/search",
        trail="search",
        mechanism=REJECTION,
        failures=(
            raised(
                "SyntaxError",
                "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
                "search/page.js:51:26 async runSearch",
                "core/api.js:69:34 async request",
                elsewhere={
                    "Firefox": "JSON.parse: unexpected character at line 1 column 1 of the "
                    "JSON data",
                    "Safari": "JSON Parse error: Unrecognized token '<'",
                },
            ),
        ),
    ),
    Story(
        name="search-aborted",
        waves=between(92, since_h=52),
        place="/search",
        trail="search",
        mechanism=REJECTION,
        failures=(
            raised(
                "AbortError",
                "signal is aborted without reason",
                "search/suggest.js:38:14 onInput",
                "search/suggest.js:63:22 async fetchSuggestions",
                elsewhere={"Safari": "Fetch is aborted", "Firefox": "The operation was aborted. "},
            ),
        ),
    ),
    Story(
        name="filter-not-decodable",
        waves=all_along(33),
        place="/products",
        trail="search",
        failures=(
            raised(
                "URIError",
                "URI malformed",
                "catalogue/list.js:29:18 restoreFilters",
                "catalogue/filters.js:83:23 parseFilter",
                elsewhere={"Firefox": "malformed URI sequence"},
            ),
        ),
    ),
    Story(
        name="slide-beyond-the-last",
        waves=all_along(81),
        place="/products/$slug",
        trail="product",
        steps=("click button.gallery-next",),
        failures=(
            raised(
                "TypeError",
                "Cannot read properties of undefined (reading 'decode')",
                "product/gallery.js:74:9 onNext",
                "product/gallery.js:112:27 showSlide",
                elsewhere={
                    "Firefox": 'can\'t access property "decode", this.slides[index] is undefined',
                    "Safari": "undefined is not an object (evaluating 'this.slides[index].decode')",
                },
            ),
        ),
    ),
    Story(
        name="video-not-allowed",
        waves=all_along(66),
        place="/products/$slug",
        trail="product",
        mechanism=REJECTION,
        failures=(
            raised(
                "NotAllowedError",
                "play() failed because the user didn't interact with the document first.",
                "product/video.js:31:19 async autoplay",
                elsewhere={
                    "Safari": "The request is not allowed by the user agent or the platform in "
                    "the current context, possibly because the user denied permission.",
                },
            ),
        ),
    ),
    Story(
        name="variants-without-end",
        waves=between(26, since_h=51),
        place="/products/$slug",
        trail="product",
        failures=(
            raised(
                "RangeError",
                "Maximum call stack size exceeded",
                "product/variants.js:22:5 onChange",
                *["product/variants.js:47:12 narrow", "product/variants.js:61:10 widen"] * 9,
                elsewhere={"Firefox": "too much recursion"},
            ),
        ),
    ),
    Story(
        name="image-zoom",
        waves=between(31, since_h=98, until_h=52),
        resolved_h=50,
        place="/products/$slug",
        trail="product",
        steps=("click img.gallery-image",),
        failures=(
            raised(
                "ReferenceError",
                "zoomLevel is not defined",
                "product/gallery.js:131:5 onPinch",
                "product/zoom.js:18:20 applyZoom",
                elsewhere={"Safari": "Can't find variable: zoomLevel"},
            ),
        ),
    ),
)
