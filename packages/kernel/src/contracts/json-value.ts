/** What JSON carries faithfully: no functions, `undefined`, `NaN`, bigints, dates or class instances. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }
