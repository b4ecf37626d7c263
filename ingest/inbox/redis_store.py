"""Talking to Redis: keys, connections, the two scripts, and what its errors mean.

Each source is a shard: a stream and what belongs to it, whose keys share a hash tag. So they lie
in one slot of a cluster, and no command touches the keys of two shards.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, ReadOnlyError, RedisError, ResponseError
from redis.retry import Retry

from common.row_ids import EPOCH_MS, LOW_BITS, SEQUENCE_BITS
from ingest.inbox.base import InboxUnavailable, Message, encode_meta

# Their numbers as sources; a site's INBOX_SHARDS says over how many of them messages spread.
SHARDS = range(1, 33)
# The consumer group of all digests.
GROUP = "digest"
# What an entry costs beside its meta and body.
ENTRY_BYTES = 64
# A wake-up that was lost is sent again this much later.
WAKE_MS = 1000
CONNECT_TIMEOUT_S = 1.0

# KEYS: state, stream, bodies, woken.
# ARGV: source, bytes that the shard may hold, largest body inside an entry, meta, body.
# Gives the shard's bytes, whether a wake-up is due, and the message's row id, "" when it is full.
# Redis's clock counts, not the hosts'; common.row_ids has the layout.
APPEND = f"""
local source, room, inline = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local meta, body = ARGV[4], ARGV[5]
local state = redis.call('HMGET', KEYS[1], 'bytes', 'slot')
local bytes = tonumber(state[1] or 0)
local size = #meta + #body + {ENTRY_BYTES}
if bytes + size > room then return {{bytes, 0, ''}} end
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000) - {EPOCH_MS}
local slot = math.max(tonumber(state[2] or 0) + 1, now_ms * {1 << SEQUENCE_BITS})
local ms, sequence = math.floor(slot / {1 << SEQUENCE_BITS}), slot % {1 << SEQUENCE_BITS}
local row_id = ms * {1 << LOW_BITS} + source * {1 << SEQUENCE_BITS} + sequence
local id = string.format('%.0f', row_id)
if #body > inline then
  redis.call('XADD', KEYS[2], id .. '-0', 'meta', meta, 'large', #body)
  redis.call('HSET', KEYS[3], id, body)
else
  redis.call('XADD', KEYS[2], id .. '-0', 'meta', meta, 'body', body)
end
redis.call('HSET', KEYS[1], 'bytes', bytes + size, 'slot', slot)
local is_due = redis.call('SET', KEYS[4], 1, 'NX', 'PX', {WAKE_MS}) and 1 or 0
return {{bytes + size, is_due, id}}
"""

# KEYS: state, stream, bodies. ARGV: group, row id and bytes of each message.
# Only what was there is subtracted, so that an acknowledgement may come twice.
ACKNOWLEDGE = """
local freed = 0
for i = 2, #ARGV, 2 do
  redis.call('XACK', KEYS[2], ARGV[1], ARGV[i] .. '-0')
  freed = freed + redis.call('XDEL', KEYS[2], ARGV[i] .. '-0') * ARGV[i + 1]
  redis.call('HDEL', KEYS[3], ARGV[i])
end
if redis.call('XLEN', KEYS[2]) == 0 then
  redis.call('HDEL', KEYS[1], 'bytes')
elseif freed > 0 then
  redis.call('HINCRBY', KEYS[1], 'bytes', -freed)
end
"""

# KEYS: stream. ARGV: group, the greatest idle time in ms.
# In one step: a consumer that reads meanwhile would lose what it was given.
FORGET_CONSUMERS = """
local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if consumers.err then return end
for _, consumer in ipairs(consumers) do
  local fields = {}
  for i = 1, #consumer, 2 do fields[consumer[i]] = consumer[i + 1] end
  if fields.pending == 0 and fields.idle >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], fields.name)
  end
end
"""


def key(source: int, part: str) -> str:
    """The key of a shard's part.

    stream:  the messages; bodies: the large ones' bodies by row id.
    state:   bytes, and the slot of the last row id.
    woken:   there while a worker is being woken for the shard or reads it.
    crowded: there when another worker was asked for within the last second.
    """
    return f"{{catchall:inbox:{source}}}:{part}"


def size_of(message: Message) -> int:
    """What a message counts against the inbox's bound."""
    return len(encode_meta(message)) + len(message.body) + ENTRY_BYTES


def connection_options(answer_timeout_s: float) -> dict[str, Any]:
    """Options of a connection that tries everything once: who asks knows what to do instead."""
    return {
        "protocol": 2,
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "socket_timeout": answer_timeout_s,
        "retry": Retry(NoBackoff(), 0),
    }


def sha_of(script: str) -> str:
    """The name under which Redis knows a script that it has run before."""
    return hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()


@contextmanager
def translated(client: Redis) -> Iterator[None]:
    """Raises InboxUnavailable with the reason: away, too slow, full, loading, read-only."""
    try:
        yield
    except (RedisError, OSError) as error:
        if isinstance(error, ReadOnlyError):
            # The server's name may stand for another one by now.
            client.connection_pool.disconnect(inuse_connections=False)
        raise InboxUnavailable(str(error) or type(error).__name__) from error


def run_script(client: Redis, script: str, keys: Sequence[str], *arguments: Any) -> Any:
    """Run the script and give its answer. Raises RedisError."""
    try:
        return client.evalsha(sha_of(script), len(keys), *keys, *arguments)
    except NoScriptError:
        # Redis was started again.
        return client.eval(script, len(keys), *keys, *arguments)


def is_no_group(error: ResponseError) -> bool:
    """Whether the stream or its group is not there."""
    return str(error).startswith(("NOGROUP", "no such key"))
