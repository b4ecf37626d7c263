"""A job with OpenTelemetry's own exporters, set up by the variables that a key's page shows."""

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

if __name__ == "__main__":
    traces = TracerProvider()
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracer = traces.get_tracer("stock")
    with tracer.start_as_current_span("count", attributes={"shelf": 7, "db.password": "hunter2"}):
        tracer.start_span("weigh").end()
    traces.shutdown()

    logs = LoggerProvider()
    logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
    record = LogRecord(body="shelf 7 is empty", severity_number=SeverityNumber.WARN)
    logs.get_logger("stock").emit(record)
    logs.shutdown()
