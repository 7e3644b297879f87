/** Points to lead between and roads to close, found through the API so that the tests fit any pack. */
import assert from 'node:assert/strict';
import { operatorServer, TOKEN } from './desk.mjs';

/** Closures are made and ended on it: files that do so must not share one at the same time. */
export const server = await operatorServer();

export async function ask(path, init) {
  const reply = await fetch(server.base + path, init);
  const text = await reply.text();
  return { status: reply.status, body: text === '' ? null : JSON.parse(text) };
}
const operator = { Authorization: `Bearer ${TOKEN}` };

const { body: region } = await ask('/api/region');
export const { roads } = region;
export const skip = roads == null ? 'the pack has no roads' : false;

export const routePath = ({ from, to }, mode = 'car') => `/api/route?from=${from.lon},${from.lat}&to=${to.lon},${to.lat}&mode=${mode}&lang=en`;
const shut = (geometry, more = {}) =>
  ask('/api/closures', {
    method: 'POST',
    headers: operator,
    body: JSON.stringify({ type: 'Feature', geometry, properties: { reason: 'Tried by a test', source: 'Test', ...more } }),
  });
const close = (at, radius_m) => shut({ type: 'Point', coordinates: at }, { radius_m });

/**
 * Whoever asks first after roads were closed or opened waits until every stretch is weighed again: in a debug build on a
 * busy machine longer than the app has patience.
 */
const weigh = (ends) => Promise.all(['car', 'truck', 'foot'].map((mode) => ask(routePath(ends, mode))));

/** Ends a closure; routes are as before, and quick to ask for. */
export async function reopen(id) {
  const { status } = await ask(`/api/closures/${id}`, { method: 'DELETE', headers: operator });
  assert.equal(status, 204, `closure ${id} is ended`);
  if (way !== undefined) await weigh(way);
}

/** A position on the way where closing the road leads to another way. */
async function weakSpot(ends, route) {
  const line = route.geometry.coordinates;
  for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const i = Math.floor((line.length - 2) * share);
    const at = [(line[i][0] + line[i + 1][0]) / 2, (line[i][1] + line[i + 1][1]) / 2];
    const made = await close(at, 20);
    if (made.status !== 201) continue;
    const around = await ask(routePath(ends));
    await reopen(made.body.id);
    if (around.status === 200 && around.body.properties.avoided.some(({ what }) => what === 'closure')) return { lon: at[0], lat: at[1] };
  }
  return null;
}

/** Two points with a route between them that can be led another way; the roads may cover a part of the region only. */
async function findWay() {
  const boxes = [...region.layers.filter(({ role }) => role === 'shelter').map(({ bbox }) => bbox), region.bbox];
  for (const [west, south, east, north] of boxes) {
    for (let i = 0; i < 400; i += 1) {
      // Low-discrepancy points: all over the box from the beginning.
      const at = { lon: west + (east - west) * ((0.5 + i * 0.754877) % 1), lat: south + (north - south) * ((0.5 + i * 0.56984) % 1) };
      const near = await ask(`/api/shelters/nearest?lon=${at.lon}&lat=${at.lat}&k=6`);
      if (near.status !== 200) continue;
      const [from, ...others] = near.body.features.map(({ geometry: { coordinates } }) => ({ lon: coordinates[0], lat: coordinates[1] }));
      if (from === undefined) continue;
      for (const to of others.reverse()) {
        const { status, body } = await ask(routePath({ from, to }));
        if (status !== 200) {
          if (body?.parameter === 'from') break;
          continue;
        }
        const { distance_m } = body.properties;
        if (distance_m < 700 || distance_m > 20_000 || body.geometry.coordinates.length < 10) continue;
        const spot = await weakSpot({ from, to }, body);
        if (spot !== null) return { from, to, spot, route: body };
      }
    }
  }
  throw new Error('no two shelters with a route between them that can be led another way');
}
/** Two ends with a route between them, and where to close it so that another way is taken. */
export let way;
if (!skip) {
  const found = await findWay();
  await weigh(found);
  way = found;
}

/** A route that leads through a zone that should not be entered, for there is no other; null where the pack has none. */
async function findDanger() {
  const [west, south, east, north] = region.bbox;
  for (let i = 0; i < 600; i += 1) {
    const to = { lon: west + (east - west) * ((0.5 + i * 0.754877) % 1), lat: south + (north - south) * ((0.5 + i * 0.56984) % 1) };
    const near = await ask(`/api/shelters/nearest?lon=${to.lon}&lat=${to.lat}&k=1`);
    const [lon, lat] = near.body.features?.[0]?.geometry.coordinates ?? [];
    if (lon === undefined) continue;
    const from = { lon, lat };
    const { status, body } = await ask(routePath({ from, to }));
    if (status === 200 && !body.properties.safe && body.properties.distance_m > 500) return { from, to, route: body };
  }
  return null;
}
export const danger = skip ? null : await findDanger();

/** A ring around a position, so many degrees of latitude away. */
function ring({ lon, lat }, degrees) {
  const wide = degrees / Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: 33 }, (_, i) => [lon + wide * Math.cos((i * Math.PI) / 16), lat + degrees * Math.sin((i * Math.PI) / 16)]);
}

/**
 * Closes a belt of roads around a shelter, so that no way leads into it, and tells the closure's id and the ends that
 * it parts. Roads inside stay open: a destination on closed roads alone is led to the nearest open one.
 */
export async function cutOff() {
  const { from } = way;
  const { body } = await ask(`/api/shelters/nearest?lon=${from.lon}&lat=${from.lat}&k=50`);
  const others = body.features.map(({ geometry: { coordinates } }) => ({ lon: coordinates[0], lat: coordinates[1] }));
  const apart = ({ lon, lat }) => Math.hypot((lon - from.lon) * Math.cos((lat * Math.PI) / 180), lat - from.lat);
  for (const to of others.filter((other) => apart(other) > 0.05).slice(0, 5)) {
    const [outer, inner] = [ring(to, apart(to) * 0.8), ring(to, apart(to) * 0.5).reverse()];
    const made = await shut({ type: 'Polygon', coordinates: [outer, inner] });
    if (made.status !== 201) continue;
    const { status, body: problem } = await ask(routePath({ from, to }));
    if (status === 404 && problem.code === 'no_route') {
      await weigh({ from, to });
      return { id: made.body.id, from, to };
    }
    await reopen(made.body.id);
  }
  throw new Error('no shelter can be cut off');
}
