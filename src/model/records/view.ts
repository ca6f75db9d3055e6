import { resolversOf } from '../flows/resolvers.ts';
import { absent, defineView, present } from '../view.ts';
import { ownersIn } from './owned.ts';
import { takerOf } from './taken.ts';

export const records = defineView({
  name: 'records',
  reads: [],
  needs: ['program', 'flows', 'code'],
  build: (_, { program, flows, code }) => {
    if (program.state !== 'present' || flows.state !== 'present' || code.state !== 'present')
      return absent('There is no JavaScript or TypeScript to look at.');
    const taker = takerOf(program.answer, flows.answer, code.answer);
    let owners: ReturnType<typeof ownersIn> | undefined;
    return present({
      takenIn: taker.takenIn,
      ownerOf: (table) => (owners ??= ownersIn(program.answer, taker)).get(table),
      resolvers: resolversOf(program.answer),
    });
  },
});
