:inets.start(); :ssl.start()
url = 'https://sandbox.smaapis.de/monitoring/v1/plants'
{:ok, {{_, code, _}, _, _}} = :httpc.request(:get, {url, []}, [ssl: [verify: :verify_peer, cacerts: :public_key.cacerts_get(), customize_hostname_check: [match_fun: :public_key.pkix_verify_hostname_match_fun(:https)]]], [])
IO.puts(code)
