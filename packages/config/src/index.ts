export { defineConfig } from './define-config.ts'
export { errors } from './errors.ts'
export { type LoadKernelOptions, loadKernel } from './load-kernel.ts'
