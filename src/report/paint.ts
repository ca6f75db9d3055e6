import { Chalk } from 'chalk';
import type { Severity } from './category.ts';

/** Styles for a terminal. Only the sixteen colours its theme defines, so that dark and light themes both read well. */
export interface Paint {
  readonly severity: Readonly<Record<Severity, (text: string) => string>>;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly code: (text: string) => string;
  readonly place: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  /** Lines of Markdown: code spans in their colour, or with their backticks where there is no colour. */
  readonly markdown: (text: string) => string;
}

export function paintOf(color: boolean): Paint {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    severity: {
      critical: chalk.red.bold.inverse,
      high: chalk.red.bold,
      medium: chalk.yellow.bold,
      low: chalk.cyan,
      info: chalk.dim,
    },
    strong: chalk.bold,
    faint: chalk.dim,
    code: chalk.cyan,
    place: chalk.underline,
    good: chalk.green.bold,
    bad: chalk.red.bold,
    markdown: (text) => {
      const plain = text.replaceAll(/\*\*([^*]+)\*\*/g, '$1');
      return color ? plain.replaceAll(/`([^`]+)`/g, (_, code: string) => chalk.cyan(code)) : plain;
    },
  };
}
