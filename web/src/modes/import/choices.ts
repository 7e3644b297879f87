/** What a problem offers to choose from, and the form with one of them chosen. Pure. */
import type { Names, Problem } from '../../api/types';
import { DATUMS, OTHER_DATUM, type Form } from './form';

export type Choice = NonNullable<Problem['choices']>[number];

/** The choices of a problem document; none where it has none. */
export function choices(body: unknown): readonly Choice[] {
  const offered = (body as Partial<Problem> | null)?.choices;
  return Array.isArray(offered) ? offered : [];
}

/** What tells a choice from the others: its name, its word or how the file reads then. */
export function label(choice: Choice, lang: keyof Names): string {
  const word = choice.datum?.startsWith('epsg:') === true ? choice.datum.toUpperCase() : null;
  const name = choice.names?.[lang] ?? choice.encoding?.toUpperCase() ?? choice.datum ?? '';
  return word === null ? name : `${name} (${word})`;
}

/** The form as the choice wants it. */
export function chosen(form: Form, choice: Choice): Form {
  const { datum, encoding, map } = choice;
  const offered = (DATUMS as readonly string[]).includes(datum ?? '');
  return {
    ...form,
    ...(datum == null ? {} : offered ? { datum, otherDatum: '' } : { datum: OTHER_DATUM, otherDatum: datum }),
    ...(encoding == null ? {} : { encoding }),
    map: { ...form.map, ...map },
  };
}
