"""A village's files for `plantation allocate`."""

import json

import pytest
import shapely
from shapely.geometry import mapping

from plantation.cli import main
from plantation.geometry.projection import LocalPlane

PLANE = LocalPlane(78.4, 40.9)


def features(path, *rows):
    members = [{"type": "Feature", "properties": properties, "geometry": mapping(shape)} for properties, shape in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": members}, ensure_ascii=False), "utf-8")
    return path


def box(*bounds):
    return PLANE.inverse(shapely.box(*bounds))


class LandFiles:
    """A folder with one square plot of 150 mu and the rights of 15 households over 10 mu each."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys = folder, capsys
        self.plots = features(folder / "plots.geojson", ({"code": "P01"}, box(0, 0, 400, 250)))
        self.give(15)

    def give(self, count, *more):
        rows = [f"R{n:02d},H{n:02d},10,2018-04-01,2048-03-31,active" for n in range(count)]
        self.rights = self.folder / "rights.csv"
        self.rights.write_text("\n".join(["code,household,entitlement_mu,from,to,status", *rows, *more]) + "\n")

    def run(self, *arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = self.capsys.readouterr()
        assert "Traceback" not in printed.err
        return ended.value.code, printed.out, printed.err

    def allocate(self, *more, out="parcels.geojson"):
        return self.run("allocate", self.plots, self.rights, "-o", self.folder / out, *more)

    def parcels(self, name="parcels.geojson"):
        return json.loads((self.folder / name).read_text("utf-8"))["features"]


@pytest.fixture
def land_files(tmp_path, capsys):
    return LandFiles(tmp_path, capsys)
