/** What a rescue team is trained for, in the words of the catalogue. Pure. */
import { inSentence, message, type Key, type Lang } from './catalogue';

/** Data says it by a code or in words of either language, and not always in the catalogue's own. */
const ALSO = {
  'specialty.chemical': ['chemical', 'chemicals', 'hazmat', 'hazardous materials', 'dangerous goods', '危化品', '危化', '化学品', '化学救援', '化工'],
  'specialty.fire': ['fire', 'firefighting', 'fire and rescue', '消防救援', '灭火'],
  'specialty.wildfire': ['wildfire', 'forest fire', '森林消防', '森林灭火', '森林火灾'],
  'specialty.medical': ['medical', 'medicine', 'ambulance', '医疗', '卫生', '急救'],
  'specialty.water': ['water', 'flood', 'flood rescue', 'swift water', '水上', '水域', '水上救援', '抗洪', '防汛'],
  'specialty.mountain': ['mountain', 'cave', '山地', '山岳', '山地救援'],
  'specialty.mine': ['mine', 'mining', '矿山', '矿山救援'],
  'specialty.earthquake': ['earthquake', 'collapse', 'usar', 'urban search and rescue', '地震', '地震救援', '建筑坍塌'],
  'specialty.landslide': ['landslide', 'geological', 'geology', '地质灾害', '地质', '滑坡'],
  'specialty.engineering': ['engineering', '工程', '道路抢修', '抢险'],
  'specialty.general': ['general', 'comprehensive', '综合', '综合应急'],
} as const satisfies Partial<Record<Key, readonly string[]>>;

const normal = (text: string): string => text.trim().toLowerCase().replaceAll(/[\s_-]+/g, ' ');

const KEYS = new Map<string, Key>(
  (Object.keys(ALSO) as (keyof typeof ALSO)[]).flatMap((key) =>
    [message('zh', key), message('en', key), ...ALSO[key]].map((said) => [normal(said), key] as const),
  ),
);

/** Where one value says several. */
const BETWEEN = /[、，,;；/／]/;

/** A specialty as data says it, in a language where all of it is known, else as it stands. */
export function specialtyText(lang: Lang, said: string): string {
  const keys = said.split(BETWEEN).map((part) => KEYS.get(normal(part)));
  const known = keys.filter((key) => key !== undefined);
  if (known.length < keys.length) return said;
  const words = known.map((key) => message(lang, key));
  return words.map((word, i) => (i === 0 ? word : inSentence(lang, word))).join(lang === 'zh' ? '、' : ', ');
}
