/** Variables by which coding agents say that they are the ones who read. */
const VARIABLES = ['AI_AGENT', 'AGENT', 'CLAUDECODE', 'CODEX_SANDBOX', 'CURSOR_AGENT', 'GEMINI_CLI', 'OPENCODE'];

/** Whether an agent reads what is printed: `lines` then says the same as `human` in a tenth of the words. */
export const isReadByAgent = (env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean =>
  !isTTY && VARIABLES.some((name) => (env[name] ?? '') !== '');
