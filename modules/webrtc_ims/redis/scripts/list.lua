-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Entries of a block, a part at a time: { now, cursor, { id, field, value, ... },
-- ... }. The cursor is 0 at the end.
-- KEYS lease format; ARGV cursor n prefix-of-entries

local BYTES_MAX = 65536 -- of an answer, and one entry

local cursor, n, prefix = whole(ARGV[1]), whole(ARGV[2]), ARGV[3]
local _, refused = format_of(KEYS[2])
if refused then
	return refused
end
local now = now_ms()
local members, cursors = page(KEYS[1], cursor, now, n)
local answer = { now, 0 }
local bytes = 0
for i, id in ipairs(members) do
	answer[2] = cursors[i]
	local key = prefix .. id
	local fields, bad = look('HLEN', key)
	if not bad and fields > 0 and fields <= FIELDS_MAX then
		local all = call('HGETALL', key)
		local e = read_entry(all, now)
		if not e or e.last > now then
			for _, s in ipairs(all) do
				bytes = bytes + #s
			end
			table.insert(all, 1, id)
			answer[#answer + 1] = all
		end
	end
	if bytes > BYTES_MAX then
		break
	end
end
return answer
