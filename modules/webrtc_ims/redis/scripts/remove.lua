-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- De-registered: one contact goes; with the last one the quarantine begins.
-- KEYS entry lease format; ARGV id name quarantine prefix-of-owners

local id, name, quarantine, prefix = ARGV[1], 'c:' .. ARGV[2], whole(ARGV[3]), ARGV[4]
local _, refused = format_of(KEYS[3])
if refused then
	return refused
end
local now = now_ms()
local e = entry(KEYS[1], now)
if not e or not e.contacts[name] then
	return 0 -- unknown, or over: its expiry does the rest
end
local owner_key = prefix ~= '' and prefix .. e.owner
if owner_key and look('GET', owner_key) ~= id then
	owner_key = nil
end
local last = math.max(now, e.held)
for field, c in pairs(e.contacts) do
	if field ~= name then
		last = math.max(last, c.expiry)
	end
end

-- from here on it writes
local lease = last + quarantine
if lease == now then
	call('DEL', KEYS[1])
else
	call('HDEL', KEYS[1], name, unpack(e.dead))
	call('PEXPIREAT', KEYS[1], text(lease))
end
lease_until(KEYS[2], text(lease), id)
if owner_key then
	call('PEXPIREAT', owner_key, text(lease))
end
return 1
