import type { Hooks, ImageCacheFile, Plugin } from '@latent-image/kernel'
import { describe } from 'vitest'
import { type CreateDriver, type StrategyDeclaration, strategyConformance } from '../src/index.ts'
import { type BrokenDrivers, testSuite } from './reject-broken-drivers.ts'

function strategy(tap: (hooks: Hooks) => void): CreateDriver<Plugin> {
  return () => ({ name: 'strategy', apply: ({ hooks }) => tap(hooks) })
}

type Decide = (file: ImageCacheFile) => Promise<unknown>
type StrategyHook = 'contentRequired' | 'existenceRequired' | 'sourceSaved' | 'sourceDeleted'

/** A strategy with these taps. */
function deciding(taps: Partial<Record<StrategyHook, Decide>>, isTrusting = false): CreateDriver<Plugin> {
  return strategy((hooks) => {
    for (const [hook, decide] of Object.entries(taps)) hooks[hook as StrategyHook].tapPromise('strategy', decide)
    if (isTrusting) hooks.verifyExistence.tap('strategy', () => false)
  })
}

const generate: Decide = (file) => file.generate()
const force: Decide = (file) => file.generate({ force: true })
const swallow: Decide = (file) => file.generate().catch(() => undefined)
const nothing: Decide = async () => undefined

/** Asks until the file is there. */
const insist: Decide = async (file) => {
  while ((await file.generate()) === 'scheduled') await new Promise((resolve) => setTimeout(resolve, 5).unref())
}

/** Does not wait until the file is there. */
const impatient: Decide = (file) => Promise.race([swallow(file), new Promise(setImmediate)])

/** Tries once, and never again. */
function discouraged(): Decide {
  const tried = new WeakSet<object>()
  return async (file) => {
    if (tried.has(file.generator)) return
    tried.add(file.generator)
    await file.generate()
  }
}

/** Works in the first kernel that it is applied in. */
function exclusive(create: CreateDriver<Plugin>): CreateDriver<Plugin> {
  return async (defer) => {
    const plugin = await create(defer)
    let isTaken = false
    return {
      name: plugin.name,
      apply(scope) {
        if (!isTaken) plugin.apply(scope)
        else scope.hooks.contentRequired.tapPromise('strategy', nothing)
        isTaken = true
      },
    }
  }
}

function testStrategies(declaration: StrategyDeclaration, good: CreateDriver<Plugin>, broken: BrokenDrivers<Plugin>) {
  testSuite((create, patience) => strategyConformance(create, { ...declaration, patience }), good, broken)
}

describe('just in time', () => {
  const taps = { contentRequired: generate, existenceRequired: generate }
  const good = deciding(taps)
  testStrategies({ generatesOn: ['contentRequired', 'existenceRequired'] }, good, {
    'content is generated when it is required, if so declared': [
      deciding({ existenceRequired: generate }),
      deciding({ ...taps, contentRequired: force }),
    ],
    'a file is generated when its existence is required, if so declared': [deciding({ contentRequired: generate })],
    '`exists()` tells whether the file is there, unless it is declared to trust': [
      deciding({ contentRequired: generate }),
      deciding({ contentRequired: generate }, true),
    ],
    'a file is generated when its source is saved, if so declared': [deciding({ ...taps, sourceSaved: generate })],
    'no old bytes outlive the saving of their source': [deciding({ ...taps, sourceSaved: impatient })],
    'the files of a deleted source are dropped, unless declared to be kept': [
      deciding({ ...taps, sourceDeleted: nothing }),
    ],
    'what is known to be fresh costs neither generation nor storage': [
      deciding({ ...taps, contentRequired: force }),
      deciding({ ...taps, existenceRequired: (file) => file.bytes() }),
    ],
    'why a file cannot be made is passed on': [
      deciding({ ...taps, contentRequired: swallow }),
      deciding({ ...taps, existenceRequired: swallow }),
      deciding({
        ...taps,
        contentRequired: (file) => file.generate().catch(() => Promise.reject(new Error('It failed.'))),
      }),
    ],
    'a fault passes': [deciding({ contentRequired: discouraged(), existenceRequired: swallow })],
    'nothing waits for work that is scheduled': [deciding({ contentRequired: generate, existenceRequired: insist })],
    'one plugin object serves several kernels': [exclusive(good)],
  })
})

describe('on save, with trust, and orphans kept', () => {
  const taps = { sourceSaved: generate, sourceDeleted: nothing }
  const good = deciding(taps, true)
  testStrategies({ generatesOn: ['sourceSaved'], trusts: true, keepsOrphans: true }, good, {
    'content is generated when it is required, if so declared': [
      deciding({ ...taps, contentRequired: generate }, true),
    ],
    'a file is generated when its existence is required, if so declared': [
      deciding({ ...taps, existenceRequired: generate }, true),
    ],
    '`exists()` tells whether the file is there, unless it is declared to trust': [
      deciding(taps),
      strategy((hooks) => hooks.verifyExistence.tap('strategy', () => Promise.resolve(false) as unknown as boolean)),
      deciding({ ...taps, existenceRequired: (file) => file.state() }, true),
    ],
    'a file is generated when its source is saved, if so declared': [
      deciding({ sourceDeleted: nothing }, true),
      deciding({ ...taps, sourceSaved: nothing }, true),
    ],
    'no old bytes outlive the saving of their source': [
      deciding({ ...taps, sourceSaved: nothing }, true),
      deciding({ ...taps, sourceSaved: impatient }, true),
    ],
    'the files of a deleted source are dropped, unless declared to be kept': [
      deciding({ sourceSaved: generate }, true),
      deciding({ ...taps, sourceDeleted: (file) => file.delete() }, true),
    ],
    'what is known to be fresh costs neither generation nor storage': [
      deciding({ ...taps, existenceRequired: (file) => file.bytes() }, true),
    ],
    'why a file cannot be made is passed on': [deciding({ ...taps, sourceSaved: swallow }, true)],
    'a fault passes': [deciding({ ...taps, sourceSaved: discouraged() }, true)],
    'nothing waits for work that is scheduled': [deciding({ ...taps, sourceSaved: insist }, true)],
    'one plugin object serves several kernels': [exclusive(good)],
  })
})
