"""shop-api, catalogue: products, search, images and feeds."""

from config.demo.library_frames import (
    FASTAPI_THREAD,
    HTTPCORE_CONNECT,
    HTTPX_ERROR,
    REDIS_READ,
)
from config.demo.story import Story, all_along, between, every_night, outage, raised

PRODUCT = "GET /products/{slug}"
SEARCH = "GET /search"
IMAGES = "POST /products/{slug}/images"
THUMBNAILS = (
    "upload_image: make_thumbnails",
    "asyncio.threads.to_thread",
    "concurrent.futures.thread.run",
)

STORIES = (
    Story(
        name="product-gone",
        waves=all_along(168),
        archived_h=120,
        place=PRODUCT,
        trail="product",
        failures=(
            raised(
                "sqlalchemy.exc.NoResultFound",
                "No row was found when one was required",
                "show_product: await catalogue.get_product",
                "get_product: await self.db.one",
                "one: result.scalar_one",
                "sqlalchemy.engine.result._only_one_row",
            ),
        ),
    ),
    Story(
        name="cache-times-out",
        waves=(*outage(92, since_h=43.5, minutes=16), *all_along(20)),
        place=PRODUCT,
        trail="cached product",
        failures=(
            raised(
                "redis.exceptions.TimeoutError",
                "Timeout reading from redis-cache:6379",
                "show_product: await catalogue.get_product",
                "get_product: await self.cache.read",
                "read: await self.redis.get",
                *REDIS_READ,
            ),
        ),
    ),
    Story(
        name="recommendations-late",
        waves=all_along(112),
        place=PRODUCT,
        trail="similar",
        failures=(
            raised(
                "TimeoutError",
                "",
                "show_product: await recommend",
                "recommend: async with asyncio.timeout",
                "asyncio.timeouts.__aexit__",
            ),
        ),
    ),
    Story(
        name="category-is-its-own-parent",
        waves=outage(9, since_h=53, minutes=31),
        resolved_h=52,
        place=PRODUCT,
        trail="category",
        failures=(
            raised(
                "RecursionError",
                "maximum recursion depth exceeded",
                "show_product: breadcrumb_trail",
                *["breadcrumb_trail: return [*breadcrumb_trail"] * 24,
            ),
        ),
    ),
    Story(
        name="search-away",
        waves=(*outage(83, since_h=139, minutes=19), *outage(12, since_h=30, minutes=40)),
        place=SEARCH,
        trail="facets",
        failures=(
            raised("httpcore.ConnectError", "All connection attempts failed", *HTTPCORE_CONNECT),
            raised(
                "httpx.ConnectError",
                "All connection attempts failed",
                "search_products: await engine.query_index",
                "query_index: await self.http.post",
                *HTTPX_ERROR,
            ),
        ),
    ),
    Story(
        name="facet-missing",
        waves=between(47, since_h=51),
        place=SEARCH,
        trail="search",
        failures=(
            raised(
                "KeyError",
                "'colour'",
                "search_products: facet_counts",
                'facet_counts: answer["facetDistribution"][facet]',
            ),
        ),
    ),
    Story(
        name="page-is-a-word",
        waves=all_along(21),
        place="GET /products",
        failures=(
            raised(
                "ValueError",
                "invalid literal for int() with base 10: 'newest'",
                "list_products: page = int(",
            ),
        ),
    ),
    Story(
        name="photo-of-a-phone",
        waves=all_along(18),
        place=IMAGES,
        trail="product",
        failures=(
            raised(
                "PIL.UnidentifiedImageError",
                "cannot identify image file '/srv/shop/uploads/$hex.heic'",
                *THUMBNAILS,
                "make_thumbnails: Image.open(original)",
                "PIL.Image.open",
            ),
        ),
    ),
    Story(
        name="disk-full",
        waves=outage(23, since_h=19, minutes=47),
        resolved_h=17.5,
        level="fatal",
        place=IMAGES,
        trail="product",
        failures=(
            raised(
                "OSError",
                "[Errno 28] No space left on device",
                *THUMBNAILS,
                "make_thumbnails: scaled.save",
                "PIL.Image.save",
                "PIL.WebPImagePlugin._save",
                locals={"width": "480", "target": "PosixPath('/srv/shop/media/$hex-480.webp')"},
            ),
        ),
    ),
    Story(
        name="feed-in-latin-1",
        waves=every_night(3, shop_hour=4.0, minutes=5),
        place="POST /feeds/{market}/refresh",
        entry=FASTAPI_THREAD,
        has_user=False,
        failures=(
            raised(
                "UnicodeEncodeError",
                "'latin-1' codec can't encode character '\\u2033' in position 31: "
                "ordinal not in range(256)",
                "refresh_feed: write_feed",
                "write_feed: out.write",
                locals={"row": "('$sku', 'Bilderrahmen Eiche 10\u2033', '$amount')"},
            ),
        ),
    ),
)
