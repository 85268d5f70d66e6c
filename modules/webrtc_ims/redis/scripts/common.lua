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

local function now_ms()
	local t = redis.call('TIME')
	return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- A whole number from 0 on, as text or not; nil: it is none.
local function whole(s)
	if type(s) ~= 'string' or #s > INTEGER_DIGITS or not string.find(s, '^%d+$') then
		return nil
	end
	local n = tonumber(s)
	return n <= INTEGER_MAX and n or nil
end

local function text(n)
	return string.format('%.0f', n)
end

-- As redis.call, for what only reads. nil, true: the key has the wrong type.
local function look(...)
	local r = redis.pcall(...)
	if type(r) == 'table' and r.err then
		if string.find(r.err, 'WRONGTYPE', 1, true) then
			return nil, true
		end
		return redis.call(...) -- fails again, in its own words
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
local function ahead(s, now)
	local at = whole(s)
	return at and at > now and at - now <= LEFT_MAX and at or nil
end

-- An entry from all its fields; it is in use until e.last. nil: this is none.
local function read_entry(all, now)
	local e = { contacts = {}, dead = {}, count = 0, last = 0, held = 0 }
	for i = 1, #all, 2 do
		local field, value = all[i], all[i + 1]
		if field == 'owner' or field == 'impu' then
			e[field] = value
		elseif field == 'since' then
			e.since = whole(value)
		elseif field == 'held' then
			e.held = ahead(value, now) or 0
		elseif string.sub(field, 1, 2) == 'c:' then
			local expiry, node, epoch, instance = string.match(value, CONTACT)
			expiry = ahead(expiry, now)
			if expiry then
				e.contacts[field] = { expiry = expiry, node = whole(node), epoch = whole(epoch),
					instance = instance }
				e.count = e.count + 1
				e.last = math.max(e.last, expiry)
			else
				e.dead[#e.dead + 1] = field
			end
		end
	end
	e.last = math.max(e.last, e.held)
	local good = e.owner and #e.owner <= OWNER_MAX and e.since and e.count <= CONTACTS_MAX
	return good and e or nil
end

-- What stands under that key. nil, true: something that is no entry.
local function entry(key, now)
	local n, bad = look('HLEN', key)
	if bad or n > FIELDS_MAX then
		return nil, true
	elseif n == 0 then
		return nil, false
	end
	local e = read_entry(redis.call('HGETALL', key), now)
	return e, e == nil
end
