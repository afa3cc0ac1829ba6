import { type ImageCacheFile, isLatentImageError, type Kernel, type LatentImageError } from '@latent-image/kernel'
import { errors } from './errors.ts'
import { forEach } from './for-each.ts'
import { generateFile } from './generate-file.ts'
import type { Outcome } from './outcome.ts'

export interface GenerateFilesOptions {
  /** Patterns of generator ids; a file that several of them mean is generated once. */
  readonly patterns: readonly string[]
  /** How many files are in work at a time. */
  readonly concurrency: number
  /** Makes files anew that are there. */
  readonly force: boolean
  /** Generates nothing, but tells what would be. */
  readonly dryRun: boolean
  /** Once aborted, no further file is begun. */
  readonly signal: AbortSignal
}

/**
 * Generates the files of all source groups for some generators, and tells what came of each. No file's failure stops
 * the others; a source group that fails stops only its pattern.
 *
 * @throws UNKNOWN_PATTERN before anything is done.
 */
export async function generateFiles(
  kernel: Kernel,
  options: GenerateFilesOptions,
  tell: { outcome(outcome: Outcome): Promise<void>; failure(error: LatentImageError): Promise<void> },
): Promise<void> {
  const { patterns, concurrency, signal } = options
  for (const pattern of patterns) {
    if (kernel.generatorIds(pattern).length > 0) continue
    const known = kernel.generatorIds().map((id) => `\`${id}\``)
    throw errors.UNKNOWN_PATTERN({ pattern, known: known.join(', ') || 'none' })
  }
  for (const files of filesOf(kernel, patterns)) {
    try {
      await forEach(files, { concurrency, signal }, async (file) =>
        tell.outcome(await generateFile(kernel, file, options)),
      )
    } catch (error) {
      if (!isLatentImageError(error)) throw error
      await tell.failure(error)
    }
  }
}

/** How many files there are, or undefined where they cannot be counted: as quick as the source groups enumerate. */
export async function countFiles(
  kernel: Kernel,
  { patterns, signal }: Pick<GenerateFilesOptions, 'patterns' | 'signal'>,
): Promise<number | undefined> {
  let count = 0
  try {
    for (const files of filesOf(kernel, patterns)) {
      for await (const _ of files) {
        if (signal.aborted) return undefined
        count += 1
      }
    }
    return count
  } catch {
    // Whoever generates them meets the same failure, and reports it.
    return undefined
  }
}

/** For each pattern, the files that no earlier one means. */
function filesOf(kernel: Kernel, patterns: readonly string[]): AsyncIterable<ImageCacheFile>[] {
  async function* withoutEarlier(pattern: string, index: number): AsyncGenerator<ImageCacheFile> {
    const earlier = new Set(patterns.slice(0, index).flatMap((before) => kernel.generatorIds(before)))
    for await (const file of kernel.files(pattern)) if (!earlier.has(file.generator.id)) yield file
  }
  return patterns.map(withoutEarlier)
}
