// Reads every .mvt file below a folder with @mapbox/vector-tile and prints one line of JSON per file: its path and, for
// each layer, what was read. The Rust test compares that with its own decoder. Usage: node read.mjs FOLDER
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { VectorTile } from '@mapbox/vector-tile';
import Pbf from 'pbf';

function* tiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* tiles(path);
    else if (entry.name.endsWith('.mvt')) yield path;
  }
}

/** Number of vertices (a ring's closing one not counted), and the sum of their coordinates weighted by position. */
function geometryOf(feature) {
  let vertices = 0;
  let checksum = 0;
  for (const path of feature.loadGeometry()) {
    const open = feature.type === 3 ? path.slice(0, -1) : path;
    for (const { x, y } of open) {
      vertices += 1;
      checksum += x * (vertices % 7) + y * (vertices % 11);
    }
  }
  return { vertices, checksum };
}

const root = process.argv[2];
for (const path of tiles(root)) {
  const tile = new VectorTile(new Pbf(readFileSync(path)));
  const layers = {};
  for (const [name, layer] of Object.entries(tile.layers)) {
    const features = [];
    for (let index = 0; index < layer.length; index += 1) {
      const feature = layer.feature(index);
      // Classifies rings by winding; throws on what is no polygon.
      feature.toGeoJSON(0, 0, 0);
      features.push({ id: feature.id, type: feature.type, properties: feature.properties, ...geometryOf(feature) });
    }
    layers[name] = { version: layer.version, extent: layer.extent, features };
  }
  console.log(JSON.stringify({ path: relative(root, path), layers }));
}
