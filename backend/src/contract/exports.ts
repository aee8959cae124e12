import { z } from 'zod';

/** What can be had by the month, for other tools. */
export const exportedTables = ['events', 'spells', 'decisions'] as const;
export const ExportedTable = z.enum(exportedTables);
export type ExportedTable = z.infer<typeof ExportedTable>;

/** `GET /v1/exports/:table`: a month in UTC, of receipt (events, decisions) or beginning (spells), that has begun. */
export const ExportQuery = z.strictObject({
  month: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'must be a month such as 2026-11'),
  /** @default parquet */
  format: z.enum(['parquet', 'csv']).optional(),
});
export type ExportQuery = z.infer<typeof ExportQuery>;
