-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The contacts of a node with another epoch than this go, all with epoch 0.
-- IMPUs stay their owners' as if the contacts were there: neither the expiry of
-- the entry nor the lease changes. Answers { cursor, removed }.
-- KEYS lease format; ARGV cursor n node epoch prefix-of-entries

local cursor, n, node, epoch, prefix = whole(ARGV[1]), whole(ARGV[2]), whole(ARGV[3]),
	whole(ARGV[4]), ARGV[5]
local _, refused = format_of(KEYS[2])
if refused then
	return refused
end
local now = now_ms()
local members, cursors = page(KEYS[1], cursor, now, n)
local gone, held, removed = {}, {}, 0
for _, id in ipairs(members) do
	local key = prefix .. id
	local e = entry(key, now)
	for field, c in pairs(e and e.contacts or {}) do
		if tonumber(c.node) == node and (epoch == 0 or tonumber(c.epoch) ~= epoch) then
			gone[#gone + 1] = { key, field }
			held[key] = math.max(held[key] or e.held, c.expiry)
		end
	end
end

-- from here on it writes
for _, g in ipairs(gone) do
	removed = removed + redis.call('HDEL', g[1], g[2])
end
for key, at in pairs(held) do
	redis.call('HSET', key, 'held', text(at))
end
return { cursors[#members] or 0, removed }
