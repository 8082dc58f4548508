-- A case is not offered to one agent for a while; forgets what has run out.
--
-- KEYS  1  excluded  ZSET  case|agent -> until when it is not offered to them, ms
-- ARGV  1 case|agent   2 for how long, ms
-- Returns nothing.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return false
