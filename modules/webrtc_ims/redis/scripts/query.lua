-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What stands under an IMPU: { field, value, ..., now }, or { now }.
-- KEYS entry format

local format = call('GET', KEYS[2])
if format and format ~= FORMAT then
	return redis.error_reply('WIMSFORMAT the store has another format')
end
if call('HLEN', KEYS[1]) > FIELDS_MAX then
	return redis.error_reply('WIMSBAD an entry with too many fields')
end
local all = call('HGETALL', KEYS[1])
all[#all + 1] = now_ms()
return all
