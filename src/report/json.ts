import type { AuditReport } from './audit-report.ts';
import { safeJson } from './safe.ts';

/** The report itself: what every other report is made from. */
export const json = (report: AuditReport): string => `${safeJson(report, 2)}\n`;
