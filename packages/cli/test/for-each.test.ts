import { expect, test } from 'vitest'
import { forEach } from '../src/for-each.ts'

const never = new AbortController().signal

async function* numbers(count: number) {
  for (let number = 1; number <= count; number++) yield number
}

test('works on every item, a few at a time', async () => {
  const done: number[] = []
  let inWork = 0
  let most = 0
  await forEach(numbers(10), { concurrency: 3, signal: never }, async (number) => {
    most = Math.max(most, ++inWork)
    await new Promise(setImmediate)
    inWork -= 1
    done.push(number)
  })
  expect(done.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(most).toBe(3)
})

test('asks for no item before somebody is free to work on it', async () => {
  let asked = 0
  async function* items() {
    for (;;) yield ++asked
  }
  const controller = new AbortController()
  let worked = 0
  await forEach(items(), { concurrency: 2, signal: controller.signal }, async () => {
    worked += 1
    expect(asked).toBeLessThanOrEqual(worked + 2)
    if (worked === 100) controller.abort()
    await new Promise(setImmediate)
  })
  expect(asked).toBeLessThanOrEqual(worked + 1)
})

test('asks a stream one at a time', async () => {
  let pending = 0
  let most = 0
  let left = 5
  const items: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        most = Math.max(most, ++pending)
        await new Promise(setImmediate)
        pending -= 1
        return left-- > 0 ? { done: false, value: left } : { done: true, value: undefined }
      },
    }),
  }
  await forEach(items, { concurrency: 4, signal: never }, async () => {})
  expect(most).toBe(1)
})

test('ends the stream after an abort, once the work in hand has ended', async () => {
  const controller = new AbortController()
  let isEnded = false
  let finished = 0
  async function* items() {
    try {
      yield* numbers(1000)
    } finally {
      isEnded = true
    }
  }
  await forEach(items(), { concurrency: 2, signal: controller.signal }, async () => {
    controller.abort()
    await new Promise(setImmediate)
    finished += 1
  })
  expect(isEnded).toBe(true)
  expect(finished).toBeGreaterThan(0)
  expect(finished).toBeLessThanOrEqual(2)
})

test('throws what the stream throws, once the work in hand has ended', async () => {
  let finished = 0
  async function* items() {
    yield 1
    throw new Error('broken stream')
  }
  const run = forEach(items(), { concurrency: 2, signal: never }, async () => {
    await new Promise(setImmediate)
    finished += 1
  })
  await expect(run).rejects.toThrow('broken stream')
  expect(finished).toBe(1)
})
