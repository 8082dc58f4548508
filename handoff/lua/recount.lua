-- Counts anew what each agent holds.
--
-- KEYS  1  cases   HASH  case id -> record, see put.lua
--       2  offers  ZSET  case id -> when it has rung long enough, ms
--       3  leases  ZSET  case id -> when its agent's sign of life is overdue, ms
--       4  loads   HASH  agent|channel -> cases held
-- Returns how many loads were wrong.
-- Invariant: afterwards loads count exactly the cases in offers and leases.

local right = {}
for i = 2, 3 do
  for _, id in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do
    local raw = redis.call('HGET', KEYS[1], id)
    if raw then
      local record = cjson.decode(raw)
      local holder = (record.agent or '') .. '|' .. (record.channel or '')
      right[holder] = (right[holder] or 0) + 1
    end
  end
end
local found = redis.call('HGETALL', KEYS[4])
local stored = {}
for i = 1, #found, 2 do
  stored[found[i]] = tonumber(found[i + 1])
end
local wrong = 0
for holder in pairs(stored) do
  if not right[holder] then
    redis.call('HDEL', KEYS[4], holder)
    wrong = wrong + 1
  end
end
for holder, load in pairs(right) do
  if stored[holder] ~= load then
    redis.call('HSET', KEYS[4], holder, load)
    wrong = wrong + 1
  end
end
return wrong
