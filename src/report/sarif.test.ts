import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import { CLEAN, SAMPLE, hostileReport } from './sample-report.ts';
import { sarif } from './sarif.ts';

const schemaFile = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const validate = new Ajv.default({
  strict: false,
  validateFormats: false,
  allErrors: true,
  // one pattern of the schema is none in Unicode mode
  unicodeRegExp: false,
}).compile(JSON.parse(readFileSync(schemaFile, 'utf8')));

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly partialFingerprints: Record<string, string>;
  readonly suppressions: readonly { readonly kind: string; readonly justification: string }[];
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object };
  }[];
  readonly codeFlows?: readonly { readonly threadFlows: readonly { readonly locations: readonly object[] }[] }[];
}

const runOf = (text: string): { results: readonly Result[]; tool: { driver: { rules: readonly { id: string }[] } } } =>
  JSON.parse(text).runs[0];

describe('sarif', () => {
  it.each([
    ['a run', SAMPLE],
    ['a clean run', CLEAN],
    ['a run of a hostile project', hostileReport()],
  ])('is valid for %s', (_, report) => {
    validate(JSON.parse(sarif(report)));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('is held to the schema', () => {
    expect(validate(JSON.parse(sarif(SAMPLE).replaceAll('"startLine"', '"firstLine"')))).toBe(false);
  });

  const { results, tool } = runOf(sarif(SAMPLE));

  it('names the rule of every result', () => {
    expect(results).toHaveLength(SAMPLE.findings.length);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it('keeps two findings of one line apart by a fingerprint of its own key', () => {
    const prints = results.map((result) => result.partialFingerprints['seaworthyFinding/v1']);
    expect(new Set(prints)).toEqual(new Set(SAMPLE.findings.map(({ fingerprint }) => fingerprint)));
  });

  it('has what is ignored as suppressed, with the reason', () => {
    const kinds = results.flatMap(({ suppressions }) => suppressions.map((one) => `${one.kind}: ${one.justification}`));
    expect(kinds).toEqual([
      'external: known when the baseline was written',
      'inSource: file comes from the list above',
    ]);
  });

  it('tells the way of a value as a code flow', () => {
    const flow = results.find(({ ruleId }) => ruleId === 'injection/sql')?.codeFlows?.[0];
    expect(flow?.threadFlows[0]?.locations).toHaveLength(2);
  });

  it('has relative addresses in which nothing is left to interpret', () => {
    const [result] = runOf(sarif(hostileReport('../a b?#%\uD800中'))).results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      'src/../a%20b%3F%23%25%EF%BF%BD%E4%B8%AD.js',
    );
  });
});
