-- Lets the earliest due case that an agent may have and has room for ring at their desk.
--
-- KEYS  1  cases     HASH  case id -> record, see put.lua
--       2  routes    SET   routes in which a case waits
--       3  offers    ZSET  case id -> when it has rung long enough, ms
--       4  excluded  ZSET  case|agent -> until when it is not offered to them, ms
--       5  loads     HASH  agent|channel -> cases held
--       6… line      ZSET  the agent's routes: case id -> due time, ms
-- ARGV  1 agent   2 ring time, ms   3 number n of channels (all there are)
--       4… n pairs of channel, capacity;   then the channel of each of KEYS 6…
-- Returns {case id, fence after the offer}, or nil when nothing fits.
-- Invariant: a case leaves its line exactly when it enters offers, under a fence one higher.
--            With a call an agent holds nothing else. Of equally due cases the lesser id is first.

local cases, routes, offers, excluded, loads = unpack(KEYS, 1, 5)
local agent, channels = ARGV[1], tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local room, held, calls = {}, 0, 0
for i = 4, 2 + 2 * channels, 2 do
  local channel = ARGV[i]
  local load = tonumber(redis.call('HGET', loads, agent .. '|' .. channel) or 0)
  room[channel] = tonumber(ARGV[i + 1]) > load
  held = held + load
  if channel == 'voice' then
    calls = load
  end
end
if calls > 0 then
  return false
end
room.voice = room.voice and held == 0

local function next_of(head)
  local row = redis.call('ZRANGE', head.line, head.place, head.place, 'WITHSCORES')
  head.place = head.place + 1
  head.id, head.due = row[1], tonumber(row[2])
end

local heads = {}
for i = 6, #KEYS do
  if room[ARGV[2 * channels + i - 2]] then
    local head = { line = KEYS[i], place = 0 }
    next_of(head)
    if head.id then
      heads[#heads + 1] = head
    end
  end
end

local function record_if_free(id)
  local raw = redis.call('HGET', cases, id)
  if not raw then
    return nil
  end
  local until_when = redis.call('ZSCORE', excluded, id .. '|' .. agent)
  if until_when and tonumber(until_when) > now then
    return nil
  end
  local record = cjson.decode(raw)
  if record.state ~= 'queued' then
    return nil
  end
  if record.prefer ~= '' and record.prefer ~= agent and record.prefer_until > now then
    return nil
  end
  return record
end

while true do
  local best
  for _, head in ipairs(heads) do
    if head.id and (not best or head.due < best.due
        or head.due == best.due and head.id < best.id) then
      best = head
    end
  end
  if not best then
    return false
  end
  local id, record = best.id, record_if_free(best.id)
  if record then
    redis.call('ZREM', best.line, id)
    if redis.call('EXISTS', best.line) == 0 then
      redis.call('SREM', routes, record.route)
    end
    record.state, record.agent, record.fence, record.at = 'offered', agent, record.fence + 1, now
    redis.call('HSET', cases, id, cjson.encode(record))
    redis.call('ZADD', offers, now + ARGV[2], id)
    redis.call('HINCRBY', loads, agent .. '|' .. record.channel, 1)
    return { id, record.fence }
  end
  next_of(best)
end
