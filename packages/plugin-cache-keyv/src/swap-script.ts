/**
 * Compare-and-swap inside of Redis: stores `text` (or, where it is empty, removes what is there) on a condition.
 *
 * `none`: nothing is there · `version`: a record of this version is there · `digest`: a text of this SHA-1 is there.
 * Answers 1 for done and 0 for not. Where something is there that it cannot judge, it answers with SHA-1 and text.
 */
export const swapScript = `
local condition, expected, text, lifetime = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local stored = redis.pcall('GET', KEYS[1])
-- An error: what is there is not a string, so it is nobody's record.
if type(stored) == 'table' then stored = false end

if condition == 'none' then
  if stored then return { redis.sha1hex(stored), stored } end
elseif not stored then
  return 0
elseif condition == 'digest' then
  if redis.sha1hex(stored) ~= expected then return 0 end
else
  local readable, entry = pcall(cjson.decode, stored)
  local record = readable and type(entry) == 'table' and entry.value
  if type(record) ~= 'table' then return { redis.sha1hex(stored), stored } end
  if record.version ~= expected then return 0 end
end

if text == '' then redis.call('DEL', KEYS[1])
elseif lifetime == '' then redis.call('SET', KEYS[1], text)
else redis.call('SET', KEYS[1], text, 'PX', lifetime) end
return 1
`
