-- Webhooks for wrk: each line of the file is a signature and a body, and is sent once.
local lines = {}

function init()
  for line in io.lines(os.getenv("BENCH_WEBHOOKS")) do
    lines[#lines + 1] = line
  end
end

local at = 0
function request()
  at = at % #lines + 1
  local signature, body = lines[at]:match("^(%S+) (.*)$")
  return wrk.format("POST", "/stripe/webhook", { ["Content-Type"] = "application/json", ["Stripe-Signature"] = signature }, body)
end

dofile(os.getenv("BENCH_DONE"))
