// Reads every .mvt file below a folder with @mapbox/vector-tile and every .mlt file with @maplibre/mlt, the decoders of
// MapLibre GL JS, and prints one line of JSON per file: its path and, for each layer, what was read. The Rust test
// compares that with its own decoder. Usage: node read.mjs FOLDER
import { readdirSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { extname, join, relative } from 'node:path';
import { VectorTile } from '@mapbox/vector-tile';
import Pbf from 'pbf';

register('./modules.mjs', import.meta.url);
const { decodeTile, GEOMETRY_TYPE } = await import('@maplibre/mlt');

/** MVT's types of geometry by MLT's. */
const TYPES = {
  [GEOMETRY_TYPE.POINT]: 1,
  [GEOMETRY_TYPE.MULTIPOINT]: 1,
  [GEOMETRY_TYPE.LINESTRING]: 2,
  [GEOMETRY_TYPE.MULTILINESTRING]: 2,
  [GEOMETRY_TYPE.POLYGON]: 3,
  [GEOMETRY_TYPE.MULTIPOLYGON]: 3,
};

function* tiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* tiles(path);
    else if (extname(path) in READERS) yield path;
  }
}

/** Number of vertices (a ring's closing one not counted), and the sum of their coordinates weighted by position. */
function geometryOf(type, paths) {
  let vertices = 0;
  let checksum = 0;
  for (const path of paths) {
    const open = type === 3 ? path.slice(0, -1) : path;
    for (const { x, y } of open) {
      vertices += 1;
      checksum += x * (vertices % 7) + y * (vertices % 11);
    }
  }
  return { vertices, checksum };
}

function readMvt(bytes) {
  const tile = new VectorTile(new Pbf(bytes));
  const layers = {};
  for (const [name, layer] of Object.entries(tile.layers)) {
    const features = [];
    for (let index = 0; index < layer.length; index += 1) {
      const feature = layer.feature(index);
      // Classifies rings by winding; throws on what is no polygon.
      feature.toGeoJSON(0, 0, 0);
      const { id, type, properties } = feature;
      features.push({ id, type, properties, ...geometryOf(type, feature.loadGeometry()) });
    }
    layers[name] = { version: layer.version, extent: layer.extent, features };
  }
  return layers;
}

/** As MapLibre GL JS takes a tile: `vector_tile_mlt.ts` there. */
function readMlt(bytes) {
  const layers = {};
  for (const table of decodeTile(bytes)) {
    const features = table.getFeatures().map(({ id, geometry, properties }) => {
      const type = TYPES[geometry.type];
      return { id: Number(id), type, properties, ...geometryOf(type, geometry.coordinates) };
    });
    layers[table.name] = { version: 2, extent: table.extent, features };
  }
  return layers;
}

const READERS = { '.mvt': readMvt, '.mlt': readMlt };

const root = process.argv[2];
for (const path of tiles(root)) {
  // A copy with a buffer of its own: pbf reads doubles from the start of the buffer, which Node shares between files.
  const layers = READERS[extname(path)](new Uint8Array(readFileSync(path)));
  console.log(JSON.stringify({ path: relative(root, path), layers }));
}
