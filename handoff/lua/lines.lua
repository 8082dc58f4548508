-- How many cases wait in each line, and since when the first is due; changes nothing.
--
-- KEYS  1… line  ZSET  case id -> due time, ms
-- Returns {number, due time of the first in ms or '', …} in the order of KEYS.

local found = {}
for _, line in ipairs(KEYS) do
  found[#found + 1] = redis.call('ZCARD', line)
  found[#found + 1] = redis.call('ZRANGE', line, 0, 0, 'WITHSCORES')[2] or ''
end
return found
