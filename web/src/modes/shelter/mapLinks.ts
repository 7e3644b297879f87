/** Addresses that open a place in a map app of the device. Pure. Nothing is fetched from them. */
import type { LonLat } from '../../api/types';
import type { Key } from '../../i18n/catalogue';

export interface MapLink {
  readonly label: Key;
  readonly href: string;
}

/**
 * `geo:` (RFC 5870) is understood by Android and by desktops with a map
 * program; Apple devices want their own address; Amap is what most people in China have.
 */
export function mapLinks(to: LonLat, name: string, userAgent: string): MapLink[] {
  const at = `${to.lat.toFixed(6)},${to.lon.toFixed(6)}`;
  const label = encodeURIComponent(name);
  const apple = /iPhone|iPad|Macintosh/.test(userAgent);
  const own: MapLink = apple
    ? { label: 'go.apple', href: `https://maps.apple.com/?daddr=${at}&q=${label}&dirflg=w` }
    : { label: 'go.geo', href: `geo:${at}?q=${at}(${label})` };
  const lonLat = `${to.lon.toFixed(6)},${to.lat.toFixed(6)}`;
  const amap = `https://uri.amap.com/marker?position=${lonLat}&name=${label}&coordinate=wgs84&callnative=1`;
  return [own, { label: 'go.amap', href: amap }];
}
