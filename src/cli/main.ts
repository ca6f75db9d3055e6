import { CommanderError } from 'commander';
import { AuditError } from '../document/audit-error.ts';
import { programOf } from './program.ts';

// a reader that has seen enough (`audit | head`) is no error; the exit code still says what was found
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const program = programOf((code) => {
  process.exitCode = code;
});
program.exitOverride();
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof AuditError) {
    process.stderr.write(`audit: ${error.message}\n  ${error.advice}\n`);
    return error.exitCode;
  }
  process.stderr.write(`audit: This is a mistake of audit itself. Please report it.\n  ${traceOf(error)}\n`);
  return 3;
}

/** Where in our code it happened; a syntax error quotes the text it met, which is not ours to print. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Something was thrown that is no error.';
  const message = error instanceof SyntaxError ? '' : `: ${error.message.slice(0, 200)}`;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return [`${error.name}${message}`, ...frames.slice(0, 8)].join('\n');
}
