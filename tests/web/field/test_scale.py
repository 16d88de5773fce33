"""What a scale says: a simulated indicator whose stream is cut anywhere, other makers' lines, and Bluetooth's measurements."""

from __future__ import annotations

import random

import pytest

SAMPLE = "ST,GS,+ 12.345kg"
READ = "given.lines.map((line) => scale.readLine(line, scale.pattern(given.sample)))"


def test_lines_of_the_pattern_are_read_to_the_gram_and_unstable_ones_are_known(javascript):
    lines = ["ST,GS,+ 12.345kg", "US,GS,+ 12.300kg", "ST,GS,+000025.30 kg", "ST,GS,+     0.005kg", "ST,GS,- 1.200kg", "OL,GS,+ 99.999kg",
             "ST,NT,+ 12.345kg", "ST,GS,+ 12.3451kg", "ST,GS,+ 12.3450kg", "garbage", "ST,GS,+ 12.345lb"]  # fmt: skip
    found = javascript("scale", READ, {"sample": SAMPLE, "lines": lines})
    assert [one and {name: one[name] for name in ("grams", "stable")} for one in found] == [
        {"grams": 12_345, "stable": True}, {"grams": 12_300, "stable": False}, {"grams": 25_300, "stable": True}, {"grams": 5, "stable": True},
        {"grams": -1_200, "stable": True}, {"grams": 99_999, "stable": False}, None, None, {"grams": 12_345, "stable": True}, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(("sample", "line", "grams"), [
    ("S S      12.34 kg", "S S      25.10 kg", 25_100),  # Mettler Toledo's SICS
    ("ww 12.34kg", "ww 01.50kg", 1_500),
    ("+  12.5", "+ 103.5", 103_500),
    ("12345 g", "  02500 g", 2_500),
    ("=12.34(kg)", "=08.20(kg)", 8_200),
    ("ST,GS,+ 24.68jin", "ST,GS,+ 50.61jin", 25_305),  # half kilograms
    ("ST,GS,+  12.5 g", "ST,GS,+2500.0 g", 2_500),
    ("ST,GS,+ 12.34lb", "ST,GS,+ 55.78lb", 25_301),  # 25 301.382 g
    ("ST,GS,+ 12.34lb", "ST,GS,+  0.01 LB", 5),  # 4.536 g
])  # fmt: skip
def test_other_makers_lines(javascript, sample, line, grams):
    [found] = javascript("scale", READ, {"sample": sample, "lines": [line]})
    assert found["grams"] == grams


@pytest.mark.parametrize(("sample", "line"), [
    (SAMPLE, "ST,GS,+ 12.345lb"), (SAMPLE, "ST,GS,+ 12.345g"), (SAMPLE, "ST,GS,+ 12.345jin"), (SAMPLE, "ST,GS,+ 12.345k"),
    ("12.34jin", "12.345jin"), ("12 g", "12.5 g"), (SAMPLE, "OL"), (SAMPLE, "ST,GS,+ ------kg"), (SAMPLE, "ST,GS,+ 12.345kg9"),
])  # fmt: skip
def test_another_unit_than_the_examples_and_what_is_finer_than_a_gram_is_no_weight(javascript, sample, line):
    assert javascript("scale", READ, {"sample": sample, "lines": [line]}) == [None]


def test_an_example_without_a_weight_or_in_another_unit_is_no_pattern(javascript):
    assert javascript("scale", "given.map((sample) => scale.pattern(sample))", ["", "ST,GS", "12.3 oz"]) == [None] * 3


STREAM = """(() => {
  const how = scale.pattern(given.sample), lines = new scale.Lines(), load = new scale.Load(how.repeats), taken = [];
  for (const chunk of given.chunks) for (const line of lines.push(Array.from(chunk, (letter) => letter.charCodeAt(0)))) {
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


def seven_bits(text, even=True):
    """As an indicator sends it that is set to seven bits and a parity."""
    return "".join(chr(code | 0x80 if bin(code).count("1") % 2 == even else code) for code in text.encode("ascii"))


def test_seven_bits_with_a_parity_and_marks_around_a_line_are_read(javascript):
    for even in (True, False):
        assert javascript("scale", STREAM, {"sample": SAMPLE, "chunks": [seven_bits("\x02ST,GS,+ 25.300kg\x03\r\n", even)]}) == [25_300]


def test_a_digit_that_was_lost_on_the_way_is_not_taken(javascript):
    """With each byte of each line lost in turn: what is taken is what lay there, or nothing."""
    line, other = "ST,GS,+ 25.376kg", "ST,GS,+  0.000kg"
    for at in range(len(line)):
        chunks = [f"{other}\r\n", line[:at] + line[at + 1 :] + "\r\n", f"{line}\r\n{line}\r\n"]
        assert javascript("scale", STREAM, {"sample": SAMPLE, "chunks": chunks}) == [25_376], at


OFFERS = """(() => {
  const load = new scale.Load(1);
  return given.map(([grams, stable]) => { const taken = load.see({ grams, stable }); return taken ?? (load.isAnother ? "another" : null); });
})()"""


def test_a_weight_stands_while_its_load_is_lifted_off_and_falls_when_another_is_put_on(javascript):
    given = [[25_300, True], [25_310, False], [15_000, False], [300, False], [0, True], [3_000, False], [8_000, False], [8_200, True]]
    assert javascript("scale", OFFERS, given) == [25_300, None, None, None, None, "another", "another", 8_200]
    assert javascript("scale", OFFERS, [[25_300, True], [31_000, False], [48_000, True]]) == [25_300, "another", 48_000]


def test_an_indicator_that_was_set_to_nothing_under_a_crate_goes_below_it_and_takes_the_next_load(javascript):
    stream = "ST,NT,+ 24.100kg\r\nST,NT,-  1.200kg\r\nST,NT,+ 24.300kg\r\n"
    assert javascript("scale", STREAM, {"sample": "ST,NT,+ 12.345kg", "chunks": [stream]}) == [24_100, 24_300]


@pytest.mark.parametrize(("octets", "grams"), [
    ("00 C8 13", 25_320),  # 5064 × 0.005 kg
    ("01 10 27", 45_359),  # 100.00 lb = 45 359.237 g
    ("01 01 00", 5),  # 0.01 lb = 4.536 g
    ("02 01 00 EA 07 0B 1B 08 1E 00", 5),  # with its time, 2026-11-27 08:30:00
    ("06 00 10 EA 07 0B 1B 08 1E 00 FF", 20_480),  # of an unknown user
    ("0F 30 2A EA 07 0B 1B 08 1E 00 01 F5 00 BE 02", 48_988),  # all there can be: 108.00 lb, index 24.5, 70.2 in
    ("08 FE FF F5 00 BE 02", 327_670),  # the most that it can say
    ("00 FF FF", None),  # no success
    ("03 FF FF EA 07 0B 1B 08 1E 00", None),
    ("02 01 00 EA 07", None),  # not whole
    ("0E 01 00 09 09", None),
    ("00 01", None), ("", None),
])  # fmt: skip
def test_bluetooths_measurements_are_five_grams_or_hundredths_of_a_pound(javascript, octets, grams):
    read = "[scale.readMeasurement(new DataView(Uint8Array.from(given).buffer))]"
    assert javascript("scale", read, list(bytes.fromhex(octets))) == [grams if grams is None else {"grams": grams, "stable": True}]
