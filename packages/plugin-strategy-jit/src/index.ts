export { jit, jit as default } from './jit.ts'
