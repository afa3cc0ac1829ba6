import type { Namer } from '../contracts/generator.ts'

/** `CACHE/images/avatars/kim/<hash>.jpg`: the default. */
export const sourceNameAsPath: Namer = ({ prefix, shownName, hash, extension }) =>
  `${prefix}/${shownName}/${hash}.${extension}`

/** `CACHE/images/avatars/kim.<hash>.jpg`. */
export const sourceNameDotHash: Namer = ({ prefix, shownName, hash, extension }) =>
  `${prefix}/${shownName}.${hash}.${extension}`

/** `CACHE/images/<hash>.jpg`. */
export const hash: Namer = ({ prefix, hash, extension }) => `${prefix}/${hash}.${extension}`

export const namers = { sourceNameAsPath, sourceNameDotHash, hash }
