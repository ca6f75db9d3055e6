import type { Extractor } from '../facts.ts';
import { braces } from './braces.ts';
import { percents } from './percents.ts';
import { pug } from './pug.ts';
import type { TemplateFacts } from './template-facts.ts';

const MAX_OUTPUTS = 400;
const READERS: readonly (readonly [RegExp, (text: string) => TemplateFacts])[] = [
  [/\.(pug|jade)$/, pug],
  [/\.(ejs|eta)$/, percents],
  [/\.(hbs|handlebars|mustache|njk|nunjucks|twig|liquid)$/, braces],
];

/** Sources: https://ejs.co, https://pugjs.org, https://handlebarsjs.com, https://mozilla.github.io/nunjucks */
export const extract: Extractor<'template'> = ({ path, text }) => {
  const known = READERS.find(([name]) => name.test(path))?.[1];
  const read = known ?? (text.includes('<%') ? percents : braces);
  const { outputs, includes } = read(text);
  return {
    facts: { outputs: outputs.slice(0, MAX_OUTPUTS), includes: [...new Set(includes)].slice(0, MAX_OUTPUTS) },
    gaps: [],
  };
};
