-- wrk asks for the addresses of a list and compares every answer that is accepted with what each of two packs answers,
-- byte for byte. The server gives a request's id back, so an answer is held against the very question it belongs to.
--
--   EXPECTED=expected.bin DELAY_MS=0 wrk -t1 -s verify.lua http://127.0.0.1:8080
local ffi = require("ffi")
ffi.cdef "typedef struct { long s; long ns; } moment; int clock_gettime(int, moment *);"
local moment = ffi.new("moment")
local MONOTONIC = 1
local function microseconds()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.s) * 1e6 + tonumber(moment.ns) / 1e3
end

-- The file: for each address a line "KIND ADDRESS LENGTH_A LENGTH_B", then the two bodies.
local kinds, paths, bodies = {}, {}, {}
local file = assert(io.open(os.getenv("EXPECTED"), "rb"))
for line in file:lines() do
  local kind, path, a, b = line:match("^(%S+) (%S+) (%d+) (%d+)$")
  kinds[#kinds + 1], paths[#paths + 1] = kind, path
  local one, other = file:read(tonumber(a)), file:read(tonumber(b))
  bodies[#bodies + 1] = { one or "", other or "" }
end
file:close()

-- Logarithmic buckets of 2 %, from a microsecond up.
local LAST_BUCKET = 1000
local function bucket(took) return math.min(math.floor(math.log(math.max(took, 1)) / math.log(1.02)), LAST_BUCKET) end

-- What is counted lives in globals of the thread, numbers and strings each, for the end can read no tables of it.
accepted, accepted_bytes, refused, wrong, failed, unknown = 0, 0, 0, 0, 0, 0
of_a, of_b, refused_silently = 0, 0, 0
examples, noted = "", 0

local started, sequence, at = {}, 0, 0

local function note(text)
  noted = noted + 1
  if noted <= 10 then examples = examples .. text:gsub("%c", " ") .. "\n" end
end

local function count(histogram, took)
  local name = histogram .. bucket(took)
  _G[name] = (_G[name] or 0) + 1
end

request = function()
  at = at % #paths + 1
  sequence = sequence + 1
  started[sequence] = microseconds()
  return wrk.format("GET", paths[at], { ["X-Request-Id"] = at .. "-" .. sequence, ["Accept-Encoding"] = "gzip" })
end

local function header(headers, name) return headers[name] or headers[name:lower()] end

local function check(index, status, body)
  local one, other = bodies[index][1], bodies[index][2]
  accepted, accepted_bytes = accepted + 1, accepted_bytes + #body
  if body == one then of_a = of_a + 1 elseif body == other then of_b = of_b + 1 else
    wrong = wrong + 1
    note(paths[index] .. " answered " .. status .. " with the body of neither pack: " .. #body .. " bytes instead of " .. #one .. " or " .. #other)
  end
end

response = function(status, headers, body)
  local id = header(headers, "X-Request-Id") or ""
  local index, number = id:match("^(%d+)%-(%d+)$")
  index, number = tonumber(index), tonumber(number)
  if not index or not started[number] then
    unknown = unknown + 1
    return note("an answer to no question: " .. status .. " " .. id)
  end
  local took = microseconds() - started[number]
  started[number] = nil
  if status == 503 then
    refused = refused + 1
    count("refused_", took)
    if not header(headers, "Retry-After") then
      refused_silently = refused_silently + 1
      note("503 without Retry-After: " .. paths[index])
    end
  elseif status == 200 or status == 204 then
    check(index, status, body)
    count("all_", took)
    count(kinds[index] .. "_", took)
  else
    failed = failed + 1
    note(paths[index] .. " answered " .. status .. ": " .. body:sub(1, 300))
  end
end

local pause = tonumber(os.getenv("DELAY_MS") or "0")
if pause > 0 then
  -- Spread, or all connections would ask in the same millisecond.
  delay = function() return math.floor(pause * (0.5 + math.random())) end
end

local threads = {}
setup = function(thread) threads[#threads + 1] = thread end

-- In milliseconds; and of how many.
local function percentile(thread, kind, part)
  local numbers, total, seen = {}, 0, 0
  for place = 0, LAST_BUCKET do
    numbers[place] = thread:get(kind .. "_" .. place) or 0
    total = total + numbers[place]
  end
  for place = 0, LAST_BUCKET do
    seen = seen + numbers[place]
    if seen > 0 and seen >= total * part then return 1.02 ^ (place + 1) / 1e3, total end
  end
  return 0, total
end

local function say(name, value) io.write(string.format("RESULT %s %s\n", name, tostring(value))) end

done = function(summary)
  local thread = threads[1]
  for _, name in ipairs { "accepted", "accepted_bytes", "refused", "wrong", "failed", "unknown", "of_a", "of_b", "refused_silently" } do
    say(name, thread:get(name))
  end
  for _, name in ipairs { "connect", "read", "write", "timeout" } do say(name .. "_errors", summary.errors[name]) end
  say("seconds", summary.duration / 1e6)
  for _, kind in ipairs { "all", "tile", "nearest", "risk", "search", "route", "refused" } do
    local p50, total = percentile(thread, kind, 0.5)
    say("kind", string.format("%s %d %.2f %.2f", kind, total, p50, (percentile(thread, kind, 0.99))))
  end
  for example in thread:get("examples"):gmatch("[^\n]+") do say("example", example) end
end
