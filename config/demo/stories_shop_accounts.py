"""shop-api, accounts and operation: signing in, mails, settings, and plain log messages."""

from config.demo.library_frames import FASTAPI_ANSWER, FASTAPI_DOOR, FASTAPI_THREAD, STARTUP
from config.demo.story import Story, all_along, between, outage, raised

STORIES = (
    Story(
        name="sign-in-old-hash",
        waves=all_along(27),
        place="POST /sign-in",
        body={"email": "$email", "password": "$hex$hex", "remember": "true"},
        trail="sign-in",
        failures=(
            raised(
                "KeyError",
                "'bcrypt_sha256'",
                "sign_in: not verify_hash",
                "verify_hash: SCHEMES[scheme]",
            ),
        ),
    ),
    Story(
        name="token-for-the-wrong-audience",
        waves=all_along(46),
        place="GET /account",
        entry=FASTAPI_DOOR,
        has_user=False,
        failures=(
            raised(
                "jwt.exceptions.InvalidAudienceError",
                "Audience doesn't match",
                "dispatch: self.customers.from_request",
                "from_request: jwt.decode",
                "jwt.api_jwt.decode",
                "jwt.api_jwt._validate_aud",
            ),
        ),
    ),
    Story(
        name="account-does-not-fit",
        waves=between(33, since_h=49),
        place="GET /account",
        trail="account",
        entry=FASTAPI_ANSWER,
        failures=(
            raised(
                "fastapi.exceptions.ResponseValidationError",
                "1 validation error: {'type': 'string_type', 'loc': ('response', 'phone'), "
                "'msg': 'Input should be a valid string', 'input': None}",
            ),
        ),
    ),
    Story(
        name="friend-refused",
        waves=all_along(15),
        place="POST /account/invitations",
        body={"email": "$friend", "message": "10 EUR for your first order"},
        trail="account",
        entry=FASTAPI_THREAD,
        failures=(
            raised(
                "smtplib.SMTPRecipientsRefused",
                "{'$friend': (550, b'5.1.1 User unknown')}",
                "invite_friend: mailer.deliver",
                "deliver: smtp.send_message",
                "smtplib.send_message",
                "smtplib.sendmail",
            ),
        ),
    ),
    Story(
        name="export-removed",
        waves=between(10, since_h=130),
        place="GET /account/exports/{export_id}",
        trail="account",
        failures=(
            raised(
                "FileNotFoundError",
                "[Errno 2] No such file or directory: '/var/exports/$customer_id-$export_id.zip'",
                "download_export: archive.stat()",
                "pathlib._local.stat",
            ),
        ),
    ),
    Story(
        name="locale-unknown",
        waves=between(7, since_h=96),
        place="PUT /account/locale",
        body={"locale": "nb_XX"},
        trail="account",
        failures=(
            raised(
                "LookupError",
                "unknown locale 'nb_XX'",
                "change_locale: parse_locale",
                "parse_locale: raise LookupError",
            ),
        ),
    ),
    Story(
        name="setting-missing",
        waves=outage(4, since_h=7.4, minutes=6),
        resolved_h=7.0,
        level="fatal",
        place="",
        environment="staging",
        entry=STARTUP,
        has_user=False,
        failures=(
            raised(
                "shop.config.ConfigurationError",
                "PAYRAIL_WEBHOOK_KEYS is not set for staging",
                "lifespan: check_settings",
                "check_settings: raise ConfigurationError",
            ),
        ),
    ),
    Story(
        name="stock-feed-old",
        waves=(*outage(18, since_h=110, minutes=90), *outage(9, since_h=34, minutes=45)),
        place="",
        message="Stock feed is %d minutes old",
        params=("$minutes",),
        logger="shop.stock.feed",
        has_user=False,
    ),
    Story(
        name="many-sign-ins",
        waves=all_along(64),
        archived_h=101,
        place="POST /sign-in",
        level="warning",
        message="%s sign-in attempts for one account within %s minutes",
        params=("$minutes", "10"),
        logger="shop.accounts.limits",
        has_user=False,
    ),
    Story(
        name="old-cart-format",
        waves=between(58, since_h=100, until_h=5.4),
        place="GET /carts/{cart_id}",
        level="info",
        message="Cart of format %s read and written anew",
        params=("1",),
        logger="shop.checkout.carts",
        trail="cart",
    ),
)
