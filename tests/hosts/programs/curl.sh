curl -sS -o /dev/null -w '%{http_code}\n' https://sandbox.smaapis.de/monitoring/v1/plants
