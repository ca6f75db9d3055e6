/**
 * What a licence asks of those who run the package in a service: `network`: to offer the source of the service to its
 * users (AGPL §13, SSPL §13); `limited`: not for production or not for commerce; `closed`: nobody has been given a right.
 */
export type LicenseDemand = 'network' | 'limited' | 'closed';

/**
 * Of an SPDX expression, or of the older spellings that are no identifiers. Undefined for licences that ask nothing of a
 * service, and for what is not known. Source: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export function licenseDemandOf(expression: string): LicenseDemand | undefined {
  const words = expression.slice(0, 300).match(/[()]|[^\s()]+(?: (?!AND\b|OR\b|WITH\b)[^\s()]+)*/gi) ?? [];
  return choiceOf(words.values(), 0);
}

const MAX_DEPTH = 20;

/** Of alternatives the user takes the one that asks least; of licences that hold together the strictest counts. */
function choiceOf(words: Iterator<string>, depth: number): LicenseDemand | undefined {
  const alternatives: (LicenseDemand | undefined)[] = [];
  let together: (LicenseDemand | undefined)[] = [];
  let isException = false;
  for (let next = words.next(); !next.done && next.value !== ')'; next = words.next()) {
    const word = next.value;
    if (isException) isException = false;
    else if (/^and$/i.test(word)) continue;
    else if (/^with$/i.test(word)) isException = true;
    else if (/^or$/i.test(word)) {
      alternatives.push(strictestOf(together));
      together = [];
    } else together.push(word === '(' ? (depth < MAX_DEPTH ? choiceOf(words, depth + 1) : undefined) : demandOf(word));
  }
  alternatives.push(strictestOf(together));
  return alternatives.includes(undefined) ? undefined : ORDER.find((demand) => alternatives.includes(demand));
}

const ORDER: readonly LicenseDemand[] = ['network', 'limited', 'closed'];

const strictestOf = (demands: readonly (LicenseDemand | undefined)[]): LicenseDemand | undefined =>
  ORDER.findLast((demand) => demands.includes(demand));

function demandOf(license: string): LicenseDemand | undefined {
  if (/^(?:GNU )?(?:AGPL|Affero)|^SSPL|Affero General Public/i.test(license)) return 'network';
  if (
    /^(?:BUSL|BSL-1\.1|PolyForm-(?:Noncommercial|Internal|Strict|Small|Free-Trial)|Prosperity)|^CC-BY-NC/i.test(license)
  ) {
    return 'limited';
  }
  return /^(?:UNLICENSED|Proprietary|Commercial)$/.test(license) ? 'closed' : undefined;
}
