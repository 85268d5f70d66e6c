-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- A node stops. KEYS nodes; ARGV node epoch

local value = look('HGET', KEYS[1], ARGV[1])
if value and string.match(value, '^%d+ (%d+) ') == ARGV[2] then
	redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
