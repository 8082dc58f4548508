-- Tells which ring times and leases have run out, the longest overdue first; changes nothing.
--
-- KEYS  1  cases   HASH  case id -> record, see put.lua
--       2  offers  ZSET  case id -> when it has rung long enough, ms
--       3  leases  ZSET  case id -> when its agent's sign of life is overdue, ms
-- ARGV  1 at most so many of each
-- Returns {case id, fence, agent, offer or lease, …}.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local found = {}
for i, kind in ipairs({ 'offer', 'lease' }) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[i + 1], '-inf', now, 'LIMIT', 0, ARGV[1])) do
    local raw = redis.call('HGET', KEYS[1], id)
    if raw then
      local record = cjson.decode(raw)
      for _, value in ipairs({ id, record.fence, record.agent, kind }) do
        found[#found + 1] = value or ''
      end
    end
  end
end
return found
