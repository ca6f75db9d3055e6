import type { ReportedPlace } from './audit-report.ts';
import { printable } from './safe.ts';

/** `path:line:column`, as editors and terminals open it. */
export const placeText = ({ path, start }: ReportedPlace): string => `${printable(path)}:${start.line}:${start.column}`;
