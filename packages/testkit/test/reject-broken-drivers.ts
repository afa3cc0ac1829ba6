import type { ConformanceCase, CreateDriver } from '@latent-image/testkit'
import { describe, expect, test } from 'vitest'

/** Drivers broken on purpose, by the name of the promise that each of them breaks. */
export type BrokenDrivers<Driver> = Readonly<Record<string, readonly CreateDriver<Driver>[]>>

/** A suite whose cases wait so many milliseconds, if they wait at all: a good driver may take its time. */
type Suite<Driver> = (create: CreateDriver<Driver>, patience: number) => readonly ConformanceCase[]

const patienceWithGood = 10_000
const patienceWithBroken = 300

/** Tests that a suite passes on a good driver, has a broken one for each promise, and rejects every one of those. */
export function testSuite<Driver>(
  suite: Suite<Driver>,
  good: CreateDriver<Driver>,
  broken: BrokenDrivers<Driver>,
): void {
  describe('a good driver', () => {
    for (const { name, run } of suite(good, patienceWithGood)) test(`keeps: ${name}`, run)
  })

  test('there is a broken driver for each promise', () => {
    expect(Object.keys(broken).sort()).toEqual(
      suite(good, patienceWithGood)
        .map(({ name }) => name)
        .sort(),
    )
  })

  describe('a broken driver', () => {
    for (const [promise, drivers] of Object.entries(broken)) {
      for (const [index, create] of drivers.entries()) {
        test(`is rejected by: ${promise} (${index + 1})`, async () => {
          const found = suite(create, patienceWithBroken).find(({ name }) => name === promise)
          await expect(found?.run()).rejects.toMatchObject({ code: 'ERR_ASSERTION' })
        })
      }
    }
  })
}
