-- Bookings for wrk: every request a new id and a resident by chance. TARGET is an echo, or sessions to spread over: by chance,
-- or BENCH_EACH requests to each in turn. With `bookings` it changes those: each in turn to the session whose turn it is.
dofile(os.getenv("BENCH_DATA"))
local echo, wanted, pay_with = os.getenv("BENCH_ECHO"), _G[os.getenv("BENCH_SESSIONS")], os.getenv("BENCH_PAY_WITH")
local changed, each, seed = _G[os.getenv("BENCH_BOOKINGS")], tonumber(os.getenv("BENCH_EACH")), tonumber(os.getenv("BENCH_SEED"))
local chance, format, n = math.random, string.format, -1
local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }
local AHEAD = 3 -- so many sessions further than a run of the seed before

function init()
  math.randomseed(os.time() + seed)
end

local function id()
  return format(
    "%08x-%04x-4%03x-%04x-%04x%08x",
    chance(0, 0xffffffff), chance(0, 0xffff), chance(0, 0xfff), chance(0x8000, 0xbfff), chance(0, 0xffff), chance(0, 0xffffffff)
  )
end

local function session()
  return wanted[each and (seed * AHEAD + math.floor(n / each)) % #wanted + 1 or chance(#wanted)]
end

local function content(pass)
  return '"lines":[{"session_id":"' .. session() .. '","tariff":"base","places":1}],"pass_token":"'
    .. pass .. '","pay_with":"' .. pay_with .. '"}'
end

function request()
  n = n + 1
  if changed then
    local booking = changed[n % #changed + 1]
    local address = "/api/v1/bookings/" .. booking[1] .. "/changes"
    return wrk.format("POST", address, headers, '{"change_id":"' .. id() .. '",' .. content(booking[2]))
  end
  return wrk.format("PUT", echo or ("/api/v1/bookings/" .. id()), headers, "{" .. content(passes[chance(#passes)]))
end

dofile(os.getenv("BENCH_DONE"))
