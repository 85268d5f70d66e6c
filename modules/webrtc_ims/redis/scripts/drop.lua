-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- By order of the operator: entry and lease end, without quarantine.
-- KEYS entry lease format; ARGV id prefix-of-owners

local id, prefix = ARGV[1], ARGV[2]
local _, refused = format_of(KEYS[3])
if refused then
	return refused
end
local now = now_ms()
local e = entry(KEYS[1], now)
local _, lease_bad = look('ZCARD', KEYS[2])
local owner_key = e and prefix ~= '' and prefix .. e.owner
if owner_key and look('GET', owner_key) ~= id then
	owner_key = nil
end

-- from here on it writes
if owner_key then
	call('DEL', owner_key)
end
call('DEL', KEYS[1])
if lease_bad then
	call('DEL', KEYS[2])
elseif prefix ~= '' then
	call('ZADD', KEYS[2], 'XX', text(now), id)
else
	call('ZREM', KEYS[2], id)
end
return 0
