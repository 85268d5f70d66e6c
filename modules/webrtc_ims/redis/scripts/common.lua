-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Stands in front of each script of a block. docs/registrar-schema.md has the
-- keys and fields. Rules that all scripts keep:
--  * what may fail for a key that is not here (a slot on its way to another
--    node) is read before the first write, so that a step is done whole or not
--    at all;
--  * what others wrote is checked: of the wrong type, too long or unreadable is
--    not there, and the next write makes it anew;
--  * work is bounded by the constants below and the arguments.

local FORMAT = '1'
local FIELDS_MAX = 64      -- of an entry: 4 and its contacts, and some that expired
local CONTACTS_MAX = 31
local OWNER_MAX = 255
local LEFT_MAX = 4294967295000 -- ms; the longest that SIP can say
local CONTACT = '^(%d+) (%d+) (%d+) %S+ %S+ (%d+ ?.*)$' -- expiry, node, epoch, reg-id and instance
local INTEGER_DIGITS = 16
local INTEGER_MAX = 9007199254740991 -- exact in a double
local call, find, match, sub = redis.call, string.find, string.match, string.sub

local function now_ms()
	local t = call('TIME')
	return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- A text of digits alone as a number; nil: it is too large.
local function digits(s)
	local n = #s <= INTEGER_DIGITS and tonumber(s)
	return n and n <= INTEGER_MAX and n or nil
end

-- A whole number from 0 on, as text; nil: it is none.
local function whole(s)
	return type(s) == 'string' and find(s, '^%d+$') and digits(s) or nil
end

local function text(n)
	return string.format('%.0f', n)
end

-- As redis.call, for what only reads. nil, true: the key has the wrong type.
local function look(...)
	local r = redis.pcall(...)
	if type(r) == 'table' and r.err then
		if find(r.err, 'WRONGTYPE', 1, true) then
			return nil, true
		end
		return call(...) -- fails again, in its own words
	end
	return r
end

-- A store of another format must not be touched: what it means is not known.
local function format_of(key)
	local v = look('GET', key)
	if v and v ~= FORMAT then
		return nil, redis.error_reply('WIMSFORMAT the store has another format')
	end
	return v or false
end

-- A point in time up to which something is still to come; nil: it is none.
local function ahead(at, now)
	return at and at > now and at - now <= LEFT_MAX and at or nil
end

-- Writes a lease. Another type under its key is no lease: others are lost.
local function lease_until(key, at, id)
	local _, bad = look('ZADD', key, at, id)
	if bad then
		call('DEL', key)
		call('ZADD', key, at, id)
	end
end

-- An entry from all its fields; it is in use until e.last. Node and epoch of a
-- contact are texts of digits. nil: this is none.
local function read_entry(all, now)
	local contacts, dead, count, last, held, owner, impu, since = {}, {}, 0, 0, 0
	for i = 1, #all, 2 do
		local field, value = all[i], all[i + 1]
		if sub(field, 1, 2) == 'c:' then
			local expiry, node, epoch, instance = match(value, CONTACT)
			expiry = expiry and ahead(digits(expiry), now)
			if expiry then
				contacts[field] = { expiry = expiry, node = node, epoch = epoch, instance = instance }
				count = count + 1
				last = expiry > last and expiry or last
			else
				dead[#dead + 1] = field
			end
		elseif field == 'owner' then
			owner = value
		elseif field == 'impu' then
			impu = value
		elseif field == 'since' then
			since = whole(value)
		elseif field == 'held' then
			held = ahead(whole(value), now) or 0
		end
	end
	if not owner or #owner > OWNER_MAX or not since or count > CONTACTS_MAX then
		return nil
	end
	return { contacts = contacts, dead = dead, count = count, last = math.max(last, held),
		held = held, owner = owner, impu = impu, since = since }
end

-- What stands under that key. nil, true: something that is no entry.
local function entry(key, now)
	local n, bad = look('HLEN', key)
	if bad or n > FIELDS_MAX then
		return nil, true
	elseif n == 0 then
		return nil, false
	end
	local e = read_entry(call('HGETALL', key), now)
	return e, e == nil
end
