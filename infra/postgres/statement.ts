/** A statement that stays prepared under its name (at most 63 bytes) on whatever connection runs it. */
export type Statement = { readonly name: string; readonly text: string; readonly values: Array<unknown> }

/** Where statements are asked: on a connection in a snapshot (`asReader`), or each by itself (`readOnce`). */
export type Asked = { readonly query: (statement: Statement) => Promise<{ readonly rows: ReadonlyArray<unknown> }> }
