-- Copyright (C) 2026 the webrtc_ims authors
--
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- One node registers the block with IMS: takes that lease, or keeps it. Answers
-- { ours, node, epoch, left, doc }.
-- KEYS reg format; ARGV node epoch ms doc doc-kept hold-max doc-max

local node, epoch, ms, doc, kept, hold_max, doc_max = ARGV[1], ARGV[2], whole(ARGV[3]), ARGV[4],
	whole(ARGV[5]), whole(ARGV[6]), whole(ARGV[7])
local format, refused = format_of(KEYS[2])
if refused then
	return refused
end
local now = now_ms()
local h, bad = look('HMGET', KEYS[1], 'node', 'epoch', 'until')
local length = bad and 0 or redis.call('HSTRLEN', KEYS[1], 'doc')
local published = length > 0 and length <= doc_max and redis.call('HGET', KEYS[1], 'doc') or ''
local last = h and whole(h[3]) or 0
-- A longer one than anybody can take comes from a clock that was ahead.
local held = h and whole(h[1]) and whole(h[2]) and last > now and last <= now + hold_max
if held and (h[1] ~= node or h[2] ~= epoch) then
	return { 0, whole(h[1]), whole(h[2]), last - now, published }
end

-- from here on it writes
if bad then
	redis.call('DEL', KEYS[1])
end
if not format then
	redis.call('SET', KEYS[2], FORMAT)
end
redis.call('HSET', KEYS[1], 'node', node, 'epoch', epoch, 'until', text(now + ms), 'doc',
	doc ~= '' and doc or published)
redis.call('PEXPIREAT', KEYS[1], text(now + ms + kept))
return { 1, whole(node), whole(epoch), ms, published }
