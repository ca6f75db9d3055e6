// What the contract of a rule refuses. `npm run types` is the test: an expectation that is not met is an error.
import { bad, defineRule, good } from './rule.ts';

const words = {
  ensures: 'Nothing.',
  severity: 'low',
  roles: ['any'],
  why: 'Nothing.',
  fix: 'Do nothing.',
  references: ['https://example.org/'],
} as const;
const examples = [bad('Found', { 'a.js': '«a»' }), good('Not found', { 'a.js': 'b' })] as const;

export const accepted = defineRule({
  ...words,
  id: 'config/accepted',
  control: 'config/shared',
  needs: ['roles'],
  examples,
  *check({ roles }) {
    if (roles.all.size === 0) yield { at: { path: 'a.js', start: 0, end: 1 }, message: 'Nothing.' };
  },
});

export const undeclaredView = defineRule({
  ...words,
  id: 'config/undeclared-view',
  needs: ['roles'],
  examples,
  // @ts-expect-error a check sees the views it declares and no other
  *check({ images }) {
    for (const { stage } of images.production) yield { at: stage.image, message: 'Nothing.' };
  },
});

export const unknownView = defineRule({
  ...words,
  id: 'config/unknown-view',
  // @ts-expect-error there is no such view
  needs: ['weather'],
  examples,
  check: () => [],
});

export const oneExample = defineRule({
  ...words,
  id: 'config/one-example',
  needs: ['roles'],
  // @ts-expect-error a rule shows what it must say and what it must not
  examples: [bad('Found', { 'a.js': '«a»' })],
  check: () => [],
});

export const noCategory = defineRule({
  ...words,
  // @ts-expect-error an id starts with its category
  id: 'no-category',
  needs: ['roles'],
  examples,
  check: () => [],
});

export const unknownCategory = defineRule({
  ...words,
  // @ts-expect-error a category is one of those the score knows
  id: 'style/indentation',
  needs: ['roles'],
  examples,
  check: () => [],
});

export const controlWithoutCategory = defineRule({
  ...words,
  id: 'config/control',
  // @ts-expect-error a control names the category that pays for it
  control: 'shared',
  needs: ['roles'],
  examples,
  check: () => [],
});

export const asynchronous = defineRule({
  ...words,
  id: 'config/asynchronous',
  needs: ['roles'],
  examples,
  // @ts-expect-error a check is pure: it has nothing to wait for
  check: async () => [],
});

export const unsafeReference = defineRule({
  ...words,
  id: 'config/unsafe-reference',
  // @ts-expect-error a reference is an https address
  references: ['http://example.org/'],
  needs: ['roles'],
  examples,
  check: () => [],
});
