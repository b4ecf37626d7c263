"""billing-worker: subscriptions, reminders and what the bank says."""

from config.demo.library_frames import CELERY, REQUESTS, URLLIB3_READ
from config.demo.story import Story, all_along, between, every_night, outage, raised

CHARGE = "billing.tasks.charges.charge_subscription"
BANK = "billing.tasks.bank.import_bank_file"
REMIND = "billing.tasks.dunning.send_reminders"
COLLECT = ("charge_subscription: collect_fee(subscription)",)

STORIES = (
    Story(
        name="provider-does-not-answer",
        waves=(*outage(126, since_h=67, minutes=36), *all_along(24)),
        place=CHARGE,
        trail="charge",
        failures=(
            raised(
                "urllib3.exceptions.ReadTimeoutError",
                "HTTPSConnectionPool(host='api.payrail.example', port=443): Read timed out. "
                "(read timeout=15)",
                *URLLIB3_READ,
            ),
            raised(
                "requests.exceptions.ReadTimeout",
                "HTTPSConnectionPool(host='api.payrail.example', port=443): Read timed out. "
                "(read timeout=15)",
                "collect_fee: payrail.post",
                "post: self.http.post",
                *REQUESTS,
            ),
            raised(
                "billing.payments.payrail.ProviderUnavailable",
                "no answer for sub-$number-$month within 15 s",
                *COLLECT,
                "collect_fee: raise ProviderUnavailable",
            ),
        ),
    ),
    Story(
        name="provider-answers-502",
        waves=outage(38, since_h=66.3, minutes=22),
        place=CHARGE,
        trail="charge",
        failures=(
            raised(
                "billing.payments.payrail.ProviderUnavailable",
                "502 from /v1/charges",
                *COLLECT,
                "collect_fee: payrail.post",
                "post: raise ProviderUnavailable",
            ),
        ),
    ),
    Story(
        name="charge-given-up",
        waves=outage(14, since_h=64.4, minutes=40),
        place=CHARGE,
        trail="charge",
        failures=(
            raised(
                "celery.exceptions.MaxRetriesExceededError",
                "Can't retry billing.tasks.charges.charge_subscription[$uuid] args:[$number] "
                "kwargs:{}",
                "charge_subscription: raise self.retry",
                "celery.app.task.retry",
            ),
        ),
    ),
    Story(
        name="yen-have-no-cents",
        waves=between(31, since_h=145, until_h=29),
        resolved_h=26,
        place=CHARGE,
        trail="charge",
        tags={"currency": "JPY"},
        failures=(
            raised(
                "KeyError",
                "'JPY'",
                *COLLECT,
                "collect_fee: fee_for_month",
                "fee_for_month: MINOR_UNITS",
            ),
        ),
    ),
    Story(
        name="bank-file-in-latin-1",
        waves=every_night(2, shop_hour=5.5, minutes=4),
        place=BANK,
        trail="bank",
        has_user=False,
        failures=(
            raised(
                "UnicodeDecodeError",
                "'utf-8' codec can't decode byte 0xfc in position 12: invalid start byte",
                "import_bank_file: read_bank_rows",
                "read_bank_rows: raw.decode()",
            ),
        ),
    ),
    Story(
        name="the-31st-of-a-short-month",
        waves=outage(3, since_h=34, minutes=3),
        place=BANK,
        trail="bank",
        has_user=False,
        failures=(
            raised(
                "ValueError",
                "time data '31.$wrong_month' does not match format '%d.%m.%Y'",
                "import_bank_file: read_bank_rows",
                "read_bank_rows: [read_row(cells)",
                "read_row: datetime.strptime",
                "_strptime._strptime",
            ),
        ),
    ),
    Story(
        name="payment-fits-two-invoices",
        waves=every_night(4, shop_hour=5.6, minutes=6),
        place=BANK,
        trail="match",
        has_user=False,
        failures=(
            raised(
                "billing.bank.matching.AmbiguousPayment",
                "2 invoices fit R-$number",
                "import_bank_file: match_payment(row)",
                "match_payment: raise AmbiguousPayment",
            ),
        ),
    ),
    Story(
        name="fourth-reminder",
        waves=every_night(5, shop_hour=6.0, minutes=3),
        place=REMIND,
        trail="remind",
        has_user=False,
        failures=(
            raised(
                "IndexError",
                "tuple index out of range",
                "send_reminders: send_reminder(invoice",
                "send_reminder: TEMPLATES[level - 1]",
            ),
        ),
    ),
    Story(
        name="mail-server-refuses",
        waves=outage(22, since_h=81.5, minutes=8),
        resolved_h=76,
        place=REMIND,
        trail="remind",
        has_user=False,
        failures=(
            raised(
                "ConnectionRefusedError",
                "[Errno 111] Connection refused",
                "send_reminders: send_reminder(invoice",
                "send_reminder: smtplib.SMTP",
                "smtplib._get_socket",
                "socket.create_connection",
            ),
        ),
    ),
    Story(
        name="lock-lost",
        waves=every_night(1, shop_hour=7.1, minutes=9),
        place=REMIND,
        trail="remind",
        has_user=False,
        entry=CELERY,
        failures=(
            raised(
                "redis.exceptions.LockNotOwnedError",
                "Cannot release a lock that's no longer owned",
                "send_reminders: with morning_lock",
                "morning_lock: lock.release()",
                "redis.lock.release",
                "redis.lock.do_release",
            ),
        ),
    ),
    Story(
        name="reminder-left-out",
        waves=every_night(6, shop_hour=6.0, minutes=3),
        archived_h=80,
        place=REMIND,
        level="warning",
        message="Reminder for %s left out: open dispute",
        params=("$invoice",),
        logger="billing.dunning",
        has_user=False,
    ),
)
