"""What happens in Redis, in its own language: each script is carried out whole, before or after any other.

Keys of an emulator, after its prefix:

====== ===================================================================================================
end    position of the log's last entry; positions begin at the microseconds of the time of founding, so that
       one is never used twice, not even where Redis has lost what it had
at     time of the last entry, which no later one is before [microseconds since the epoch]
log    stream of what happened, by position; an entry has data and time
lock   who changes worlds by hand now, and until when nobody else may take the lock
counts number of requests of each world, by its name
calls  number of calls for lines of the journal that there ever were
seen   by number of a server, the last call that it has followed, and when it said so
worlds the worlds as they were after position ``upto``
upto   see there
count  number of servers that there ever were
lease  who answers reads without a look (:mod:`mock_sma.state.shared.lease`), and whether somebody else wants it to end;
       ``0`` for a second after that: nobody gets one
====== ===================================================================================================
"""

from __future__ import annotations

from mock_sma.state.shared.entries import KINDS, Requested
from mock_sma.state.shared.lease import BLOCK

KEYS = ("end", "at", "log", "lock", "seen", "worlds", "upto", "count", "calls", "counts", "lease")

LOCK_TIME = 5_000
"""Time after which somebody else may ask or change worlds where the one who changes them is not heard of any more [ms].
Where nobody wants to, a change that took longer is made all the same."""

_COMMON = """
local function whole(n) return string.format('%.0f', n) end
local function now() local t = redis.call('TIME'); return t[1] * 1000000 + t[2] end
"""

SPARED = 1_000
"""Time without leases after one that somebody else wanted [ms]: it costs servers that are all asked little then."""

_LEASE = f"""
local function spare(key) redis.call('SET', key, '0', 'PX', {SPARED}) end
local function want(key, lease, channel, me)
  redis.call('SET', key, lease .. ' wanted')
  redis.call('PUBLISH', channel, me)
  return 'wanted'
end
local function take_back(counts, words)
  for name, left in words:gmatch('(%S+)=(%d+)') do redis.call('HINCRBY', counts, name, -left) end
end
"""

TURN = (
    _COMMON
    + _LEASE
    + f"""
local own, over, left = ARGV[1], ARGV[2], ARGV[3]
local me, settled, token, mode, lines, asked = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local applied = tonumber(ARGV[4])
local stop = redis.call('GET', KEYS[1])
if not stop then return {{'EMPTY'}} end
local n = tonumber(stop)
if n < applied then return {{'LOST'}} end
local at = math.max(now(), tonumber(redis.call('GET', KEYS[2])))
local holder, till = (redis.call('GET', KEYS[4]) or ''):match('^(%S+) ?(%d*)$')
local mine = holder and holder == token
local wants = mode == 'lock' or (mode == 'ask' and asked ~= '')
if wants and holder and not mine and till ~= '' and now() > tonumber(till) then
  redis.call('DEL', KEYS[4])
  holder = nil
end
local lease, wanted = (redis.call('GET', KEYS[11]) or '0'):match('^(%S+)(.*)$')
local met = ''
if lease == own or lease == over then
  if wanted == '' then redis.call('DEL', KEYS[11]) else spare(KEYS[11]) end
  if lease == own then take_back(KEYS[10], left) end
elseif lease ~= '0' then
  holder = holder or lease
  if wants and wanted == '' then wanted = want(KEYS[11], lease, KEYS[3], me) end
  if wanted ~= '' then met = lease end
end
local function hold() redis.call('SET', KEYS[4], token .. ' ' .. whole(now() + {LOCK_TIME * 1000})) end
local function numbers()
  local firsts = {{}}
  for i = 11, #ARGV, 3 do
    local known = redis.call('HGET', KEYS[10], ARGV[i])
    local count = tonumber(known or '0')
    if n == applied or not known then count = math.max(count, tonumber(ARGV[i + 2])) end
    redis.call('HSET', KEYS[10], ARGV[i], whole(count + ARGV[i + 1]))
    firsts[#firsts + 1] = ARGV[i] .. '=' .. whole(count + 1)
  end
  return table.concat(firsts, ' ')
end
local news = {{}}
if n > applied then
  news = redis.call('XRANGE', KEYS[3], '(' .. whole(applied) .. '-0', '+')
  if #news < n - applied then return {{'GAP'}} end
end
if mode == 'commit' and not mine then return {{'UNLOCKED'}} end
if mine then hold() end
local function add(data)
  n = n + 1
  redis.call('XADD', KEYS[3], whole(n) .. '-0', 'd', data, 't', whole(at))
end
if lines ~= '' then add(lines) end
local place, firsts = '0', ''
if mode == 'lock' then
  if not holder then
    hold()
    place = '1'
  end
elseif mode == 'commit' then
  for i = 11, #ARGV, 3 do
    if ARGV[i + 2] == '-1' then redis.call('HDEL', KEYS[10], ARGV[i])
    else
      local count = tonumber(ARGV[i + 1] == '1' and redis.call('HGET', KEYS[10], ARGV[i]) or '0')
      redis.call('HSET', KEYS[10], ARGV[i], whole(math.max(count, tonumber(ARGV[i + 2]))))
    end
  end
  add(asked)
  place = whole(n)
elseif asked ~= '' and not holder then
  firsts = numbers()
  add('{KINDS[Requested].decode()}' .. firsts .. '\\n' .. asked)
  place = whole(n)
end
if mine and (mode == 'commit' or mode == 'unlock') then redis.call('DEL', KEYS[4]) end
redis.call('SET', KEYS[1], whole(n))
redis.call('SET', KEYS[2], whole(at))
local call = redis.call('GET', KEYS[9]) or '0'
if mode == 'call' or (mode == 'lock' and place == '1') then
  call = whole(redis.call('INCR', KEYS[9]))
  redis.call('PUBLISH', KEYS[3], me)
end
redis.call('HSET', KEYS[5], me, (settled == '' and call or settled) .. ' ' .. whole(at))
if mode == 'leave' then redis.call('HDEL', KEYS[5], me) end
local seen = {{}}
if mode == 'call' or mode == 'lock' or mode == 'wait' then seen = redis.call('HGETALL', KEYS[5]) end
local held = holder and not mine and 1 or 0
return {{'OK', whole(n), whole(at), place, news, seen, redis.call('XLEN', KEYS[3]), call, held, firsts, met}}
"""
)
"""One turn of a server: it hears what is new, and adds what it has. Each request has its number in its world.

Arguments: the lease that the server has, which ends; that of another one that it has waited for; of each world as many
numbers as it has left of its own; the last position that the server has, its number, the last call that it has followed
(empty: this one, as all of its journal is in the log), what it holds the lock with, the mode, lines of the journal, and
what was asked. Lines are always added, what was asked only where nobody else changes worlds by hand or has a lease.
Modes: ``ask``; ``call`` has all servers send their lines, ``wait`` looks whether they have; ``lock`` and ``commit``
begin and end a change by hand, ``unlock`` ends it without one; ``leave``. Then for each world its name, how many
numbers are wanted, and how many requests it had as far as the server knows. With ``commit`` the second is 1 where the
world goes on, and 0 where it has begun anew.
"""

