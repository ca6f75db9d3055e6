import type { Language, Location, Tracked } from '../document/document.ts';
import type { SecretFact, SecretGrade } from '../facts/secrets/secret-fact.ts';
import { placeOf } from './place.ts';
import type { Place } from './place.ts';
import { defineView, present } from './view.ts';

/** The secrets written into the files of the project, as far as they are about to leave the machine or have left it. */
export interface Secrets {
  /** In path and position order; without those git ignores and those another scanner's comment allows. */
  readonly found: readonly FoundSecret[];
}

export interface FoundSecret extends SecretFact {
  readonly at: Location;
  readonly language: Language;
  readonly tracked: Tracked;
  readonly place: Place;
  /** What kind of file it is in, where that decides what to say of it. */
  readonly within: 'template' | 'dependencies' | 'dotenv' | 'elsewhere';
  /** How bad it is here: its own grade, less where it opens little. */
  readonly severity: SecretGrade;
  /** Where it lies, for a sentence: "is committed", "lies in a file git does not ignore". */
  readonly state: string;
}

/** The secrets of one document. */
export interface DocumentSecrets {
  readonly path: string;
  readonly language: Language;
  readonly tracked: Tracked;
  readonly secrets: readonly SecretFact[];
}

const STATES: Readonly<Record<Tracked, string>> = {
  tracked: 'is committed',
  untracked: 'lies in a file that is not ignored, so the next commit takes it along',
  ignored: 'lies in a file git ignores',
  unknown: 'is written into the file',
};

export const secrets = defineView({
  name: 'secrets',
  reads: [],
  needs: [],
  build: ({ secrets: secretsOfAll, today }) => {
    // what a deployment sends has rules of its own
    const written = (secretsOfAll?.() ?? []).filter(({ language }) => language !== 'http');
    const found = written.flatMap((document) =>
      document.secrets
        .filter(({ strength, allowed }) => strength !== 'word' && allowed !== true && document.tracked !== 'ignored')
        .map((secret) => foundIn(document, secret, today)),
    );
    return present({ found });
  },
});

function foundIn({ path, language, tracked }: DocumentSecrets, secret: SecretFact, today: Date): FoundSecret {
  const place = placeOf(path);
  return {
    ...secret,
    at: { path, start: secret.start, end: secret.end },
    language,
    tracked,
    place,
    within: secret.mode === 'local' && language === 'manifest' ? 'elsewhere' : withinOf(path, language, place),
    severity: severityIn(secret, path, place, tracked, today),
    state: STATES[tracked],
  };
}

function withinOf(path: string, language: Language, place: Place): FoundSecret['within'] {
  if (place === 'template') return 'template';
  if (language === 'lockfile' || language === 'manifest' || /(^|\/)\.gitmodules$/.test(path)) return 'dependencies';
  return language === 'dotenv' && place === 'product' ? 'dotenv' : 'elsewhere';
}

const GRADES: readonly SecretGrade[] = ['critical', 'high', 'medium', 'low', 'info'];
const lowered = (grade: SecretGrade, steps: number): SecretGrade =>
  GRADES[Math.min(GRADES.indexOf(grade) + steps, GRADES.length - 1)] ?? 'info';

/** Passwords of services that live as long as a job. */
const CI_FILE = /(^|\/)(\.github\/workflows\/|\.circleci\/|\.(gitlab-ci|travis|drone)[^/]*$|azure-pipelines[^/]*$)/;

/** The key of a certificate that no browser but the developer's trusts. */
const OF_ONE_MACHINE = /(^|\/)(localhost|127\.0\.0\.1)[\w.+-]*\.(pem|key|p12|pfx)$/;

function severityIn(secret: SecretFact, path: string, place: Place, tracked: Tracked, today: Date): SecretGrade {
  if (secret.mode === 'public') return 'info';
  if (secret.expires !== undefined && secret.expires * 1000 < today.getTime()) return 'info';
  const grade = secret.mode === 'test' || secret.mode === 'local' ? lowest(secret.grade, 'low') : secret.grade;
  const isLive = secret.strength === 'verified' && secret.kind === 'token';
  const beside = (place === 'test' || place === 'docs' || place === 'example' || OF_ONE_MACHINE.test(path)) && !isLive;
  const isOfCi = secret.kind === 'named' && CI_FILE.test(path);
  const ofTests =
    isOfCi || (beside && (secret.strength === 'guessed' || secret.kind === 'private-key' || secret.kind === 'url'));
  const here = ofTests ? lowest(grade, 'low') : lowered(grade, beside ? 1 : 0);
  return tracked === 'untracked' ? lowered(here, 1) : here;
}

const lowest = (a: SecretGrade, b: SecretGrade): SecretGrade => (GRADES.indexOf(a) > GRADES.indexOf(b) ? a : b);
