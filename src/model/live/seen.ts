import type { Responses } from '../responses.ts';
import { absent, present } from '../view.ts';
import type { Answer } from '../view.ts';
import type { Site } from './site.ts';

/** What of the responses a question is about; absent, for the reason given, where there is none of it. */
export function seenOf<T>(
  answer: Answer<Responses>,
  parts: (sites: readonly Site[]) => readonly T[],
  reason: string,
): Answer<readonly T[]> {
  if (answer.state !== 'present') return answer;
  const found = parts(answer.answer.sites);
  return found.length === 0 ? absent(reason) : present(found, answer.gaps);
}
