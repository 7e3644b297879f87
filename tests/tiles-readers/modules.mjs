// `@maplibre/mlt` is made for bundlers: it names its files without their ending and does not say that they are modules.
// With these hooks Node reads it as it is.

const PACKAGE = '/node_modules/@maplibre/mlt/';

export async function resolve(specifier, context, next) {
  const isInside = context.parentURL?.includes(PACKAGE) && specifier.startsWith('.');
  return next(isInside && !specifier.endsWith('.js') ? `${specifier}.js` : specifier, context);
}

export async function load(url, context, next) {
  return next(url, url.includes(PACKAGE) ? { ...context, format: 'module' } : context);
}
