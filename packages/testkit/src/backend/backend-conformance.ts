import assert from 'node:assert/strict'
import type { ImageCacheFile, Plugin } from '@latent-image/kernel'
import { assertBytes } from '../assertions.ts'
import { type ConformanceCase, type CreateDriver, defineCases } from '../conformance-case.ts'
import { eventually, within } from '../eventually.ts'
import { systemError } from '../fakes/system-error.ts'
import { sampleBytes } from '../sample-bytes.ts'
import { type BackendStage, createBackendStage, info, nameOf, numbers } from './backend-stage.ts'

export interface BackendConformanceOptions {
  /** Milliseconds that a file may take. @default 10_000 */
  readonly patience?: number
  /** Whether the kernel that schedules a file also makes it, so that its `idle()` waits for it. @default true */
  readonly inProcess?: boolean
}

/** What a backend promises, as cases for any test runner. Kernel and state are real; storage and generators are fakes. */
export function backendConformance(
  create: CreateDriver<Plugin>,
  { patience = 10_000, inProcess = true }: BackendConformanceOptions = {},
): readonly ConformanceCase[] {
  const open = (backend: Plugin) => createBackendStage(backend, patience)
  const onStage = (play: (stage: BackendStage) => Promise<void>) => async (backend: Plugin) => {
    const stage = await open(backend)
    try {
      await play(stage)
    } finally {
      stage.good.gate.open()
      await stage.kernel.close()
    }
  }

  return defineCases(create, {
    'makes a file that has to be made': onStage(async ({ file, make, good }) => {
      await make(file(1))
      assertBytes(await file(1).bytes(), good.imageOf(sampleBytes(2)), 'bytes of the file')
    }),

    'answers `generated` only when the file is there': onStage(async ({ file, good, isThere }) => {
      good.gate.close()
      const answer = file(1).generate()
      let early: unknown
      answer.then(
        (outcome) => (early ??= outcome),
        (error) => (early ??= error),
      )
      await within(patience, good.gate.reached(), 'the generator was called')
      await new Promise(setImmediate)
      assert.ok(early === undefined || early === 'scheduled', `the answer was ${early} while the generator was at work`)
      good.gate.open()
      await within(patience, answer, 'generate() has answered')
      await eventually(() => isThere(file(1)), patience, 'the file is there')
    }),

    'makes every one of many files, once': onStage(async ({ file, make, good }) => {
      await Promise.all(numbers.flatMap((number) => [make(file(number)), make(file(number))]))
      assert.equal(good.calls.generate, numbers.length, 'calls of the generator')
      for (const number of numbers) {
        assertBytes(await file(number).bytes(), good.imageOf(sampleBytes(number + 1)), `bytes of file ${number}`)
      }
    }),

    'tells why a source can never become a file': onStage(async ({ kernel }) => {
      const file = kernel.file('bad', { source: nameOf(1) })
      const outcome = await within(patience, outcomeOf(file), 'generate() has answered')
      assert.ok(outcome === 'scheduled' || outcome === 'BAD_PICTURE', `generate() answered ${outcome}`)
      await eventually(async () => (await file.state()).state === 'failed', patience, 'the state is `failed`')
      const status = await file.state()
      assert.equal(status.state === 'failed' && status.failure.code, 'BAD_PICTURE', 'the reason in the state')
    }),

    'goes on after sources that can never become files': onStage(async ({ kernel, file, make }) => {
      const bad = numbers.map((number) => kernel.file('bad', { source: nameOf(number) }))
      const outcomes = Promise.all(bad.map((each) => outcomeOf(each)))
      await Promise.all(numbers.map((number) => make(file(number))))
      await within(patience, outcomes, 'generate() has answered for bad pictures')
      await make(kernel.file('second', { source: nameOf(1) }))
    }),

    'a fault of the machine passes': onStage(async ({ file, good, isThere }) => {
      good.failure = systemError('EMFILE')
      const outcomes = await within(
        patience,
        Promise.all(numbers.map((number) => outcomeOf(file(number)))),
        'generate() has answered during the fault',
      )
      for (const outcome of outcomes) assert.notEqual(outcome, 'generated', 'answer during the fault')
      await eventually(async () => good.calls.generate > 0, patience, 'the generator was called during the fault')
      good.failure = undefined
      const isMade = async () => {
        await outcomeOf(file(1))
        return isThere(file(1))
      }
      await eventually(isMade, patience, 'the file is there after the fault')
    }),

    'does no harm with work that was taken away': onStage(async ({ file, good, originals, isThere }) => {
      good.gate.close()
      const first = outcomeOf(file(1))
      await within(patience, good.gate.reached(), 'the generator was called')
      await originals.write(nameOf(1), sampleBytes(100, 7), info)
      const second = outcomeOf(file(1), true)
      // The first one's work has been taken away by then.
      await new Promise(setImmediate)
      good.gate.open()
      const answers = await within(patience, Promise.all([first, second]), 'generate() has answered')
      for (const answer of answers) assert.ok(answer === 'generated' || answer === 'scheduled', `answer ${answer}`)
      await eventually(() => isThere(file(1)), patience, 'the file is there')
      assertBytes(await file(1).bytes(), good.imageOf(sampleBytes(100, 7)), 'bytes after the source was replaced')
    }),

    'makes files whose sources are files': onStage(async ({ kernel, file, make, good }) => {
      // Their content is required first; a backend that makes files later has them only now.
      await Promise.all(numbers.map((number) => make(file(number))))
      await Promise.all(numbers.map((number) => make(kernel.file('second', { source: file(number) }))))
      assert.equal(good.calls.generate, numbers.length, 'calls of the first generator')
    }),

    'idle() waits for what was scheduled, if it is made in this process': onStage(async ({ kernel, file, isThere }) => {
      if (!inProcess) return
      await Promise.all(numbers.map((number) => file(number).generate()))
      await within(patience, kernel.idle(), 'idle() has resolved')
      for (const number of numbers) assert.ok(await isThere(file(number)), `file ${number} is missing when all is idle`)
    }),

    async 'one plugin object serves several kernels, each until it is closed'(backend) {
      const stages = [await open(backend), await open(backend)] as const
      try {
        for (const { file, make } of stages) await make(file(1))
        await within(patience, stages[0].kernel.close(), 'close() has resolved')
        await Promise.all(numbers.map((number) => stages[1].make(stages[1].file(number))))
      } finally {
        for (const { kernel } of stages) await kernel.close()
      }
    },
  })
}

/** What `generate` answers, or the code it rejects with. */
async function outcomeOf(file: ImageCacheFile, force = false): Promise<unknown> {
  try {
    return await file.generate({ force })
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}
