"""Runs of library frames that stories share: how a call gets in, and where it ends."""

_MIDDLEWARE = (
    "uvicorn.protocols.http.httptools_impl.run_asgi",
    "fastapi.applications.__call__",
    "starlette.applications.__call__",
    "starlette.middleware.errors.__call__",
    "dispatch: await call_next(request)",
    "starlette.middleware.base.call_next",
    "starlette.middleware.exceptions.__call__",
    "starlette.routing.__call__",
    "starlette.routing.handle",
    "fastapi.routing.app",
)
# From the server to an endpoint: async, plain (in a thread), and after one has answered.
FASTAPI = (*_MIDDLEWARE, "fastapi.routing.run_endpoint_function")
FASTAPI_THREAD = (
    *_MIDDLEWARE,
    "fastapi.routing.run_in_pool",
    "starlette.concurrency.run_in_threadpool",
    "anyio._backends._asyncio.run",
)
FASTAPI_ANSWER = (*_MIDDLEWARE, "fastapi.routing.serialize_response")
# The middleware itself fails, before any endpoint.
FASTAPI_DOOR = _MIDDLEWARE[:4]
STARTUP = ("starlette.routing.lifespan",)
CELERY = ("celery.app.trace.trace_task", "celery.app.trace.__protected_call__")

SQL = (
    "execute: self.connection.execute",
    "sqlalchemy.ext.asyncio.engine.execute",
    "sqlalchemy.engine.base._exec_single_context",
    "sqlalchemy.dialects.postgresql.asyncpg.execute",
)
SQL_ERROR = (*SQL, "sqlalchemy.dialects.postgresql.asyncpg.handle_error")
SQL_CAUSE = (
    "sqlalchemy.dialects.postgresql.asyncpg.execute",
    "asyncpg.prepared_stmt.fetch",
    "asyncpg.protocol.protocol.bind_execute",
)
HTTPX = ("httpx._client._send_single_request", "httpx._transports.default.handle_async_request")
HTTPX_ERROR = (*HTTPX, "httpx._transports.default.map_exceptions")
HTTPCORE_READ = (
    "httpx._transports.default.handle_async_request",
    "httpcore._async.connection_pool.handle_async_request",
    "httpcore._async.http11._receive_event",
    "httpcore._backends.anyio.read",
)
HTTPCORE_CONNECT = (
    "httpx._transports.default.handle_async_request",
    "httpcore._async.connection_pool.handle_async_request",
    "httpcore._backends.anyio.connect_tcp",
)
REDIS_READ = ("redis.asyncio.client.execute_command", "redis._parsers.hiredis.read_response")
REQUESTS = ("requests.sessions.post", "requests.sessions.send", "requests.adapters.send")
URLLIB3_READ = ("urllib3.connectionpool.urlopen", "urllib3.connectionpool._raise_timeout")