LOOK_KEYS = ("end", "at", "lock", "counts", "lease", "log")

LOOK = (
    _COMMON
    + _LEASE
    + f"""
local found = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3], KEYS[5])
local me, own, over, is_new, left = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
if found[1] ~= ARGV[1] then return false end
local at = now()
if found[3] then
  local till = found[3]:match(' (%d*)$') or ''
  if till == '' or at <= tonumber(till) then return false end
  redis.call('DEL', KEYS[3])
end
local lease = found[4] or ''
if lease == over .. ' wanted' then
  spare(KEYS[5])
  lease = '0'
end
if lease ~= '' and lease ~= '0' and lease ~= own then
  if not lease:find(' ') then want(KEYS[5], lease, KEYS[6], me) end
  return false
end
if lease == '' and is_new == '1' then
  redis.call('SET', KEYS[5], own)
  lease = own
end
local more = 0
if lease ~= '' and lease == own then
  take_back(KEYS[4], left)
  more = {BLOCK}
end
local words = {{whole(math.max(at, tonumber(found[2]))), more}}
for i = 7, #ARGV, 3 do
  local count = math.max(tonumber(redis.call('HGET', KEYS[4], ARGV[i]) or '0'), tonumber(ARGV[i + 2]))
  redis.call('HSET', KEYS[4], ARGV[i], whole(count + ARGV[i + 1] + more))
  words[#words + 1] = ARGV[i] .. '=' .. whole(count + 1)
end
return table.concat(words, ' ')
"""
)
"""Return the time, and numbers for reads; nothing where anything is new, somebody changes worlds by hand, or another
server has a lease. One of its own goes on, unless it is wanted: then nothing is returned either, and a turn ends it.

All clients that wait to read have one such look together, so it is what a read costs here without a lease. Arguments:
the last position that the server has, its number, its lease, the lease of another one that it has waited for (empty:
none), whether its own is a new one that it would like, as many numbers as it has left of each world that follows; and
of each world the same as in a turn. Returned are the time, how many further numbers of each world the lease has (0:
there is none), and the first ones.
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
    + _LEASE
    + """
local stop = redis.call('GET', KEYS[1])
if stop and tonumber(stop) >= tonumber(ARGV[1]) then return false end
local lease = redis.call('GET', KEYS[11]) or ''
if ARGV[2] == '' or (lease ~= '0' and lease ~= ARGV[2]) then
  if lease == '' then spare(KEYS[11])
  elseif lease ~= '0' and not lease:find(' ') then want(KEYS[11], lease, KEYS[3], '') end
  return {redis.call('GET', KEYS[11])}
end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[10], KEYS[11])
"""
    + _WORLDS
    + """
local n = whole(math.max(now(), ARGV[1] + 1))
redis.call('MSET', KEYS[1], n, KEYS[2], n, KEYS[7], n)
return n
"""
)
"""Begin where there is nothing, or what there is ends before a position.

Arguments: that, the lease whose end was waited for (empty: none), worlds (name, bytes, …). A lease in a list is to be
waited for first, also where it is ``0``: one may have been lost with all else while a server believes in it yet. Nobody
gets another one meanwhile.
"""

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
