"""What an email costs: `scripts/bench emails`. Compose, check, mjml-python, check; how many a minute."""

import os
import statistics
import time
from concurrent.futures import ProcessPoolExecutor

import mjml

from app.emails.allow_list import check_mjml
from app.emails.output_check import check_html
from scripts.bench_guardrails import milliseconds
from scripts.email_samples import BRANDS, Sample, brands, whole

MOST_MS = 5
LEAST_A_MINUTE = 20_000
SECONDS = 10


def _processor_ms(sample: Sample, times: int = 200) -> float:
    """Processor time of one email: what it would take on a machine that does nothing else."""
    begun = time.process_time()
    for _ in range(times):
        sample.render()
    return (time.process_time() - begun) / times * 1000


def _renders(seconds: float) -> tuple[int, float]:
    """How many emails one process makes in so many seconds, and the processor time it had."""
    made, emails = 0, [whole(brand) for brand in brands()]
    for email in emails:
        email.render()
    end, begun = time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < end:
        emails[made % len(emails)].render()
        made += 1
    return made, time.process_time() - begun


def emails() -> int:
    """Measure, print; returns 1 when a figure is missed.

    Where other work takes the processors, the figures by processor time count: what the machine does alone.
    """
    missed = False
    for name, brand in zip(BRANDS, brands(), strict=True):
        sample = whole(brand)
        made = sample.render()
        median = statistics.median(milliseconds(sample.render, 300))
        cpu = _processor_ms(sample)
        print(f"{name}, an email of all kinds, {len(made.html.encode()) / 1000:.1f} KB of HTML:")
        print(f"  whole way: median {median:.2f} ms (at most {MOST_MS}); processor time {cpu:.2f} ms")
        parts = (
            ("check of the MJML", lambda text=made.mjml: check_mjml(text, preview=True)),
            ("mjml-python", lambda text=made.mjml: mjml.mjml2html(text, disable_comments=True, fonts={})),
            ("check of the HTML", lambda html=made.html, text=made.mjml: check_html(html, text)),
        )
        for part, work in parts:
            print(f"  {part}: median {statistics.median(milliseconds(work, 200)):.2f} ms")
        missed |= min(median, cpu) > MOST_MS
    processors = os.cpu_count() or 1
    with ProcessPoolExecutor(processors) as pool:
        results = list(pool.map(_renders, [SECONDS] * processors))
    total = sum(made for made, _ in results)
    minute = round(total * 60 / SECONDS)
    alone = round(total * 60 * processors / sum(used for _, used in results))
    load = os.getloadavg()[0]
    bar = f"at least {LEAST_A_MINUTE:,}"
    print(f"{minute:,} renders a minute on {processors} processors ({bar}); load {load:.1f}")
    print(f"{alone:,} a minute where nothing else runs, by processor time")
    return 1 if missed or max(minute, alone) < LEAST_A_MINUTE else 0
