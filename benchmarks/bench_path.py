"""The way under load, and what one screen costs: many people at once on loopback, and each screen by itself.

Run: python benchmarks/bench_path.py [PEOPLE] [SECONDS_BETWEEN_PAGES]

People walk the whole way as a browser without script does, each with a cookie and answers of their own, and read for
a while between two pages (drawn between half and one and a half times the seconds given). The time of a page runs
from asking to the last byte, over a real connection to a server in a process of its own. Nothing is bounded by a
test: figures go to the report, promises stand beside them.
"""

from __future__ import annotations

import asyncio
import random
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from html import unescape

import httpx

from equipoise.presentation.path import SCREENS

PROMISED_P95_MS = 150.0
PROMISED_SCREEN_MS = 40.0
PROMISED_BYTES = 60_000
_HIDDEN = re.compile(r'<input type="hidden" name="(token|kept)" value="([^"]*)"')
_PICTURE = re.compile(r"<svg.*?</svg>", re.DOTALL)

Times = dict[str, list[float]]


def hidden(page: str) -> dict[str, str]:
    return {name: unescape(held) for name, held in _HIDDEN.findall(page)}


def answers(chance: random.Random) -> dict[str, str]:
    """Answers of one person; each is left open now and then."""
    told = {
        "age": str(chance.randint(20, 50)),
        "sex": chance.choice(["woman", "man"]),
        "jurisdiction": chance.choice(["EU", "UK", "US"]),
        "course": "relapsing-remitting",
        "years_since_onset": str(chance.randint(1, 15)),
        "relapses_12_months": str(chance.randint(0, 3)),
        "relapses_24_months": str(chance.randint(3, 5)),
        "pregnancy": chance.choice(["none", "later"]),
        "matters": chance.choice(["relapses", "disability-worsening", "tests-and-visits"]),
    }
    return {name: held for name, held in told.items() if chance.random() > 0.15}


async def walk(client: httpx.AsyncClient, seed: int, pause: float, times: Times, odd: list[str]) -> None:
    chance = random.Random(seed)  # noqa: S311 - people for a measurement, no secret
    told = answers(chance)
    await asyncio.sleep(chance.uniform(0, 2 * pause))
    page = ""
    for number, screen in enumerate(SCREENS):
        started = time.perf_counter()
        if number == 0:
            answer = await client.get(f"/en/path/{screen.id}")
        else:
            before = SCREENS[number - 1]
            data = hidden(page) | {name: held for name, held in told.items() if before.owns(name)} | {"go": screen.id}
            posted = await client.post(f"/en/path/{before.id}", data=data)
            times["(sent)"].append(1000 * (time.perf_counter() - started))
            started = time.perf_counter()
            answer = await client.get(posted.headers.get("location", f"/en/path/{screen.id}"))
        times[screen.id].append(1000 * (time.perf_counter() - started))
        if answer.status_code != 200:
            odd.append(f"{screen.id}: {answer.status_code}")
        page = answer.text
        await asyncio.sleep(pause * chance.uniform(0.5, 1.5))


async def crowd(address: str, people: int, pause: float) -> tuple[Times, list[str]]:
    times: Times = defaultdict(list)
    odd: list[str] = []

    async def one(seed: int) -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            await walk(client, seed, pause, times, odd)

    await asyncio.gather(*(one(seed) for seed in range(people)))
    return times, odd


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def alone(address: str) -> dict[str, tuple[float, int]]:
    """Each screen for one person alone: the median of some requests, and its bytes without pictures."""
    found = {}
    with httpx.Client(base_url=address, timeout=60) as client:
        page = client.get("/en/path/start").text
        told = answers(random.Random(1))  # noqa: S311 - as above
        for screen in SCREENS:
            data = hidden(page) | {name: held for name, held in told.items() if screen.owns(name)} | {"go": "stay"}
            client.post(f"/en/path/{screen.id}", data=data)
            page = client.get(f"/en/path/{screen.id}").text
        for screen in SCREENS:
            taken = []
            for _ in range(9):
                started = time.perf_counter()
                page = client.get(f"/en/path/{screen.id}").text
                taken.append(1000 * (time.perf_counter() - started))
            found[screen.id] = statistics.median(taken), len(_PICTURE.sub("", page).encode())
    return found


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    pause = float(sys.argv[2]) if len(sys.argv) > 2 else 8.0
    server = subprocess.Popen(
        [sys.executable, "-m", "equipoise", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))
        print(f"one person, {len(SCREENS)} screens: median of nine requests, bytes without pictures")
        for name, (taken, size) in alone(address).items():
            marks = "" if taken < PROMISED_SCREEN_MS and size < PROMISED_BYTES else "   over what is promised"
            print(f"  {name:<18} {taken:8.1f} ms {size:8,d} bytes{marks}")
        started = time.perf_counter()
        times, odd = asyncio.run(crowd(address, people, pause))
        took = time.perf_counter() - started
    finally:
        server.terminate()
        server.wait()
    everything = [one for name, held in times.items() if name != "(sent)" for one in held]
    print(f"{people} people at once, {pause:g} s between pages on average, {took:.0f} s in all")
    print(f"  pages {len(everything):,}, faults {len(odd)} {odd[:3]}")
    for share in (0.5, 0.95, 0.99):
        print(f"  page p{100 * share:.0f} {percentile(everything, share):8.1f} ms")
    print(f"  sending p95 {percentile(times['(sent)'], 0.95):8.1f} ms")
    slowest = sorted(times, key=lambda name: -percentile(times[name], 0.95))[:3]
    print("  slowest: " + ", ".join(f"{name} p95 {percentile(times[name], 0.95):.0f} ms" for name in slowest))
    print(f"promised: page p95 under {PROMISED_P95_MS:.0f} ms, a screen under {PROMISED_SCREEN_MS:.0f} ms, no fault")


if __name__ == "__main__":
    main()
