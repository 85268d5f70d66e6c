-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Gives the lease of a block free; what is published stays.
-- KEYS reg format; ARGV node epoch

local _, refused = format_of(KEYS[2])
if refused then
	return refused
end
local h = look('HMGET', KEYS[1], 'node', 'epoch')
if h and h[1] == ARGV[1] and h[2] == ARGV[2] then
	redis.call('HSET', KEYS[1], 'until', '0')
end
return 0
