// Written by `pnpm sql:generate` from sql/queries and sql/migrations. Do not edit.

export interface Queries {
}

/** Name and ClickHouse type of the columns each query answered with when this file was written. */
export const queryColumns: Readonly<Record<string, readonly (readonly [name: string, type: string])[]>> = {
};
