import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from './cache-file.ts';

// compiled code is kept from run to run where Node can (22.8 and later); with the user, not in a folder all share
if ('enableCompileCache' in nodeModule) {
  const enable = nodeModule.enableCompileCache as (folder: string) => unknown;
  enable(join(cacheFolder(), 'code'));
}

await import('./main.ts');
