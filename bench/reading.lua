-- Reading for wrk: addresses of one kind, by chance, as a client of the API where they are of it.
dofile(os.getenv("BENCH_DATA"))
local wanted = _G[os.getenv("BENCH_KIND")]
local headers = { ["Authorization"] = "Bearer " .. token }

function request()
  local path = wanted[math.random(#wanted)]
  return wrk.format("GET", path, path:find("^/api/") and headers or {})
end

dofile(os.getenv("BENCH_DONE"))
