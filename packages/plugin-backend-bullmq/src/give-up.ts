import type { Kernel } from '@latent-image/kernel'
import type { Order } from '@latent-image/plugin-backend-async'
import { errors } from './errors.ts'

/**
 * Has a file fail whose job brought down whoever worked on it: as long as that is believed, nobody schedules it again.
 *
 * Rejects with what is wrong with the file.
 */
export async function giveUp(kernel: Kernel, { file, token }: Order): Promise<void> {
  const { generator, source, params, name } = file
  // A generator without a source would run, and bring down this process as well.
  if (!source) return
  const error = errors.JOB_GIVEN_UP({ file: `\`${generator}\` of \`${source.name}\`` })
  const open = () => Promise.reject<Uint8Array>(error)
  const unreadable = kernel.file(generator, { source: { ...source, open }, params })
  if (unreadable.name === name) await kernel.produce(unreadable, { token })
}
