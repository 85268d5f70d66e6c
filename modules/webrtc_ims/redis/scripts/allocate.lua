-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- An IMPU of the block for an owner; with a hold of 0 only the one that the owner
-- has, and nothing is written. Answers its index; -1: used up; -2: not
-- found yet, ask again (only after a loss: see docs/registrar-schema.md).
-- KEYS u:OWNER lease next format; ARGV owner size hold quarantine prefix-of-entries

local WALK_MAX = 1000 -- indexes in use that are passed over, one after the other
local POOL_MAX = 16   -- members of the free pool that are looked at

local owner, size, hold, quarantine, prefix = ARGV[1], whole(ARGV[2]), whole(ARGV[3]),
	whole(ARGV[4]), ARGV[5]
local format, refused = format_of(KEYS[4])
if refused then
	return refused
end
local now = now_ms()
local members, lease_bad = look('ZCARD', KEYS[2])
local written = look('GET', KEYS[3])
local next_free = whole(written) or 0
if lease_bad or members == 0 then
	next_free = 0 -- what was known about this block is lost: see who is still there
end

-- Does nobody use that index, of which the lease is over or not there? Where
-- somebody does, its lease was lost.
local repair = {}
local function free_index(index)
	local key = prefix .. text(index)
	local e = entry(key, now)
	if not e or e.last <= now then
		return true
	end
	repair[#repair + 1] = { text(index), text(e.last + quarantine) }
	return false
end

local garbage = {}
-- The index that the owner has, and its entry if that is in use.
local function mine()
	local index = whole(look('GET', KEYS[1]))
	if not index or index >= size then
		return nil
	end
	local e = entry(prefix .. text(index), now)
	if e and e.owner ~= owner then
		return nil
	elseif e and e.last > now then
		return index, e
	end
	local lease = not lease_bad and call('ZSCORE', KEYS[2], text(index))
	return (not lease or tonumber(lease) > now) and index or nil
end

local function never_used()
	for _ = 1, WALK_MAX do
		if next_free >= size then
			return nil
		end
		local index = next_free
		next_free = next_free + 1
		local score = not lease_bad and call('ZSCORE', KEYS[2], text(index))
		if not score and free_index(index) then
			return index
		end
	end
	return nil
end

local function longest_free()
	if lease_bad then
		return nil
	end
	local pool = call('ZRANGEBYSCORE', KEYS[2], '-inf', text(now), 'LIMIT', 0, POOL_MAX)
	for _, member in ipairs(pool) do
		local index = whole(member)
		if not index or index >= size or text(index) ~= member then
			garbage[#garbage + 1] = member
		elseif free_index(index) then
			return index
		end
	end
	return nil, #pool == POOL_MAX
end

local index, e = mine()
local more = false
if hold == 0 then
	return index or -1
end
if not index then
	index = never_used()
	if not index then
		index, more = longest_free()
		more = more or next_free < size
	end
end

-- from here on it writes
if lease_bad then
	call('DEL', KEYS[2])
end
if not format then
	call('SET', KEYS[4], FORMAT)
end
for _, member in ipairs(garbage) do
	call('ZREM', KEYS[2], member)
end
for _, r in ipairs(repair) do
	call('ZADD', KEYS[2], r[2], r[1])
end
if written ~= text(next_free) then
	call('SET', KEYS[3], text(next_free))
end
if not index then
	return more and -2 or -1
end
local key = prefix .. text(index)
local held = now + hold
local last = held
if e then
	held = math.max(held, e.held)
	last = math.max(held, e.last)
	call('HSET', key, 'held', text(held))
else
	call('DEL', key)
	call('HSET', key, 'owner', owner, 'since', text(now), 'held', text(held))
end
local lease = text(last + quarantine)
call('PEXPIREAT', key, lease)
call('ZADD', KEYS[2], lease, text(index))
call('SET', KEYS[1], text(index), 'PXAT', lease)
return index
