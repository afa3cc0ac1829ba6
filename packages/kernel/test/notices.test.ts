import { expect, test, vi } from 'vitest'
import { Queue, World } from './support/world.ts'

// A pause that only a notice can end.
vi.mock('node:timers/promises', () => ({
  setTimeout: (_milliseconds: number, _value: unknown, { signal }: { readonly signal: AbortSignal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
}))

test('work that is done in this process wakes those who wait for it', async () => {
  const queue = new Queue()
  const process = new World().process({ plugins: [queue] })
  await process.thumb().generate()
  const waiting = process.kernel.generation.wait(process.thumb().record, 60_000, ({ bytes }) => bytes === 'present')
  await queue.work()
  expect(await waiting).toMatchObject({ bytes: 'present' })
})

test('work that fails in this process wakes those who wait for it', async () => {
  const world = new World()
  const queue = new Queue()
  const process = world.process({ plugins: [queue] })
  world.sources.set('kim.jpg', 'broken')
  await process.thumb().generate()
  const waiting = process.kernel.generation.wait(process.thumb().record, 60_000, ({ failure }) => failure !== undefined)
  await expect(queue.work()).rejects.toMatchObject({ code: 'BROKEN' })
  expect(await waiting).toMatchObject({ failure: { code: 'BROKEN' } })
})
