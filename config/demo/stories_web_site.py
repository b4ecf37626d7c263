"""shop-web, everywhere: storage, consent, other people's scripts."""

from config.demo.story import Story, all_along, between, raised

REJECTION = "auto.browser.global_handlers.onunhandledrejection"

STORIES = (
    Story(
        name="storage-full",
        waves=all_along(37),
        place="/products/$slug",
        trail="product",
        failures=(
            raised(
                "QuotaExceededError",
                "Failed to execute 'setItem' on 'Storage': Setting the value of 'recently-viewed' "
                "exceeded the quota.",
                "product/page.js:67:3 remember",
                "core/storage.js:28:18 write",
                elsewhere={"Safari": "The quota has been exceeded."},
            ),
        ),
    ),
    Story(
        name="storage-denied",
        waves=all_along(28),
        place="/",
        trail="home",
        failures=(
            raised(
                "SecurityError",
                "Failed to read the 'localStorage' property from 'Window': Access is denied for "
                "this document.",
                "core/app.js:12:1 start",
                "core/storage.js:9:21 open",
                elsewhere={"Firefox": "The operation is insecure."},
            ),
        ),
    ),
    Story(
        name="tag-manager-missing",
        waves=all_along(134),
        archived_h=143,
        place="/",
        trail="home",
        failures=(
            raised(
                "ReferenceError",
                "dataLayer is not defined",
                "core/consent.js:54:7 onAccept",
                "core/analytics.js:17:3 push",
                elsewhere={"Safari": "Can't find variable: dataLayer"},
            ),
        ),
    ),
    Story(
        name="resize-observer",
        waves=all_along(149),
        archived_h=150,
        place="/products",
        trail="search",
        level="warning",
        failures=(
            raised("Error", "ResizeObserver loop completed with undelivered notifications."),
        ),
    ),
    Story(
        name="rejected-with-a-string",
        waves=all_along(44),
        place="/account",
        trail="account",
        mechanism=REJECTION,
        failures=(
            raised(
                "UnhandledRejection", "Non-Error promise rejection captured with value: timeout"
            ),
        ),
    ),
    Story(
        name="message-cannot-be-cloned",
        waves=between(17, since_h=96),
        place="/account/chat",
        trail="account",
        failures=(
            raised(
                "DataCloneError",
                "Failed to execute 'postMessage' on 'Window': () => close() could not be cloned.",
                "account/chat.js:40:11 openChat",
                "account/frame.js:22:24 send",
                elsewhere={"Firefox": "The object could not be cloned."},
            ),
        ),
    ),
    Story(
        name="clipboard-denied",
        waves=all_along(23),
        place="/account/orders",
        trail="account",
        steps=("click button.copy-tracking-number",),
        mechanism=REJECTION,
        failures=(
            raised(
                "NotAllowedError",
                "Write permission denied.",
                "account/orders.js:83:31 async copyNumber",
            ),
        ),
    ),
    Story(
        name="socket-closed",
        waves=all_along(52),
        place="/account/orders",
        trail="account",
        level="info",
        message="Parcel updates: the socket closed with 1006",
    ),
)
