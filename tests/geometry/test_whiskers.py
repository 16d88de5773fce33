"""Walks out and back, and walks round and round: taken off where they enclose nothing, refused where it cannot be told."""

import numpy as np
import pytest
import shapely

from plantation.exchange.geojson import read_area
from plantation.geometry.outline import read_outline
from plantation.geometry.projection import LocalPlane
from plantation.geometry.repairs import CrossesItself
from tests.geometry.test_outline import field, said


@pytest.mark.parametrize("width_deg", [1e-12, 1e-10, 1e-9, 2e-9])
def test_a_spike_that_crosses_itself_on_the_ground_only_is_taken_off_and_said(width_deg):
    spiked = shapely.Polygon([(78.4, 40.9), (78.4036, 40.9), (78.4026, 40.9 + width_deg), (78.4026, 40.9014), (78.4, 40.9014)])
    assert spiked.is_valid and not LocalPlane.around(spiked).forward(spiked).is_valid
    outline = read_outline(spiked)
    assert said(outline) == "A spike of no width, 84.26 m long, was taken off the outline at (78.4036, 40.9)."
    assert outline.area_m2 == pytest.approx(34_060.9, abs=0.1)
    assert read_area(shapely.geometry.mapping(spiked)).geometry == outline.geometry
    assert read_outline(outline.geometry).repairs == ()


def test_a_walk_that_went_round_twice_is_refused_as_such():
    once = shapely.get_coordinates(field((0, 0), (200, 0), (200, 150), (0, 150)))
    for times in (2, 3):
        walked = np.concatenate([once] + [once[1:] + 1e-7 * turn for turn in range(1, times)])
        with pytest.raises(CrossesItself, match=rf"goes round the same land {times} times, at \(78\.40"):
            read_outline({"type": "Polygon", "coordinates": [walked.tolist()]})
