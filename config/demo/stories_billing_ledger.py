"""billing-worker: invoices and statements."""

from config.demo.story import Story, all_along, every_night, outage, raised

INVOICE = "billing.tasks.invoices.make_invoice"
STATEMENT = "billing.tasks.statements.monthly_statement"

STORIES = (
    Story(
        name="company-without-vat-id",
        waves=all_along(58),
        place=INVOICE,
        trail="snapshot",
        failures=(
            raised(
                "KeyError",
                "'vat_id'",
                "make_invoice: read_buyer",
                'read_buyer: customer["vat_id"]',
            ),
        ),
    ),
    Story(
        name="invoice-number-taken",
        waves=all_along(47),
        place=INVOICE,
        trail="invoice",
        failures=(
            raised(
                "psycopg.errors.UniqueViolation",
                'duplicate key value violates unique constraint "invoice_number_key"\n'
                "DETAIL:  Key (number)=($invoice) already exists.",
                "make_invoice: next_invoice",
                'next_invoice: tx.insert("invoice"',
                "insert: self.cursor.execute",
                "psycopg.cursor.execute",
            ),
        ),
    ),
    Story(
        name="pango-missing",
        waves=outage(16, since_h=31.3, minutes=55),
        resolved_h=30.2,
        place=INVOICE,
        trail="invoice",
        environment="staging",
        failures=(
            raised(
                "OSError",
                "cannot load library 'libpango-1.0-0': libpango-1.0-0: cannot open shared object "
                "file: No such file or directory",
                "make_invoice: render_pdf",
                "render_pdf: from weasyprint import HTML",
                "weasyprint.text.ffi._dlopen",
            ),
        ),
    ),
    Story(
        name="storage-slow-down",
        waves=(*outage(33, since_h=101, minutes=28), *outage(19, since_h=8.5, minutes=14)),
        place=INVOICE,
        trail="invoice",
        failures=(
            raised(
                "botocore.exceptions.ClientError",
                "An error occurred (SlowDown) when calling the PutObject operation (reached max "
                "retries: 4): Please reduce your request rate.",
                "make_invoice: upload_document",
                "upload_document: bucket().put_object",
                "botocore.client._make_api_call",
            ),
        ),
    ),
    Story(
        name="statement-takes-too-long",
        waves=every_night(4, shop_hour=3.0, minutes=50),
        place=STATEMENT,
        trail="statement",
        has_user=False,
        failures=(
            raised(
                "billiard.exceptions.SoftTimeLimitExceeded",
                "SoftTimeLimitExceeded()",
                "monthly_statement: += convert",
                "convert: rate_on",
                "rate_on: connection.execute",
                "billiard.pool.soft_timeout_sighandler",
            ),
        ),
    ),
    Story(
        name="rate-too-old",
        waves=every_night(5, shop_hour=3.1, minutes=45),
        place=STATEMENT,
        trail="statement",
        has_user=False,
        failures=(
            raised(
                "billing.rates.StaleRateError",
                "no USD/EUR rate within 3 days of $yesterday",
                "monthly_statement: += convert",
                "convert: raise StaleRateError",
            ),
        ),
    ),
    Story(
        name="pool-empty",
        waves=outage(27, since_h=60, minutes=11),
        place=STATEMENT,
        trail="entries",
        has_user=False,
        failures=(
            raised(
                "psycopg_pool.PoolTimeout",
                "couldn't get a connection after 30.00 sec",
                "monthly_statement: += convert",
                "convert: rate_on",
                "rate_on: pool.connection()",
                "psycopg_pool.pool.connection",
                "psycopg_pool.pool.getconn",
            ),
        ),
    ),
    Story(
        name="worker-killed",
        waves=(*outage(2, since_h=60.1, minutes=5), *outage(3, since_h=12.6, minutes=20)),
        place=STATEMENT,
        level="fatal",
        has_user=False,
        entry=(),
        failures=(
            raised(
                "billiard.exceptions.WorkerLostError",
                "Worker exited prematurely: signal 9 (SIGKILL).",
                "billiard.pool.mark_as_worker_lost",
            ),
        ),
    ),
)
