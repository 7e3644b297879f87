/** The style of the map, by which everything of the region is drawn. */
import type { StyleSpecification } from 'maplibre-gl';
import type { Lang } from './types';

/** In a scheme of colours, with names in a language. Rejects where it cannot be had. */
export async function mapStyle(scheme: 'light' | 'dark', lang: Lang, signal: AbortSignal): Promise<StyleSpecification> {
  const reply = await fetch(`/styles/${scheme}.json?lang=${lang}`, { signal });
  if (!reply.ok) throw new Error(`style: ${reply.status}`);
  return (await reply.json()) as StyleSpecification;
}
