-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- How many IMPUs of a block are { in use, leased }.
-- KEYS lease; ARGV quarantine

local now = now_ms()
return {
	redis.call('ZCOUNT', KEYS[1], '(' .. text(now + whole(ARGV[1])), '+inf'),
	redis.call('ZCOUNT', KEYS[1], '(' .. text(now), '+inf')
}
