"""The seven hazard layers: score, thresholds by share of area, zones, names. Synthetic throughout."""

import tomllib
from dataclasses import dataclass

import numpy as np
import shapely

from . import grid, scores
from .divisions import county_names
from .layers import write_layer
from .paths import PACK
from .tables import columns
from .territory import territory
from .zones import area_km2, zones


@dataclass(frozen=True)
class Plan:
    """Share of the province at or above each level, lowest first (1 leaves nothing unmapped), and the smallest patch in km2."""

    shares: tuple[float, float, float, float]
    patch_km2: float


PLANS = {
    "flood": Plan((0.150, 0.090, 0.047, 0.019), 4.0),
    "landslide": Plan((0.54, 0.28, 0.110, 0.030), 10.0),
    "debris_flow": Plan((0.150, 0.090, 0.043, 0.016), 5.5),
    "storm_surge": Plan((0.052, 0.036, 0.021, 0.009), 0.8),
    "typhoon": Plan((1.0, 0.56, 0.23, 0.065), 12.0),
    "wildfire": Plan((0.72, 0.42, 0.17, 0.045), 12.0),
    "earthquake": Plan((1.0, 0.52, 0.20, 0.055), 25.0),
}


def main() -> None:
    region = tomllib.loads((PACK / "region.toml").read_text(encoding="utf-8"))
    described = {layer["id"]: layer for layer in region["layer"] if layer["role"] == "hazard_zone"}
    province = grid.inside(shapely.MultiPolygon([p for s in territory().values() for p in shapely.get_parts(s)]))
    for kind, plan in PLANS.items():
        score = getattr(scores, kind)()
        thresholds = [-np.inf if share == 1 else float(np.quantile(score[province], 1 - share)) for share in plan.shares]
        write_kind(kind, described[kind], zones(score, thresholds, plan.patch_km2))


def write_kind(kind: str, layer: dict, found: list[tuple[str, int, shapely.Polygon]]) -> None:
    levels, names = layer["hazard"]["levels"], layer["names"]
    shapes = [shape for _, _, shape in found]
    areas = area_km2(np.array(shapes))
    rows = []
    for number, ((county, level, _), area) in enumerate(zip(found, areas), 1):
        zh, en = county_names()[county]
        words = levels[level - 1]["names"]
        rows.append({
            "id": f"{kind}-{county}-{number}", "level": levels[level - 1]["code"],
            "name_zh": f"{zh} {names['zh']} {words['zh']}区", "name_en": f"{en}: {names['en'].lower()} risk {words['en'].lower()}",
            "admin_code": county, "area_km2": round(float(area), 3), "synthetic": True,
        })
    write_layer(kind, shapes, columns(rows), "Polygon")


if __name__ == "__main__":
    main()
