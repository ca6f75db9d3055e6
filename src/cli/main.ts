import { load } from '../load/load.ts';
import { audit } from '../engine/audit.ts';
import { rules } from '../../rules/index.ts';

const project = await load(process.argv[2] ?? '.');
const result = await audit(project, rules, { today: new Date() });
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
