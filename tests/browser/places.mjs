/** Points to ask about, found through the API so that the tests fit any pack. */
import { api } from './harness.mjs';

export const region = await api('/api/region');

/** A grid over the region from the middle outwards: the corners of a box are seldom in the region itself. */
function grid(steps = 14) {
  const [west, south, east, north] = region.bbox;
  const off = (step) => step / steps - 0.5;
  const cells = Array.from({ length: steps + 1 }, (_, i) => Array.from({ length: steps + 1 }, (_, j) => [off(i), off(j)])).flat();
  cells.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
  return cells.map(([x, y]) => ({ lon: west + (east - west) * (x + 0.5), lat: south + (north - south) * (y + 0.5) }));
}

async function find(test) {
  for (const at of grid()) {
    const found = await test(at);
    if (found) return found;
  }
  throw new Error('no such point in this region');
}

const risk = ({ lon, lat }) => api(`/api/risk?lon=${lon}&lat=${lat}&lang=en`);
const nearest = ({ lon, lat }, more = '') => api(`/api/shelters/nearest?lon=${lon}&lat=${lat}&lang=en${more}`);

/** A point in a hazard zone, with what the API says of it. */
export const threatened = await find(async (at) => {
  const answer = await risk(at);
  return answer.hazards.length > 0 && { at, answer };
});

/** A point in no zone. */
export const calm = await find(async (at) => (await risk(at)).hazards.length === 0 && { at });

/** A hazard kind and a point where a nearer shelter is refused for it. */
export const refusal = await (async () => {
  const kinds = [...new Set(region.layers.map((layer) => layer.hazard_kind).filter(Boolean))];
  for (const kind of kinds) {
    const found = await find(async (at) => {
      const answer = await nearest(at, `&hazard=${kind}`);
      return answer.features.length === 3 && answer.refused.length > 0 && { at, kind, answer };
    }).catch(() => null);
    if (found) return found;
  }
  throw new Error('no point with a refused shelter in this region');
})();

/** The part of a link that carries a point. */
export const atHash = ({ lon, lat }) => `at=${lat.toFixed(6)},${lon.toFixed(6)}`;
export const mapHash = ({ lon, lat }, zoom = 10) => `map=${zoom}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
