export { type ImmediateOptions, immediate, immediate as default } from './immediate.ts'
