import { type ImageSpec, imageSpec, imageSpecFromData, type SpecContent, type Step } from '@latent-image/spec'
import fc from 'fast-check'
import { standardProcessors } from '../src/processors/standard.ts'
import { animation, blue, plain, quarters, red } from './pictures.ts'
import { invalidContent, type RandomContent, type StepData, validContent } from './random-content.ts'

/** How a spec can be written down: with calls of processors, as a function that returns these, or as data. */
export const forms = ['calls', 'function', 'JSON'] as const
type Form = (typeof forms)[number]

/** A spec, and how it is to be written down. */
export interface RandomSpec {
  readonly content: RandomContent
  readonly form: Form
  readonly isValid: boolean
}

const images: Readonly<Record<string, Uint8Array>> = {
  mark: await plain(9, 5, { r: 10, g: 200, b: 90, alpha: 0.6 }).png().toBuffer(),
  photo: await quarters(40, 30).toColourspace('cmyk').withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  animation: await animation(6, 12, [red, blue]),
}

async function openImage(name: string): Promise<Uint8Array> {
  const image = images[name]
  if (!image) throw new Error(`There is no image ${name}`)
  return image
}

/** One in twelve is wrong on purpose, and says so. */
export const specs = fc
  .oneof(
    { weight: 11, arbitrary: validContent.map((content) => ({ content, isValid: true })) },
    { weight: 1, arbitrary: invalidContent.map((content) => ({ content, isValid: false })) },
  )
  .chain((spec) => fc.constantFrom(...forms).map((form): RandomSpec => ({ ...spec, form })))

/** Makes the spec, in its form or another. */
export function specOf({ content }: RandomSpec, form: Form): ImageSpec {
  if (form === 'JSON') return imageSpecFromData(JSON.parse(JSON.stringify(content)), { openImage })
  return form === 'calls' ? imageSpec(called(content), { openImage }) : imageSpec(() => called(content), { openImage })
}

function called(content: RandomContent): SpecContent {
  const { processors } = content
  return { ...content, ...(Array.isArray(processors) && { processors: processors.map(call) }) } as SpecContent
}

function call([name, options]: StepData): Step | StepData {
  const processor = standardProcessors.find(({ definition }) => definition.name === name)
  if (!processor) return [name, options]
  const { positional = [] } = processor.definition
  const others = Object.entries(options).filter(([option]) => !positional.includes(option))
  const values = positional.map((option) => options[option])
  return (processor as unknown as (...values: unknown[]) => Step)(...values, Object.fromEntries(others))
}
