import type { Storage } from '@latent-image/kernel'
import { type ConformanceCase, type CreateDriver, defineCases } from '../conformance-case.ts'
import { concurrencyPromises } from './concurrency-promises.ts'
import { contentPromises } from './content-promises.ts'
import { keyPromises } from './key-promises.ts'
import { listPromises } from './list-promises.ts'

/**
 * Every promise of the `Storage` contract, as cases for any test runner. `path` is optional: its cases hold where there is
 * none.
 *
 * @param create - Makes an empty storage.
 */
export function storageConformance(create: CreateDriver<Storage>): readonly ConformanceCase[] {
  return defineCases(create, { ...contentPromises, ...keyPromises, ...listPromises, ...concurrencyPromises })
}
