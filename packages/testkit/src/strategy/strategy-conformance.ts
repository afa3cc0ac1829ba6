import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { LatentImageError, type Plugin } from '@latent-image/kernel'
import { assertBytes, assertFails } from '../assertions.ts'
import { type ConformanceCase, type CreateDriver, defineCases } from '../conformance-case.ts'
import { within } from '../eventually.ts'
import { createStrategyStage, info, name, newSource, oldSource, type StrategyStage } from './strategy-stage.ts'

/** What a strategy says of itself; it is held to it, in what it does and in what it leaves alone. */
export interface StrategyDeclaration {
  /** When a file that is not there is generated. */
  readonly generatesOn: readonly ('contentRequired' | 'existenceRequired' | 'sourceSaved')[]
  /** `exists()` is true of every file with a source, without a look at state or storage. @default false */
  readonly trusts?: boolean
  /** Files stay when their source is deleted. @default false */
  readonly keepsOrphans?: boolean
  /** Milliseconds that an answer may take. @default 10_000 */
  readonly patience?: number
}

/** A backend that accepts work, and never does it. */
const busyBackend: Plugin = {
  name: 'busy-backend',
  apply({ hooks }) {
    hooks.generate.tap('busy-backend', () => 'scheduled')
  },
}

/** What a strategy promises, as cases for any test runner. The kernel is a real one; all around it are fakes. */
export function strategyConformance(
  create: CreateDriver<Plugin>,
  { generatesOn, trusts = false, keepsOrphans = false, patience = 10_000 }: StrategyDeclaration,
): readonly ConformanceCase[] {
  const onContent = generatesOn.includes('contentRequired')
  const onExistence = generatesOn.includes('existenceRequired')
  const onSave = generatesOn.includes('sourceSaved')

  function onStage(play: (stage: StrategyStage) => Promise<void>, more: readonly Plugin[] = []) {
    return async (strategy: Plugin) => {
      const stage = await createStrategyStage([strategy, ...more])
      try {
        await within(patience, play(stage), 'the strategy has answered')
      } finally {
        await stage.kernel.close()
      }
    }
  }

  return defineCases(create, {
    'content is generated when it is required, if so declared': onStage(async ({ file, generator }) => {
      if (onContent) {
        assertBytes(await file.bytes(), generator.imageOf(oldSource), 'bytes()')
        assert.equal(await file.width(), 20, 'width()')
      } else {
        await assertFails('NOT_GENERATED', () => file.bytes(), 'bytes()')
        await assertFails('NOT_GENERATED', () => file.width(), 'width()')
      }
      assert.equal(generator.calls.generate, onContent ? 1 : 0, 'generations')
    }),

    'a file is generated when its existence is required, if so declared': onStage(
      async ({ file, generator, stored }) => {
        await file.url()
        assert.equal(generator.calls.generate, onExistence ? 1 : 0, 'generations')
        assert.equal((await stored()) !== undefined, onExistence, 'the file is in the storage after url()')
      },
    ),

    '`exists()` tells whether the file is there, unless it is declared to trust': onStage(
      async ({ file, storage, cache, generator }) => {
        assert.equal(await file.exists(), trusts || onExistence, 'exists() of an absent file')
        assert.equal(generator.calls.generate, onExistence ? 1 : 0, 'generations')
        if (!trusts || onExistence) return
        assert.equal(storage.calls.stat + cache.calls.get, 0, 'looks at state and storage of a strategy that trusts')
      },
    ),

    'a file is generated when its source is saved, if so declared': onStage(async ({ kernel, generator, stored }) => {
      const [result] = await kernel.sourceSaved(name, { for: '**' })
      const outcome = result && 'outcome' in result ? result.outcome : result?.error
      assert.equal(outcome, onSave ? 'generated' : 'absent', 'outcome of the absent file')
      assert.equal(generator.calls.generate, onSave ? 1 : 0, 'generations')
      assert.equal((await stored()) !== undefined, onSave, 'the file is in the storage after sourceSaved()')
    }),

    'no old bytes outlive the saving of their source': onStage(
      async ({ kernel, file, generator, originals, stored }) => {
        await file.generate()
        await originals.write(name, newSource, info)
        generator.gate.close()
        const found = kernel.sourceSaved(name, { for: '**' }).then(stored)
        await Promise.race([found, generator.gate.reached()])
        // Whoever does not wait for the generation is done now.
        await setTimeout(20)
        generator.gate.open()
        if ((await found) || onSave) assertBytes(await found, generator.imageOf(newSource), 'the stored bytes')
      },
    ),

    'the files of a deleted source are dropped, unless declared to be kept': onStage(async (stage) => {
      const { kernel, file, originals, stored } = stage
      await file.generate()
      await originals.delete(name)
      await kernel.sourceDeleted(name, { for: '**' })
      assert.equal((await stored()) !== undefined, keepsOrphans, 'the file is in the storage after sourceDeleted()')
    }),

    'what is known to be fresh costs neither generation nor storage': onStage(async ({ file, generator, storage }) => {
      await file.generate()
      storage.resetCalls()
      for (let view = 0; view < 3; view++) {
        assert.equal(await file.exists(), true, 'exists()')
        assert.equal(await file.width(), 20, 'width()')
        assert.ok(await file.describe(), 'describe()')
        await file.url()
      }
      const { url, ...others } = storage.calls
      assert.equal(generator.calls.generate, 1, 'generations')
      assert.deepEqual(others, { write: 0, read: 0, stream: 0, stat: 0, delete: 0, list: 0 }, 'calls of the storage')
    }),

    'why a file cannot be made is passed on': onStage(async ({ kernel, file, generator }) => {
      generator.failure = new LatentImageError('ON_STRIKE', 'The generator is on strike.', { fault: 'machine' })
      if (onContent) await assertFails('ON_STRIKE', () => file.bytes(), 'bytes()')
      if (onExistence) await assertFails('ON_STRIKE', () => file.url(), 'url()')
      if (!onSave) return
      const [result] = await kernel.sourceSaved(name, { for: '**' })
      const code = result && 'error' in result ? result.error.code : result?.outcome
      assert.equal(code, 'ON_STRIKE', 'sourceSaved()')
    }),

    'a fault passes': onStage(async ({ kernel, file, generator }) => {
      generator.failure = new Error('The machine has too much to do.')
      await file.exists()
      await file.describe()
      await file.bytes().catch(() => undefined)
      await kernel.sourceSaved(name, { for: '**' })
      generator.failure = undefined
      if (onSave) await kernel.sourceSaved(name, { for: '**' })
      if (onContent || onSave) assertBytes(await file.bytes(), generator.imageOf(oldSource), 'bytes() after the fault')
      else if (onExistence) assert.equal(await file.exists(), true, 'exists() after the fault')
    }),

    'nothing waits for work that is scheduled': onStage(
      async ({ kernel, file }) => {
        assert.equal(await file.exists(), trusts, 'exists()')
        assert.equal(await file.describe(), null, 'describe()')
        await file.url()
        await kernel.sourceSaved(name, { for: '**' })
      },
      [busyBackend],
    ),

    async 'one plugin object serves several kernels'(strategy) {
      const stages = [await createStrategyStage([strategy]), await createStrategyStage([strategy])] as const
      try {
        for (const { kernel, file, generator } of stages) {
          await file.bytes().catch(() => undefined)
          await file.exists()
          await kernel.sourceSaved(name, { for: '**' })
          assert.equal(generator.calls.generate > 0, generatesOn.length > 0, 'generations')
          await kernel.close()
        }
      } finally {
        for (const { kernel } of stages) await kernel.close()
      }
    },
  })
}
