import fc from 'fast-check'
import { type RandomSource, wholeSources } from './random-pictures.ts'

const whole = fc.constantFrom(...(await wholeSources()))

type Mutation = (source: RandomSource) => { readonly how: string; readonly data: Buffer }

const flips = (within: number): fc.Arbitrary<Mutation> =>
  fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 8 }).map((places) => (source) => {
    const data = Buffer.from(source.data)
    const flipped = places.map(([place, bit]) => [place % Math.min(within, data.length), bit] as const)
    for (const [at, bit] of flipped) data[at] = (data[at] ?? 0) ^ (1 << bit)
    return { how: `bits ${flipped.map(([at, bit]) => `${at}.${bit}`).join(' ')} flipped`, data }
  })

const headerBytes: fc.Arbitrary<Mutation> = fc
  .array(fc.tuple(fc.nat(99), fc.nat(255)), { minLength: 1, maxLength: 4 })
  .map((changes) => (source) => {
    const data = Buffer.from(source.data)
    for (const [at, value] of changes) data[at % data.length] = value
    return { how: `header bytes changed to ${JSON.stringify(changes)}`, data }
  })

const share = fc.double({ min: 0, max: 1, noNaN: true })

const cut: fc.Arbitrary<Mutation> = share.map((part) => ({ data }) => {
  const length = Math.floor(data.length * part)
  return { how: `cut after ${length} bytes`, data: data.subarray(0, length) }
})

const spliced: fc.Arbitrary<Mutation> = fc.tuple(whole, share, share).map(([other, from, to]) => ({ data }) => {
  const [end, start] = [Math.floor(data.length * from), Math.floor(other.data.length * to)]
  const joined = Buffer.concat([data.subarray(0, end), other.data.subarray(start)])
  return { how: `from ${end} on as the ${other.name} from ${start} on`, data: joined }
})

const mutated = fc
  .tuple(whole, fc.oneof(flips(64), flips(1e6), headerBytes, cut, spliced))
  .map(([source, mutate]): RandomSource => {
    const { how, data } = mutate(source)
    return { name: `${source.name}, ${how}`, kind: source.kind, isWhole: data.equals(source.data), data }
  })

const randomBytes = fc
  .tuple(fc.uint8Array({ maxLength: 200 }), fc.option(whole))
  .map(([bytes, source]): RandomSource => {
    // With the beginning of a picture they get further.
    const data = Buffer.concat([source ? source.data.subarray(0, 16) : Buffer.alloc(0), bytes])
    return { name: `bytes ${data.toString('hex')}`, kind: 'random', isWhole: false, data }
  })

/** Mostly whole pictures; every fourth is not one any more, or never was. */
export const sources = fc
  .oneof({ weight: 15, arbitrary: whole }, { weight: 4, arbitrary: mutated }, { weight: 1, arbitrary: randomBytes })
  .map((source) => Object.assign({ ...source }, { [fc.toStringMethod]: () => source.name }))
