export { optimistic, optimistic as default } from './optimistic.ts'
