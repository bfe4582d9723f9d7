import asyncio
import urllib.error
import urllib.request

import aiohttp
import requests

URL = "https://sandbox.smaapis.de/monitoring/v1/plants"


async def ask() -> int:
    async with aiohttp.ClientSession() as session, session.get(URL) as answer:
        return answer.status


try:
    urllib.request.urlopen(URL)
except urllib.error.HTTPError as error:
    print(requests.get(URL, timeout=20).status_code, asyncio.run(ask()), error.code)
    error.close()
