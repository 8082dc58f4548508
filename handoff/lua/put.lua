-- Makes the index agree with one case as SQL has it.
--
-- KEYS  1  cases   HASH  case id -> record (JSON: rev, state, fence, due, route, channel, agent,
--                        prefer, prefer_until, at); state `gone` is a tombstone
--       2  routes  SET   routes in which a case waits
--       3  offers  ZSET  case id -> when it has rung long enough, ms
--       4  leases  ZSET  case id -> when its agent's sign of life is overdue, ms
--       5  loads   HASH  agent|channel -> cases held
--       6  tombs   ZSET  case id -> when its tombstone is dropped, ms
--       7  line    ZSET  the case's route: case id -> due time, ms
--       8… line    ZSET  other routes in which the case may still wait
-- ARGV  1 case id   2 rev   3 queued, offered, active, on_hold, wrap_up or gone   4 fence
--       5 due, ms since 1970   6 route   7 channel   8 agent, '' = none   9 ring time or lease, ms
--       10 preferred agent, '' = none   11 preferred for, ms   12 life of a tombstone, ms
--       13 guard: `rev` = only over an older rev; `seen` = only over the record of ARGV 14, and
--          only if nobody has touched it for ARGV 15 ms; `always`
--       14 record as seen, '' = none   15 ms   16… names of the routes of KEYS 8…
-- Returns {1} done, {2} known already, {0} refused by the guard,
--         {-1, route} it waits in this route: declare its line too and call again.
-- Invariant: a known case is in exactly one of a line, offers, leases and tombs, as its record
--            says; loads count offers and leases; routes names the lines that are not empty.

local cases, routes, offers, leases, loads, tombs = unpack(KEYS, 1, 6)
local id, rev, state, fence = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local timers = { offered = offers, active = leases, on_hold = leases, wrap_up = leases }

if ARGV[13] == 'rev' then -- the other guards are about what somebody has seen: leave it
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', tombs, '-inf', now, 'LIMIT', 0, 10)) do
    redis.call('HDEL', cases, old)
    redis.call('ZREM', tombs, old)
  end
end

local raw = redis.call('HGET', cases, id) or ''
local known = raw ~= '' and cjson.decode(raw)
if ARGV[13] == 'rev' and known then
  if known.rev > rev then
    return { 0 }
  elseif known.rev == rev then
    local timer = timers[known.state]
    if timer then
      redis.call('ZADD', timer, 'NX', now + ARGV[9], id)
    end
    return { 2 }
  end
elseif ARGV[13] == 'seen' then
  if raw ~= ARGV[14] or known and known.at > now - ARGV[15] then
    return { 0 }
  end
end

local lines = { [ARGV[6]] = KEYS[7] }
for i = 8, #KEYS do
  lines[ARGV[i + 8]] = KEYS[i]
end
if known and known.state == 'queued' and not lines[known.route] then
  return { -1, known.route }
end

for route, line in pairs(lines) do
  if redis.call('ZREM', line, id) == 1 and redis.call('EXISTS', line) == 0 then
    redis.call('SREM', routes, route)
  end
end
redis.call('ZREM', offers, id)
redis.call('ZREM', leases, id)
redis.call('ZREM', tombs, id)
if known and timers[known.state] then
  local holder = known.agent .. '|' .. known.channel
  if redis.call('HINCRBY', loads, holder, -1) <= 0 then
    redis.call('HDEL', loads, holder)
  end
end

if state == 'queued' then
  redis.call('ZADD', KEYS[7], ARGV[5], id)
  redis.call('SADD', routes, ARGV[6])
elseif state == 'gone' then
  redis.call('ZADD', tombs, now + ARGV[12], id)
else
  redis.call('ZADD', timers[state], now + ARGV[9], id)
  redis.call('HINCRBY', loads, ARGV[8] .. '|' .. ARGV[7], 1)
end
local record = { rev = rev, state = state, at = now }
if state ~= 'gone' then
  record.fence, record.due, record.route = fence, tonumber(ARGV[5]), ARGV[6]
  record.channel, record.agent = ARGV[7], ARGV[8]
  record.prefer, record.prefer_until = ARGV[10], now + ARGV[11]
end
redis.call('HSET', cases, id, cjson.encode(record))
return { 1 }
