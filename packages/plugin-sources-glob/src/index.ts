export { errors } from './errors.ts'
export { globSources, globSources as default } from './glob-sources.ts'
export type { GlobSourcesOptions } from './options.ts'
