-- An agent gives a sign of life: the leases on what they talk about begin anew.
--
-- KEYS  1  cases   HASH  case id -> record, see put.lua
--       2  leases  ZSET  case id -> when its agent's sign of life is overdue, ms
-- ARGV  1 agent   2 lease, ms   3… pairs of case id, fence under which the agent holds it
-- Returns the ids that, as far as Redis knows, are not this agent's under this fence.
-- Invariant: only the holder under the newest fence prolongs a lease. Ring time and wrap-up have
--            their own end and are not prolonged.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local lost = {}
for i = 3, #ARGV, 2 do
  local id, fence = ARGV[i], tonumber(ARGV[i + 1])
  local raw = redis.call('HGET', KEYS[1], id)
  local record = raw and cjson.decode(raw)
  if not record or record.state == 'queued' or record.state == 'gone'
      or record.agent ~= ARGV[1] or record.fence ~= fence then
    lost[#lost + 1] = id
  elseif record.state == 'active' or record.state == 'on_hold' then
    redis.call('ZADD', KEYS[2], now + ARGV[2], id)
  end
end
return lost
