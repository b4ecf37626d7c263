"""common.sliding_window in Redis's language: check and count in one step, by Redis's clock."""

from common.sliding_window import SLOTS

# KEYS: the windows of all asks, one ask after the other; one owner's, so in one slot of a cluster.
#       An exact window is a list of moments (ms), another one a hash of slots.
# ARGV: the time in ms, "" for Redis's own; then for each ask its amount and number of windows,
#       and for each of these count, window_ms, step_ms, is_exact (1 or 0).
# Gives for each window the ms until there is room (0 in all of an ask: it passed), then what it
# holds now.
CHECK = f"""
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function read_exact(key, count, window)
  local moment = tonumber(redis.call('LINDEX', key, -1) or now)
  local at = math.max(now, moment)
  while true do
    local first = redis.call('LINDEX', key, 0)
    if not first or tonumber(first) + window > now then break end
    redis.call('LPOP', key)
  end
  local used = redis.call('LLEN', key)
  return used, at, function(excess)
    local moment = redis.call('LINDEX', key, excess - 1)
    return moment and math.max(1, tonumber(moment) + window - now) or window
  end
end

local function read_slots(key, count, window, step)
  local fields = redis.call('HGETALL', key)
  local slots, used, at = {{}}, 0, math.floor(now / step)
  for i = 1, #fields, 2 do
    local slot, passed = tonumber(fields[i]), tonumber(fields[i + 1])
    if (slot + 1 + {SLOTS}) * step <= now then
      redis.call('HDEL', key, fields[i])
    else
      slots[#slots + 1] = {{slot, passed}}
      used = used + passed
      at = math.max(at, slot)
    end
  end
  return used, at, function(excess)
    table.sort(slots, function(a, b) return a[1] < b[1] end)
    for _, slot in ipairs(slots) do
      excess = excess - slot[2]
      if excess <= 0 then return math.max(1, (slot[1] + 1 + {SLOTS}) * step - now) end
    end
    return window
  end
end

local answer, at_key, at_arg = {{}}, 1, 2
while ARGV[at_arg] do
  local amount, windows = tonumber(ARGV[at_arg]), {{}}
  local has_room = true
  for i = 1, tonumber(ARGV[at_arg + 1]) do
    local from = at_arg + 2 + (i - 1) * 4
    local w = {{
      key = KEYS[at_key], count = tonumber(ARGV[from]), window = tonumber(ARGV[from + 1]),
      step = tonumber(ARGV[from + 2]), is_exact = ARGV[from + 3] == '1', wait = 0
    }}
    at_key = at_key + 1
    w.amount = math.min(amount, w.count)
    local read = w.is_exact and read_exact or read_slots
    local wait_for
    w.used, w.at, wait_for = read(w.key, w.count, w.window, w.step)
    local excess = w.used + w.amount - w.count
    if excess > 0 then w.wait, has_room = wait_for(excess), false end
    windows[i] = w
  end
  for _, w in ipairs(windows) do
    if has_room then
      if w.is_exact then
        local moments = {{}}
        for i = 1, w.amount do moments[i] = string.format('%.0f', w.at) end
        if w.amount > 0 then redis.call('RPUSH', w.key, unpack(moments)) end
      else
        redis.call('HINCRBY', w.key, string.format('%.0f', w.at), w.amount)
      end
      redis.call('PEXPIRE', w.key, w.window + 2 * w.step)
      w.used = w.used + w.amount
    end
    answer[#answer + 1] = w.wait
    answer[#answer + 1] = w.used
  end
  at_arg = at_arg + 2 + #windows * 4
end
return answer
"""
