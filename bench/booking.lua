-- Bookings for wrk: every request a new id and a resident by chance. TARGET is an echo, or sessions to spread over.
dofile(os.getenv("BENCH_DATA"))
local echo, wanted, pay_with = os.getenv("BENCH_ECHO"), _G[os.getenv("BENCH_SESSIONS")], os.getenv("BENCH_PAY_WITH")
local chance, format = math.random, string.format
local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }

function init()
  math.randomseed(os.time() + tonumber(os.getenv("BENCH_SEED")))
end

local function id()
  return format(
    "%08x-%04x-4%03x-%04x-%04x%08x",
    chance(0, 0xffffffff), chance(0, 0xffff), chance(0, 0xfff), chance(0x8000, 0xbfff), chance(0, 0xffff), chance(0, 0xffffffff)
  )
end

function request()
  local body = '{"lines":[{"session_id":"' .. wanted[chance(#wanted)] .. '","tariff":"base","places":1}],"pass_token":"'
    .. passes[chance(#passes)] .. '","pay_with":"' .. pay_with .. '"}'
  return wrk.format("PUT", echo or ("/api/v1/bookings/" .. id()), headers, body)
end

dofile(os.getenv("BENCH_DONE"))
