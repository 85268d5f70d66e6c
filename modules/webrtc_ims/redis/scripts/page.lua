-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Walks over the leases of a block in the order of their ends, those that are
-- over left out. A cursor is the end of the last lease seen, times SAME_MAX,
-- and how many with that end were seen. Who is refreshed meanwhile moves to the
-- end of the walk, and nobody to its beginning.

local SAME_MAX = 1024
local SCORE_MAX = 8000000000000 -- times SAME_MAX it is exact in a double

-- Members, and the cursor behind each of them.
local function page(lease, cursor, now, n)
	local from, skip = math.floor(cursor / SAME_MAX), cursor % SAME_MAX
	if cursor == 0 then
		from = now
	end
	local raw = redis.call('ZRANGEBYSCORE', lease, text(from), '+inf', 'WITHSCORES', 'LIMIT',
		skip, n)
	local members, cursors = {}, {}
	for i = 1, #raw, 2 do
		local score = math.floor(math.min(tonumber(raw[i + 1]), SCORE_MAX))
		skip = score == from and skip + 1 or 1
		from = score
		if skip == SAME_MAX then
			from, skip = from + 1, 0
		end
		members[#members + 1] = raw[i]
		cursors[#cursors + 1] = from * SAME_MAX + skip
	end
	if #members < n or from > SCORE_MAX then
		cursors[#members] = 0
	end
	return members, cursors
end
