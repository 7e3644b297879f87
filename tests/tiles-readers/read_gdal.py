"""Reads every .mvt file below a folder with GDAL and prints one line of JSON per file: its path, the number of features
of each layer, and the polygons that GEOS calls invalid. Usage: python3 read_gdal.py FOLDER"""

import json
import sys
from pathlib import Path

from osgeo import gdal, ogr

gdal.UseExceptions()
root = Path(sys.argv[1])
for path in sorted(root.rglob("*.mvt")):
    tile = gdal.OpenEx(str(path), gdal.OF_VECTOR, open_options=["METADATA_FILE=", "CLIP=NO"])
    layers, invalid = {}, []
    for layer in (tile.GetLayer(index) for index in range(tile.GetLayerCount())):
        features = list(layer)
        layers[layer.GetName()] = len(features)
        for feature in features:
            geometry = feature.GetGeometryRef()
            if geometry is None or geometry.IsEmpty():
                invalid.append(f"{layer.GetName()} {feature.GetFID()}: no geometry")
            elif ogr.GT_Flatten(geometry.GetGeometryType()) in (ogr.wkbPolygon, ogr.wkbMultiPolygon):
                if not geometry.IsValid():
                    invalid.append(f"{layer.GetName()} {feature.GetFID()}: {geometry.ExportToWkt()}")
    print(json.dumps({"path": str(path.relative_to(root)), "layers": layers, "invalid": invalid}))
