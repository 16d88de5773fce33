"""What a scale says: a simulated indicator whose stream is cut anywhere, other makers' lines, and Bluetooth's measurements."""

from __future__ import annotations

import random

import pytest

SAMPLE = "ST,GS,+ 12.345kg"
READ = "given.lines.map((line) => scale.readLine(line, scale.pattern(given.sample)))"


def test_lines_of_the_pattern_are_read_to_the_gram_and_unstable_ones_are_known(javascript):
    lines = ["ST,GS,+ 12.345kg", "US,GS,+ 12.300kg", "ST,GS,+000025.30 kg", "ST,GS,+     0.005kg", "ST,GS,- 1.200kg", "OL,GS,+ 99.999kg",
             "ST,NT,+ 12.345kg", "ST,GS,+ 12.3451kg", "ST,GS,+ 12.3450kg", "garbage", "ST,GS,+ 12.345lb"]  # fmt: skip
    assert javascript("scale", READ, {"sample": SAMPLE, "lines": lines}) == [
        {"grams": 12_345, "stable": True}, {"grams": 12_300, "stable": False}, {"grams": 25_300, "stable": True}, {"grams": 5, "stable": True},
        None, {"grams": 99_999, "stable": False}, None, None, {"grams": 12_345, "stable": True}, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(("sample", "line", "grams"), [
    ("S S      12.34 kg", "S S      25.10 kg", 25_100),  # Mettler Toledo's SICS
    ("ww 12.34kg", "ww 01.50kg", 1_500),
    ("+  12.5", "+ 103.5", 103_500),
    ("12345 g", "  02500 g", 2_500),
    ("=12.34(kg)", "=08.20(kg)", 8_200),
])  # fmt: skip
def test_other_makers_lines(javascript, sample, line, grams):
    [found] = javascript("scale", READ, {"sample": sample, "lines": [line]})
    assert found["grams"] == grams


def test_an_example_without_a_weight_or_in_pounds_is_no_pattern(javascript):
    assert javascript("scale", "given.map((sample) => scale.pattern(sample))", ["", "ST,GS", "12.3 lb"]) == [None] * 3


STREAM = """(() => {
  const how = scale.pattern(given.sample), lines = new scale.Lines(), load = new scale.Load(how.repeats), taken = [];
  for (const chunk of given.chunks) for (const line of lines.push(chunk)) {
    const reading = scale.readLine(line, how);
    const grams = reading && load.see(reading);
    if (grams !== null) { taken.push(grams); load.keep(); }
  }
  return taken;
})()"""


def indicator(loads, chance, *, flagged=True):
    """What an indicator sends while each of `loads` is put on, swings, rests and is lifted off."""
    for grams in loads:
        for share in (0.2, 0.7, 1.1, 0.9):
            yield f"{'US,GS,' if flagged else ''}+ {grams * share * (1 + chance.random() / 50) / 1000:.3f}kg"
        for _ in range(chance.randrange(3, 9)):
            yield f"{'ST,GS,' if flagged else ''}+ {grams / 1000:.3f}kg"
        for share in (0.6, 0.2):
            yield f"{'US,GS,' if flagged else ''}+ {grams * share * (1 + chance.random() / 50) / 1000:.3f}kg"
        for _ in range(3):
            yield f"{'ST,GS,' if flagged else ''}+ 0.000kg"


@pytest.mark.parametrize(("sample", "flagged"), [(SAMPLE, True), ("+ 12.345kg", False)])
def test_each_load_is_taken_once_wherever_the_stream_is_cut(javascript, sample, flagged):
    chance = random.Random(11)
    loads = [chance.randrange(3_000, 60_000) for _ in range(60)]
    loads[10] = loads[11]  # two crates of one weight are two loads
    stream = "\r\n".join(indicator(loads, chance, flagged=flagged)) + "\r\n"
    chunks = []
    while stream:
        size = chance.randrange(1, 40)
        chunks.append(stream[:size])
        stream = stream[size:]
    assert javascript("scale", STREAM, {"sample": sample, "chunks": chunks}) == loads


def test_noise_without_an_end_is_dropped_and_the_next_line_is_read(javascript):
    chunks = ["\x00\xff" * 300, "\r\nST,GS,+ 1.", "500kg\r\n"]
    assert javascript("scale", STREAM, {"sample": SAMPLE, "chunks": chunks}) == [1_500]


def test_bluetooths_measurements_are_kilograms_of_five_grams_or_pounds(javascript):
    given = [[0x00, 0xC8, 0x13], [0x0E, 0x01, 0x00, 9, 9], [0x01, 0x10, 0x27], [0x00, 0xFF, 0xFF], [0x00, 0x01]]
    read = "given.map((bytes) => scale.readMeasurement(new DataView(Uint8Array.from(bytes).buffer)))"
    # 5064 × 5 g; 1 × 5 g; 100.00 lb = 45 359.237 g
    assert [one and one["grams"] for one in javascript("scale", read, given)] == [25_320, 5, 45_359, None, None]
