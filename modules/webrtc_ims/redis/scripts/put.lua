-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- A contact is registered, refreshed, put back after a loss (again: 1), or told of by the
-- node that has it (2).
-- Answers { outcome, since, contacts, displaced }.
-- KEYS entry lease format u:OWNER (an allocated IMPU); ARGV below

local MOVED_MS = 1000 -- WIMS_REG_MOVED_MS
local SWEEP_MAX = 4 -- claimed IMPUs that are over, taken off with each put

local id, impu, owner, name, record, instance, left, max, since, again, quarantine,
	owners, entries =
	ARGV[1], ARGV[2], ARGV[3], 'c:' .. ARGV[4], ARGV[5], ARGV[6], digits(ARGV[7]), digits(ARGV[8]),
	digits(ARGV[9]), ARGV[10] ~= '0', digits(ARGV[11]), ARGV[12], ARGV[13]
local asked = digits(ARGV[14])
local claimed = KEYS[4] == nil
local format, refused = format_of(KEYS[3])
if refused then
	return refused
end
local now = now_ms()
local e, anew = entry(KEYS[1], now)
local has = not claimed and look('GET', KEYS[4])
local displaced = false
local loser -- key of an owner who loses this IMPU

local used = e and e.last > now
if used and e.owner ~= owner then
	if not again then
		return { 'IN_USE' }
	elseif e.since <= since then
		return { 'CONFLICT' }
	end
	displaced = true
elseif not used and not claimed and not again then
	local lease = look('ZSCORE', KEYS[2], id)
	local mine = e and e.owner == owner or not e and has == id
	if lease and tonumber(lease) > now and not mine then
		return { 'IN_USE' } -- in the quarantine of somebody else
	end
end
if e and e.owner ~= owner then
	local key = owners .. e.owner
	loser = not claimed and look('GET', key) == id and key
end
if not used or displaced then
	e, anew = nil, anew or e ~= nil
end

-- An owner with two IMPUs keeps to the one that it got first.
local enter = not claimed
if has and has ~= id and whole(has) then
	local first = entry(entries .. has, now)
	enter = first == nil or first.owner ~= owner
end

-- The WIC of a contact that a node has kept may have moved to another one since. When
-- a Redis that stood still comes to it, that contact has less time left than it says.
-- In a Cluster the node has that time from another Redis, which may be ahead.
asked = math.min(asked, now)
for field, c in pairs(ARGV[10] == '2' and e and e.contacts or {}) do
	if field ~= name and instance ~= '' and c.instance == instance
		and (asked == 0 or c.expiry + MOVED_MS >= asked + left) then
		return { 'OK', e.since, e.count, 0 }
	end
end

local fresh = not e -- or not as it should be: all of it is written
e = e or { contacts = {}, dead = {}, count = 0, held = 0, since = again and since or now }
if again and since < e.since then
	e.since, fresh = since, true
end
for field, c in pairs(e.contacts) do
	if field == name or (instance ~= '' and c.instance == instance) then
		e.count = e.count - 1
		if field ~= name then
			e.dead[#e.dead + 1] = field
		end
		e.contacts[field] = nil
	end
end
if e.count >= max then
	return { 'LIMIT' }
end
local last = now + left
for _, c in pairs(e.contacts) do
	last = math.max(last, c.expiry)
end
local over = claimed and look('ZRANGEBYSCORE', KEYS[2], '-inf', text(now), 'LIMIT', 0, SWEEP_MAX)

-- from here on it writes
local lease = text(last + quarantine)
lease_until(KEYS[2], lease, id)
if not format then
	call('SET', KEYS[3], FORMAT)
end
if anew then
	call('DEL', KEYS[1])
end
if loser then
	call('DEL', loser)
end
if e.held > 0 or #e.dead > 0 then
	call('HDEL', KEYS[1], 'held', unpack(e.dead))
end
for _, member in ipairs(over or {}) do
	if member ~= id then
		call('ZREM', KEYS[2], member)
	end
end
record = text(now + left) .. ' ' .. record
if fresh or e.impu ~= impu then
	call('HSET', KEYS[1], 'owner', owner, 'impu', impu, 'since', text(e.since), name, record)
else
	call('HSET', KEYS[1], name, record)
end
call('PEXPIREAT', KEYS[1], lease)
if enter and has == id then
	call('PEXPIREAT', KEYS[4], lease)
elseif enter then
	call('SET', KEYS[4], id, 'PXAT', lease)
end
return { 'OK', e.since, e.count + 1, displaced and 1 or 0 }
