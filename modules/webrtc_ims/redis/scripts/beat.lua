-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- A node lives. Answers { now, taken, node, epoch, age, address, ... }, all nodes.
-- KEYS nodes; ARGV node epoch address dead forgotten nodes-max

local FIELDS_MAX_NODES = 1024
local NODE = '^(%d+) (%d+) (%S+)$' -- last beat, epoch, address
local ADDRESS_MAX = 127
local NUMBER_MAX = 65535
local EPOCH_MAX = 4294967295

local function within(s, max)
	local n = whole(s)
	return n and n <= max and text(n) == s
end

local me, epoch, address, dead, forgotten, max = ARGV[1], ARGV[2], ARGV[3], whole(ARGV[4]),
	whole(ARGV[5]), whole(ARGV[6])
local now = now_ms()
local n, bad = look('HLEN', KEYS[1])
local all = {}
if not bad and n <= FIELDS_MAX_NODES then
	all = redis.call('HGETALL', KEYS[1])
else
	bad = true
end
local answer, gone, others, taken = { now, 0 }, {}, 0, false
for i = 1, #all, 2 do
	local node, value = all[i], all[i + 1]
	local beat, its_epoch, its_address = string.match(value, NODE)
	beat = whole(beat)
	local live = beat and within(node, NUMBER_MAX) and within(its_epoch, EPOCH_MAX)
		and now - beat <= forgotten and #its_address <= ADDRESS_MAX
	if not live then
		gone[#gone + 1] = node
	elseif node == me then
		taken = its_address ~= address and now - beat <= dead
	end
	if live and (node ~= me or taken) then
		others = others + (node ~= me and 1 or 0)
		local at = #answer
		answer[at + 1], answer[at + 2], answer[at + 3], answer[at + 4] = whole(node),
			whole(its_epoch), now - beat, its_address
	end
end
if others >= max then
	return {}
end
if not taken then
	local at = #answer
	answer[at + 1], answer[at + 2], answer[at + 3], answer[at + 4] = whole(me), whole(epoch), 0,
		address
end
answer[2] = taken and 1 or 0

-- from here on it writes
if bad then
	redis.call('DEL', KEYS[1])
end
if #gone > 0 then
	redis.call('HDEL', KEYS[1], unpack(gone))
end
if not taken then
	redis.call('HSET', KEYS[1], me, text(now) .. ' ' .. epoch .. ' ' .. address)
	redis.call('PEXPIREAT', KEYS[1], text(now + forgotten))
end
return answer
