-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What stands under an IMPU: { now, field, value, ... }, or { now }.
-- KEYS entry format

local _, refused = format_of(KEYS[2])
if refused then
	return refused
end
local n = redis.call('HLEN', KEYS[1])
if n > FIELDS_MAX then
	return redis.error_reply('WIMSBAD an entry with too many fields')
end
local all = redis.call('HGETALL', KEYS[1])
table.insert(all, 1, now_ms())
return all
