export { type Config, defineConfig } from './define-config.ts'
export { errors } from './errors.ts'
export { kernelOf, type LoadConfigOptions, type LoadedConfig, loadConfig, loadKernel } from './load-config.ts'
