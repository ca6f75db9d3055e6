/** What part of a repository a file belongs to, by its path: its own product, or something beside it. */
export type Place = 'product' | 'test' | 'docs' | 'example' | 'template';

const TEST_FOLDER =
  /^certification\/|(^|\/)(tests?|testing|__tests__|specs?|e2e|cypress|playwright|fixtures?|__fixtures__|mocks?|__mocks__|stubs?|testdata|test-data|test-?kit|bench|benchmarks?|conformance|[\w-]+-tests?|[\w-]*test-?suites?)\//i;
const TEST_FILE =
  /[._-](test|tests|spec|e2e|integration|story|stories|fixture|mock|bench)s?\.[\w.]+$|(^|\/)(cypress|playwright|jest|vitest|karma)\.config\.\w+$|(^|\/)(test|spec|mock)s?[._-][^/]*$|(^|\/)tests?\.\w+$/i;
const DOCS =
  /(^|\/)(docs?|documentation|website|www)\/|\.(md|mdx|markdown|rst|adoc|asciidoc|(?<!\/userlist\.)txt)$|(^|\/)(readme|changelog|contributing|license)[^/]*$/i;
const EXAMPLE = /(^|\/)((?:[\w-]+-)?examples?|samples?|demos?|tutorials?|playground|templates?|\.devcontainer)\//i;
const TEMPLATE = /[._-](example|sample|template|tmpl|tpl|dist|defaults?)(\.\w+)?$|(^|\/)(example|sample)[._-][^/]*$/i;
/** Settings a test run reads: `.env.test`, `config/test.json`. */
const TEST_SETTINGS =
  /(^|\/)\.env\.(test|testing|ci|e2e)(\.\w+)?$|(^|\/)(test|testing|ci|e2e)\.env$|(^|\/)config\/test\.\w+$/i;

export function placeOf(path: string): Place {
  if (TEMPLATE.test(path)) return 'template';
  if (TEST_FOLDER.test(path) || TEST_FILE.test(path) || TEST_SETTINGS.test(path)) return 'test';
  if (DOCS.test(path)) return 'docs';
  return EXAMPLE.test(path) ? 'example' : 'product';
}
