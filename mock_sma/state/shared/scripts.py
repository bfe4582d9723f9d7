"""What happens in Redis, in its own language: each script is carried out whole, before or after any other.

Keys of an emulator, after its prefix:

====== ===================================================================================================
end    position of the log's last entry; positions begin at the microseconds of the time of founding, so that
       one is never used twice, not even where Redis has lost what it had
at     time of the last entry, which no later one is before [microseconds since the epoch]
log    stream of what happened, by position; an entry has data, time and the number of its server
lock   who changes worlds by hand now
seen   by number of a server, up to which position its part of the journal is in the log, and when it said so
worlds the worlds as they were after position ``upto``
upto   see there
count  number of servers that there ever were
====== ===================================================================================================
"""

from __future__ import annotations

KEYS = ("end", "at", "log", "lock", "seen", "worlds", "upto", "count")

LOCK_TIME = 5_000
"""Time after which somebody else may change worlds where the one who does is not heard of any more [ms]."""

_COMMON = """
local function whole(n) return string.format('%.0f', n) end
local function now() local t = redis.call('TIME'); return t[1] * 1000000 + t[2] end
"""

TURN = (
    _COMMON
    + f"""
local me, settled, token, mode, lines, asked = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local applied = tonumber(ARGV[1])
local stop = redis.call('GET', KEYS[1])
if not stop then return {{'EMPTY'}} end
local n = tonumber(stop)
if n < applied then return {{'LOST'}} end
local at = math.max(now(), tonumber(redis.call('GET', KEYS[2])))
local news = {{}}
if n > applied then
  news = redis.call('XRANGE', KEYS[3], '(' .. whole(applied) .. '-0', '+')
  if #news < n - applied then return {{'GAP'}} end
end
local holder = redis.call('GET', KEYS[4])
local mine = holder and holder == token
if mode == 'commit' and not mine then return {{'UNLOCKED'}} end
if mine then redis.call('PEXPIRE', KEYS[4], {LOCK_TIME}) end
local function add(data)
  n = n + 1
  redis.call('XADD', KEYS[3], whole(n) .. '-0', 'd', data, 't', whole(at), 's', me)
end
if lines ~= '' then add(lines) end
local place = '0'
if mode == 'lock' then
  if not holder then
    redis.call('SET', KEYS[4], token, 'PX', {LOCK_TIME})
    place = '1'
  end
elseif asked ~= '' and (not holder or mode == 'commit') then
  add(asked)
  place = whole(n)
end
if mine and (mode == 'commit' or mode == 'unlock') then redis.call('DEL', KEYS[4]) end
redis.call('SET', KEYS[1], whole(n))
redis.call('SET', KEYS[2], whole(at))
if settled == '' then settled = whole(mode == 'ask' and place ~= '0' and n - 1 or n) end
redis.call('HSET', KEYS[5], me, settled .. ' ' .. whole(at))
if mode == 'leave' then redis.call('HDEL', KEYS[5], me) end
if mode == 'call' or (mode == 'lock' and place == '1') then redis.call('PUBLISH', KEYS[3], me) end
local seen = {{}}
if mode == 'call' or mode == 'lock' or mode == 'wait' then seen = redis.call('HGETALL', KEYS[5]) end
return {{'OK', whole(n), whole(at), place, news, seen, redis.call('XLEN', KEYS[3])}}
"""
)
"""One turn of a server: it hears what is new, and adds what it has.

Arguments: the last position that the server has, its number, the position up to which its journal is in the log (empty:
it has sent all), what it holds the lock with, the mode, lines of the journal, and what was asked. Lines are always
added, what was asked only where nobody else changes worlds by hand. Modes: ``ask``; ``call`` has all servers send
their lines, ``wait`` looks whether they have; ``lock`` and ``commit`` begin and end a change by hand, ``unlock`` ends
it without one; ``leave``.
"""

JOIN = (
    _COMMON
    + """
local me = redis.call('INCR', KEYS[8])
local stop = redis.call('GET', KEYS[1])
if not stop then return {me, '0', {}, {}, whole(now())} end
local upto = redis.call('GET', KEYS[7])
local log = redis.call('XRANGE', KEYS[3], '(' .. upto .. '-0', '+')
return {me, upto, redis.call('HGETALL', KEYS[6]), log, redis.call('GET', KEYS[2])}
"""
)
"""Return a new server's number, and all that there is: worlds, and the log since."""

_WORLDS = """
redis.call('DEL', KEYS[6])
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[6], ARGV[i], ARGV[i + 1]) end
"""

FOUND = (
    _COMMON
    + """
local stop = redis.call('GET', KEYS[1])
if stop and tonumber(stop) >= tonumber(ARGV[1]) then return false end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5])
"""
    + _WORLDS
    + """
local n = whole(now())
redis.call('MSET', KEYS[1], n, KEYS[2], n, KEYS[7], n)
return n
"""
)
"""Begin where there is nothing, or what there is ends before a position; arguments: that, nothing, worlds (name, bytes,
…)."""

SNAPSHOT = (
    """
local stop = redis.call('GET', KEYS[1])
if not stop or tonumber(stop) < tonumber(ARGV[1]) or tonumber(redis.call('GET', KEYS[7])) >= tonumber(ARGV[1]) then
  return 0
end
"""
    + _WORLDS
    + """
redis.call('SET', KEYS[7], ARGV[1])
redis.call('XTRIM', KEYS[3], 'MINID', string.format('%.0f-0', tonumber(ARGV[1]) - tonumber(ARGV[2])))
return 1
"""
)
"""Forget the log up to a position, but for some entries that servers a little behind may want yet; arguments: both, and
worlds (name, bytes, …) as they are after it."""
