import { isLatentImageError } from '@latent-image/kernel'
import { CommanderError } from 'commander'
import { interruptible } from './interruptible.ts'
import { createProgram } from './program.ts'
import { type Terminal, writeLine } from './terminal.ts'

/**
 * Runs the command line and resolves to the exit code: 0 all went well, 1 something failed, 2 the command or the config
 * is wrong, 128 and the number of the signal if one ended it.
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0
  const program = createProgram({
    async generate(options) {
      // Loaded only now: asking for help needs no kernel.
      const { generateCommand } = await import('./generate-command.ts')
      code = await interruptible(terminal, async (signal) =>
        (await generateCommand(options, terminal, signal)) ? 0 : 1,
      )
    },
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (isLatentImageError(error)) {
      await writeLine(terminal.err, error.message)
      return error.fault === 'caller' ? 2 : 1
    }
    await writeLine(terminal.err, error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  }
}
