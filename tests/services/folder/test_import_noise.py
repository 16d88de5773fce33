"""Noise in a folder: a refusal and nothing written, or a whole import; never anything between."""

import random
import shutil

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plantation.database import Database
from plantation.errors import Faulty, Refusal
from tests.services.folders import counts, dump, load
from tests.services.random_folders import RandomFolder


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_noise_in_a_folder_ends_in_a_refusal_or_a_whole_import(sqlite_template, tmp_path_factory, seed):
    chance = random.Random(seed)
    place = tmp_path_factory.mktemp("noise")
    shutil.copyfile(sqlite_template, place / "x.db")
    noisy = Database(f"sqlite:///{(place / 'x.db').as_posix()}")
    folder = RandomFolder(seed).write(place / "in")
    before = counts(noisy)
    for _ in range(chance.randint(1, 4)):
        spoil(chance, folder)
    try:
        load(noisy, folder)
    except Refusal as refusal:
        assert counts(noisy) == before
        assert not isinstance(refusal, Faulty) or all(str(fault) for fault in refusal.faults)
    else:
        assert load(noisy, folder) and dump(noisy)
    noisy.dispose()
    shutil.rmtree(place)


NOISE = ["", "0", "-1", "1e9", "99999999999999999999", "=1+1", "'", "pool", "H1", "P0", "2026", "2026-02-30", "9999-12-31", "NaN", "\x00",
         "\ufeff", "x" * 3000, "\u202e", "🙂", '"', "a,b", "null", "[]", "active", "S1", "w0", "2025-09-10T09:30:00+08:00"]  # fmt: skip


def spoil(chance: random.Random, folder) -> None:
    """Put noise into one file: a cell, a line, or bytes."""
    file = chance.choice(sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".geojson")))
    way = chance.random()
    if way < 0.15:
        content = bytearray(file.read_bytes() or b" ")
        content[chance.randrange(len(content))] = chance.randrange(256)
        file.write_bytes(bytes(content))
        return
    lines = file.read_text("utf-8", errors="replace").split("\n")
    row = chance.randrange(len(lines))
    if way < 0.3:
        lines[row : row + 1] = [lines[row]] * chance.randint(0, 3)
    else:
        mark = "," if file.suffix == ".csv" else chance.choice([",", ":", '"'])
        cells = lines[row].split(mark)
        cells[chance.randrange(len(cells))] = chance.choice(NOISE)
        lines[row] = mark.join(cells)
    file.write_text("\n".join(lines), "utf-8", errors="replace")
