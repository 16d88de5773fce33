"""Random folders that follow the contract, and random work on them: for the tests of import and export."""

from __future__ import annotations

import json
import random
from pathlib import Path

from tests.services.folders import write

STRANGE = (
    "",
    " ",
    "马",
    "=1+1",
    "-",
    "+86",
    "@x",
    "'",
    "'=x",
    '"q"',
    "a,b",
    "two\nlines",
    "cr\r\nlf",
    " blanks ",
    "\ttab",
    "é",
    "阿合奇 أقچى",
)


class RandomFolder:
    """A folder that follows the contract, different for each seed, and not settled yet."""

    def __init__(self, seed: int) -> None:
        self.chance = chance = random.Random(seed)
        self.households = [f"{chance.choice(['H', '=H', '-', '户'])}{number}" for number in range(chance.randint(1, 6))]
        self.seasons = {"2025": chance.choice(["pooled", "posted"]), "2026": chance.choice(["pooled", "posted"])}
        self.plots = [f"P{number}" for number in range(chance.randint(1, 3))]
        self.parcels: list[tuple[str, str, str | None]] = []

    def strange(self) -> str:
        return self.chance.choice(STRANGE)

    def write(self, folder: Path) -> Path:
        """All files."""
        files: dict[str, str] = {
            "households.csv": self.table("code,name,members,phone", [
                [code, self.chance.choice(["钱", "=孙", "'@", "周 李"]), self.chance.randint(0, 9), self.chance.choice(["", "+86 199", "139"])]
                for code in self.households
            ]),
            "rights.csv": self.table("code,household,entitlement_mu,from,to,status", [
                [f"R{place}", code, self.chance.choice(["10", "8.571", "0.001"]), "2018-04-15", "2048-04-14", self.chance.choice(["active", "suspended", "ended"])]
                for place, code in enumerate(self.households)
            ]),
            "seasons.csv": self.table("code,from,to,mode,tolerance_pct", [
                [code, f"{code}-08-01", f"{code}-10-31", mode, self.chance.choice(["", "0", "2.5"])] for code, mode in self.seasons.items()
            ]),
            "prices.csv": self.table("season,grade,valid_from,price_yuan_per_kg", [
                [season, grade, f"{season}-{day}", self.money(9)]
                for season in self.seasons for grade in "AB" for day in ("08-01", "09-10")
            ]),
            "deductions.csv": self.table("season,code,name,kind,value", [
                [season, f"{place}", self.chance.choice(["", "基金"]), kind, self.chance.choice(["0", "2.5", "10"])]
                for season in self.seasons
                for place, kind in enumerate(["percent", "yuan_per_kg", "yuan_per_household"]) if self.chance.random() < 0.7
            ]),
        }  # fmt: skip
        files |= self.land()
        weighings, delivered = self.weighings()
        files["weighings.csv"] = self.table(
            "id,slip,season,time,household,plot,parcel,grade,gross_kg,tare_kg,deduction_pct,picker,"
            "piece_rate_yuan_per_kg,reverses,reason", weighings)  # fmt: skip
        files["purchases.csv"] = self.table(
            "number,season,date,buyer,source,grade,net_kg,price_yuan_per_kg", self.purchases(delivered))  # fmt: skip
        return write(files, folder)

    def table(self, header: str, rows: list[list]) -> str:
        def cell(value: object) -> str:
            text = str(value)
            return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text

        return header + "\n" + "".join(",".join(map(cell, row)) + "\n" for row in rows)

    def money(self, most: int) -> str:
        return f"{self.chance.randint(1, most)}{self.chance.choice(['', '.5', '.05', '.00'])}"

    def land(self) -> dict[str, str]:
        plots, exclusions, parcels = [], [], []
        for place, code in enumerate(self.plots):
            west, south = 78.4 + place * 0.01, 40.9 + self.chance.random() / 1000
            plots.append(({"code": code, "name": self.strange().strip().replace("\n", "").replace("\r", "").replace("\t", "") or "x",
                           "row_bearing": self.chance.choice([None, 0, self.chance.random() * 360])},
                          self.box(west, south, west + 0.004, south + 0.002)))  # fmt: skip
            if self.chance.random() < 0.5:
                middle = south + self.chance.random() / 1000
                line = {"type": "LineString", "coordinates": [[west - 0.001, middle], [west + 0.002, middle + 1e-4]]}
                exclusions.append(({"plot": code, "kind": "canal", "width_m": self.chance.choice([2, 2.5])}, line))
            for number, household in enumerate([*self.households, None]):
                step = 0.004 / (len(self.households) + 1)
                box = self.box(west + number * step, south, west + (number + 1) * step, south + 0.002)
                name = f"{code}-{number}"
                self.parcels.append((name, code, household))
                parcels.append(({"code": name, "plot": code, "household": household, "right": None}, box))
        access = [({"kind": "road"}, {"type": "LineString", "coordinates": [[78.3, 40.9], [78.5, 40.9]]})]
        return {
            "plots.geojson": self.features(plots),
            "exclusions.geojson": self.features(exclusions),
            "access.geojson": self.features(access),
            "parcels.geojson": self.features(parcels),
        }

    def box(self, west: float, south: float, east: float, north: float) -> dict:
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        if self.chance.random() < 0.3:
            ring.reverse()
        whole = {"type": "Polygon", "coordinates": [ring]}
        return whole if self.chance.random() < 0.7 else {"type": "MultiPolygon", "coordinates": [[ring]]}

    def features(self, members: list[tuple[dict, dict]]) -> str:
        self.chance.shuffle(members)
        return json.dumps({
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in members],
        })  # fmt: skip

    def weighings(self) -> tuple[list[list], dict[tuple[str, str], int]]:
        rows, delivered = [], {}
        for number in range(self.chance.randint(2, 25)):
            season, grade = self.chance.choice([*self.seasons]), self.chance.choice("AB")
            offset = self.chance.choice(["+08:00", "+06:00", "Z", "-03:30"])
            time = (
                f"{season}-09-{self.chance.randint(2, 29):02d}T{self.chance.randint(0, 23):02d}:{self.chance.randint(0, 59):02d}:00{offset}"
            )
            place = self.chance.choice([
                [self.chance.choice(self.households), "", ""],
                ["", self.chance.choice(self.plots), ""],
                ["", "", self.chance.choice([name for name, _, household in self.parcels if household])],
            ])  # fmt: skip
            tare = self.chance.randint(0, 3000)
            net = self.chance.randint(1, 90_000)
            rate = self.chance.choice(["", "0", "0.80"])
            id_, slip = f"w{number}", self.chance.choice(["", f"S{number}"])
            rows.append([id_, slip, season, time, *place, grade, f"{(tare + net) / 1000:.3f}", f"{tare / 1000:.3f}",
                         self.chance.choice(["", "0", "2.5"]), self.strange(), rate, "", ""])  # fmt: skip
            if self.chance.random() < 0.2:
                named = slip if slip and self.chance.random() < 0.5 else id_
                rows.append([f"r{number}", "", season, time, "", "", "", "", "", "", "", "", "", named, "mistyped " + self.strange()])
            else:
                key = season, grade
                delivered[key] = delivered.get(key, 0) + net * 97 // 100
        self.chance.shuffle(rows)
        return rows, delivered

    def purchases(self, delivered: dict[tuple[str, str], int]) -> list[list]:
        rows = []
        for number, ((season, grade), grams) in enumerate(sorted(delivered.items())):
            for part in range(self.chance.randint(0, 2)):
                kg = f"{grams * self.chance.randint(1, 40) / 100_000:.3f}"
                if float(kg):
                    rows.append(
                        [
                            f"{number}-{part}",
                            season,
                            f"{season}-10-01",
                            self.chance.choice(["LI", "王记"]),
                            "pool",
                            grade,
                            kg,
                            self.money(9),
                        ]
                    )
        return rows
