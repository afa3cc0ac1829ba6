export { type ConformanceCase, type CreateDriver, defineCases, type Promises } from './conformance-case.ts'
