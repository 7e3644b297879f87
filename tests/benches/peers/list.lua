-- wrk asks for the addresses of a list, over and over, and prints what came of it as one line:
-- requests per second, p50 and p99 in microseconds, answers that are no success, bytes of an answer with its head, answers.
--
--   LIST=addresses.txt ENCODING=gzip wrk -t1 -s list.lua http://127.0.0.1:8080
local paths = {}
for line in io.lines(os.getenv("LIST")) do paths[#paths + 1] = line end
local headers = {}
local encoding = os.getenv("ENCODING")
if encoding and encoding ~= "" then headers["Accept-Encoding"] = encoding end

local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], headers)
end

done = function(summary, latency)
  local errors = summary.errors
  local bad = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("RESULT %.1f %.0f %.0f %d %.0f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99), bad, summary.bytes / math.max(summary.requests, 1), summary.requests))
end
