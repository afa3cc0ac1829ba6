import fc from 'fast-check'
import * as v from 'valibot'
import type { AnyProcessor } from '../src/processor.ts'

/** What of a valibot schema tells which values it accepts. */
interface Shape {
  readonly type: string
  readonly pipe?: readonly Shape[]
  readonly requirement?: unknown
  readonly entries: Readonly<Record<string, Shape>>
  readonly wrapped: Shape
  readonly item: Shape
  readonly items: readonly Shape[]
  /** Of a picklist, its values; of a union, its schemas. */
  readonly options: readonly unknown[]
  readonly literal: unknown
}

export type Options = Readonly<Record<string, unknown>>

/** Names of images for the processors that open some. */
export type ImageNames = readonly [string, ...string[]]

/** What tells which options are accepted. */
type Definition = Pick<AnyProcessor['definition'], 'options' | 'complete'>

/** Options that are accepted: mostly small numbers, some at the very edges of what is accepted. */
export function validOptions(definition: Definition, images: ImageNames = ['mark']): fc.Arbitrary<Options> {
  const options = valuesOf(shapeOf(definition), images) as fc.Arbitrary<Options>
  return options.filter((written) => accepts(definition, written))
}

const anything = fc.constantFrom<unknown>(-1, 0.5, 70_000, 1e9, true, null, '', 'nothing', '#12', [0.3], {}, [[]])

/** Options that are refused: one that does not exist, or one that does with a value that it cannot have. */
export function invalidOptions(definition: Definition): fc.Arbitrary<Options> {
  const names = [...Object.keys(shapeOf(definition).entries), 'unknown']
  return fc
    .tuple(validOptions(definition), fc.constantFrom(...names), anything)
    .map(([options, name, value]) => ({ ...options, [name]: value }))
    .filter((written) => !accepts(definition, written))
}

function accepts({ options, complete }: Definition, written: Options): boolean {
  return v.is(options, complete ? complete(written) : written)
}

function shapeOf({ options }: Definition): Shape {
  return options as unknown as Shape
}

/** A schema's actions, and those of the schema that it goes on from. */
function actionsOf({ pipe = [] }: Shape): Shape[] {
  return pipe.flatMap((part) => [part, ...actionsOf(part)])
}

function valuesOf(shape: Shape, images: ImageNames): fc.Arbitrary<unknown> {
  const inside = (part: Shape) => valuesOf(part, images)
  switch (shape.type) {
    case 'strict_object':
      return fc.record(
        Object.fromEntries(Object.entries(shape.entries).map(([name, entry]) => [name, inside(entry)])),
        { requiredKeys: Object.keys(shape.entries).filter((name) => shape.entries[name]?.type !== 'optional') },
      )
    case 'optional':
      return inside(shape.wrapped)
    case 'union':
      return fc.oneof(...shape.options.map((option) => inside(option as Shape)))
    case 'strict_tuple':
      return fc.tuple(...shape.items.map(inside))
    case 'array':
      return fc.array(inside(shape.item), { maxLength: 4 })
    case 'picklist':
      return fc.constantFrom(...shape.options)
    case 'literal':
      return fc.constant(shape.literal)
    case 'boolean':
      return fc.boolean()
    case 'number':
      return numbersOf(shape)
    case 'string':
      return isColor(shape) ? colors : fc.constantFrom(...images)
    default:
      throw new Error(`Nobody has told yet which values a schema of type ${shape.type} accepts`)
  }
}

const digits = (count: number) => fc.nat(16 ** count - 1).map((value) => `#${value.toString(16).padStart(count, '0')}`)
const colors = fc.oneof(digits(3), digits(6), digits(8), fc.constantFrom('white', 'BLACK', 'transparent', '#ABCDEF'))

function isColor(shape: Shape): boolean {
  return actionsOf(shape).some(({ type }) => type === 'regex')
}

function numbersOf(shape: Shape): fc.Arbitrary<number> {
  const actions = actionsOf(shape)
  const bound = (type: string) => Number(actions.find((part) => part.type === type)?.requirement)
  const [least, most] = [bound('min_value'), bound('max_value')]
  const from = (start: number, reach: number) => ({ min: start, max: Math.min(most, start + reach) })
  const edges = { weight: 1, arbitrary: fc.constantFrom(least, most) }
  if (!actions.some(({ type }) => type === 'integer')) {
    return fc.oneof({ weight: 25, arbitrary: fc.double({ ...from(Math.max(least, -360), 720), noNaN: true }) }, edges)
  }
  // Of sizes and offsets inside of small pictures, as they are here.
  const start = Math.max(least, -6)
  return fc.oneof(
    { weight: 20, arbitrary: fc.integer(from(start, start > 0 ? 30 : 10)) },
    { weight: 4, arbitrary: fc.integer(from(start, 120)) },
    edges,
  )
}
